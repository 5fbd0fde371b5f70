"""Services that answer the gateway from a few facts that a test sets: a fake of the port `Asking`, no broker behind it."""

from datetime import timedelta
from typing import Any, TypeVar, cast

from shared.contract import answers, commands, questions
from shared.contract.answers import Answer
from shared.contract.asks import Ask
from shared.contract.declaration import Declaration
from shared.contract.passport import Bearer, Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role, UnpaidYear
from tests.clients.gateway import samples

A = TypeVar("A", bound=Answer)
K = TypeVar("K", bound=Ask[Any])

MANAGER = frozenset({Role.MANAGER})
PASSPORTS = {
    "member-session": Passport(bearer=Bearer.MEMBER, subject=samples.MEMBER),
    "manager-session": Passport(
        bearer=Bearer.OFFICER, subject="maryam", roles=MANAGER, provinces=frozenset({"isfahan", "yazd"})
    ),
    "finance-session": Passport(
        bearer=Bearer.OFFICER, subject="reza", roles=frozenset({Role.FINANCE}), provinces=frozenset({"isfahan"})
    ),
    "colleague-session": Passport(
        bearer=Bearer.OFFICER,
        subject="sara",
        roles=frozenset({Role.FINANCE, Role.MANAGER}),
        provinces=frozenset({"isfahan"}),
    ),
    "admin-session": Passport(bearer=Bearer.OFFICER, subject="admin", roles=frozenset({Role.ADMIN})),
}

OFFICERS = {"maryam": "مریم تهرانی", "reza": "رضا کاشانی", "sara": "سارا یزدی", "root": "مدیر سامانه"}


class FakeServices:
    """Answers each ask from its attributes; remembers what was asked with which passport; refuses what it is told to."""

    statement: answers.Statement | None = None
    """A file of the bank, where it is another than the one that is handed over."""
    statements: tuple[answers.Statement, ...] = ()
    failure: Exception | None = None

    def __init__(self) -> None:
        self.asked: list[tuple[Ask[Any], str | None]] = []
        self.refusals: dict[type[Ask[Any]], Refused] = {}
        self.challenge_needed = True
        self.hours_are_known = True
        self.card = samples.card()
        self.renewal: answers.Renewal | None = None
        self.last_declaration: Declaration | None = None
        self.draft: answers.Draft | None = None
        self.invoices: tuple[answers.Invoice, ...] = ()
        self.bank_says: tuple[answers.Invoice | None, bool] = (None, True)
        self.capacity: answers.Capacity | None = None
        self.result = samples.payment_result("paid")
        self.units = answers.JobUnits(units=(15000,), employment_units=24000, ceiling_units=72000)
        self.what_if = samples.what_if()
        self.acts: tuple[answers.PolicyAct, ...] = ()
        self.link = samples.check_link()
        self.checked = samples.checked()
        self.band = answers.CapacityBand(year=samples.YEAR, status="active", left="under_half")
        self.mines: tuple[answers.ContestedMine, ...] = ()
        self.over_use: tuple[answers.Capacity, ...] = ()
        self.desk: tuple[answers.Renewal, ...] = ()
        self.days: tuple[answers.CalendarDay, ...] = ()
        self.tasks: tuple[answers.MoneyTask, ...] = ()
        self.receipt = samples.receipt()
        self.unpaid_years: tuple[UnpaidYear, ...] = ()
        self.estimate: dict[str, Any] = {}
        self.alerts: tuple[answers.Alert, ...] = (samples.alert(),)
        self.balance = samples.balance()
        self.bank_day = samples.bank_day()
        self.health = answers.BankHealth(bank="zarinpal", is_up=True, answered_at=samples.NOW)

    def __call__(self, ask: Ask[A], passport: str | None = None, service: str | None = None) -> A:
        assert passport != "", "an empty passport would be taken for none"
        assert service or ask.service
        self.asked.append((ask, passport))
        if self.failure is not None and not isinstance(ask, commands.IssuePassport):
            raise self.failure
        if type(ask) in self.refusals:
            raise self.refusals[type(ask)]
        return cast("A", ANSWERS[type(ask)](self, ask))

    def fail(self, error: Exception) -> None:
        """Fail with a bug's error from now on, once it is known who asks."""
        self.failure = error

    def refuse(self, kind: type[Ask[Any]], reason: Reason, details: dict[str, str] | None = None) -> None:
        """Refuse every ask of a kind from now on."""
        self.refusals[kind] = Refused(reason, details)

    def sent(self, kind: type[K]) -> list[K]:
        """Every ask of a kind that came, in order."""
        return [ask for ask, _ in self.asked if isinstance(ask, kind)]

    def passport_of(self, kind: type[Ask[Any]]) -> str | None:
        """With which passport the last ask of a kind came."""
        return [passport for ask, passport in self.asked if isinstance(ask, kind)][-1]


def sign_in(services: FakeServices, ask: Any) -> Answer:
    session = "member-session" if ask.bearer == "member" else "manager-session"
    expires_at = samples.NOW + timedelta(hours=1)
    return answers.Session(token=session, passport=PASSPORTS[session], expires_at=expires_at)


def issue_passport(services: FakeServices, ask: Any) -> Answer:
    session = ask.session.get_secret_value()
    if session not in PASSPORTS:
        raise Refused(Reason.NOT_SIGNED_IN)
    expires_at = samples.NOW + timedelta(minutes=5)
    return answers.SignedPassport(token=f"passport of {session}", passport=PASSPORTS[session], expires_at=expires_at)


def new_challenge(services: FakeServices, ask: Any) -> Answer:
    in_a_while = samples.NOW + timedelta(minutes=5)
    return answers.Challenge(challenge_id=samples.ATTEMPT, image_png=samples.PIXEL, expires_at=in_a_while, hint="48213")


def office_hours(services: FakeServices, ask: Any) -> Answer:
    opens, closes = samples.NOW - timedelta(hours=1), samples.NOW + timedelta(hours=3)
    return answers.OfficeHours(
        open_now=True, opens_at=opens, closes_at=closes, review_due_at=closes, is_known=services.hours_are_known
    )


def member_renewal(services: FakeServices, ask: Any) -> Answer:
    return answers.MemberRenewal(
        current_year=samples.YEAR,
        renewal=services.renewal,
        last_declaration=services.last_declaration,
        draft=services.draft,
        unpaid_years=services.unpaid_years,
    )


def keep_draft(services: FakeServices, ask: Any) -> Answer:
    services.draft = answers.Draft(fields=ask.fields, kept_at=samples.NOW)
    return answers.Done()


def request_renewal(services: FakeServices, ask: Any) -> Answer:
    services.renewal = samples.renewal("requested")
    return services.renewal


def decided(services: FakeServices, ask: Any) -> Answer:
    assert services.renewal is not None
    return services.renewal


def list_desk(services: FakeServices, ask: Any) -> Answer:
    of_status = tuple(one for one in services.desk if one.status == ask.status)
    return answers.Desk(renewals=of_status[ask.offset : ask.offset + ask.limit], total=len(of_status), overdue=1)


def list_payments(services: FakeServices, ask: Any) -> Answer:
    went_back = {one.year for one in services.invoices if one.reversed_at and one.status == "open"}
    wanted = ("open", went_back) if ask.status == "reversed" else (ask.status, {one.year for one in services.invoices})
    found = tuple(one for one in services.invoices if one.status == wanted[0] and one.year in wanted[1])
    return answers.Payments(invoices=found, total=len(found))


def list_money_tasks(services: FakeServices, ask: Any) -> Answer:
    wanted = tuple(one for one in services.tasks if ask.member in {None, one.member})
    return answers.MoneyTasks(tasks=wanted[ask.offset : ask.offset + ask.limit], total=len(wanted))


def moved(services: FakeServices, ask: Any) -> Answer:
    """An officer's word about money was taken."""
    return next(one for one in services.invoices if one.year == ask.year)


def statement(services: FakeServices, ask: Any) -> Answer:
    """Any step of handing a statement over."""
    opened = services.sent(commands.OpenStatement)[-1] if services.sent(commands.OpenStatement) else None
    if services.statement is not None:
        return services.statement
    is_counted = isinstance(ask, commands.CountStatement)
    return answers.Statement(
        statement=ask.statement,
        status="counted" if is_counted else "open",
        lines=opened.lines if opened else 3,
        lines_here=opened.lines if opened else 3,
        total_rials=opened.total_rials if opened else 1,
    )


def start_payment(services: FakeServices, ask: Any) -> Answer:
    url = f"http://127.0.0.1:8001/pg/StartPay/{samples.AUTHORITY}"
    return answers.PaymentPage(attempt=samples.ATTEMPT, redirect_url=url)


def get_capacity(services: FakeServices, ask: Any) -> Answer:
    if services.capacity is None:
        raise Refused(Reason.NO_CAPACITY)
    return services.capacity


def explain_capacity(services: FakeServices, ask: Any) -> Answer:
    if services.capacity is None:
        raise Refused(Reason.NO_CAPACITY)
    return answers.Explanation(capacity=services.capacity, lines=samples.lines())


def list_over_use(services: FakeServices, ask: Any) -> Answer:
    page = services.over_use[ask.offset : ask.offset + ask.limit]
    return answers.OverUse(capacities=page, total=len(services.over_use))


def estimate_fee(services: FakeServices, ask: Any) -> Answer:
    about = {"year": ask.year, "member_class": ask.member_class, "amount_rials": 9_000_000}
    return answers.FeeEstimate.model_validate(about | services.estimate)


def names(services: FakeServices, ask: Any) -> Answer:
    full_name = f"{services.card.first_name} {services.card.last_name}"
    return answers.MemberNames(names=dict.fromkeys(ask.members, full_name))


def check_payment(services: FakeServices, ask: Any) -> Answer:
    invoice = next(one for one in services.invoices if one.year == ask.year)
    learnt, is_certain = services.bank_says
    return answers.CheckedPayment(invoice=learnt or invoice, is_certain=is_certain)


def officer_names(services: FakeServices, ask: Any) -> Answer:
    return answers.OfficerNames(names={one: name for one, name in OFFICERS.items() if one in ask.officers})


ANSWERS: dict[type[Any], Any] = {
    commands.NewChallenge: new_challenge,
    commands.SignIn: sign_in,
    commands.SignOut: lambda _services, _ask: answers.Done(),
    commands.IssuePassport: issue_passport,
    commands.SetPassword: lambda _services, _ask: answers.Done(),
    commands.RequestRenewal: request_renewal,
    commands.SubmitDeclaration: decided,
    commands.KeepDraft: keep_draft,
    commands.WithdrawRenewal: decided,
    commands.ReturnRenewal: decided,
    commands.RejectRenewal: decided,
    commands.ApproveRenewal: decided,
    commands.SetCalendarDay: lambda _services, _ask: answers.Done(),
    commands.StartPayment: start_payment,
    commands.VerifyPayment: lambda services, _ask: services.result,
    commands.CheckPayment: check_payment,
    commands.ConfirmPayment: lambda services, _ask: services.invoices[0],
    commands.RenewInvoice: lambda services, _ask: services.invoices[0],
    **dict.fromkeys((commands.AskRefund, commands.AskWriteOff, commands.AskManualPayment), moved),
    **dict.fromkeys((commands.GrantRefund, commands.GrantWriteOff, commands.GrantManualPayment), moved),
    **dict.fromkeys((commands.RecordRefund, commands.DeclineRequest), moved),
    **dict.fromkeys((commands.OpenStatement, commands.AddStatementLines, commands.CountStatement), statement),
    questions.GetStatement: statement,
    questions.ListStatements: lambda services, _ask: answers.Statements(
        statements=services.statements, total=len(services.statements)
    ),
    commands.CloseDay: lambda services, _ask: services.bank_day,
    questions.ListMoneyTasks: list_money_tasks,
    questions.ListAlerts: lambda services, _ask: answers.Alerts(alerts=services.alerts, total=len(services.alerts)),
    questions.GetBalance: lambda services, _ask: services.balance,
    questions.GetDay: lambda services, ask: services.bank_day.model_copy(update={"on": ask.on}),
    questions.GetBankHealth: lambda services, _ask: services.health,
    questions.GetSignInRule: lambda services, _ask: answers.SignInRule(challenge_needed=services.challenge_needed),
    questions.GetChallengeSound: lambda _services, _ask: answers.ChallengeSound(sound_wav="UklGRg=="),
    questions.GetMember: lambda services, _ask: services.card,
    questions.GetMemberNames: names,
    questions.GetOfficerNames: officer_names,
    questions.GetRenewal: member_renewal,
    questions.ListDesk: list_desk,
    questions.GetOfficeHours: office_hours,
    questions.GetCalendar: lambda services, _ask: answers.Calendar(days=services.days),
    questions.GetInvoices: lambda services, _ask: answers.MemberInvoices(invoices=services.invoices),
    questions.ListPayments: list_payments,
    questions.GetPaymentResult: lambda services, _ask: services.result,
    questions.GetReceipt: lambda services, _ask: services.receipt,
    questions.EstimateFee: estimate_fee,
    questions.GetCapacity: get_capacity,
    questions.ExplainCapacity: explain_capacity,
    questions.WhatIf: lambda services, _ask: services.what_if,
    questions.ListContestedMines: lambda services, _ask: answers.ContestedMines(
        mines=services.mines, total=len(services.mines)
    ),
    commands.IssueCheckLink: lambda services, _ask: services.link,
    commands.RevokeCheckLink: lambda _services, _ask: answers.Done(),
    commands.OpenCheckLink: lambda services, _ask: services.checked,
    questions.GetCheckLink: lambda services, _ask: services.link,
    questions.GetCapacityBand: lambda services, _ask: services.band,
    questions.ListPolicyActs: lambda services, _ask: answers.PolicyActs(acts=services.acts),
    questions.GetCapacityOverview: lambda _services, _ask: samples.overview(),
    questions.ListOverUse: list_over_use,
    questions.CountJobUnits: lambda services, _ask: services.units,
    questions.ReadEvents: lambda _services, _ask: answers.RecordedEvents(events=(), head=0),
}
