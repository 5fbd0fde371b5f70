"""Services that answer the gateway from a few facts that a test sets: a fake of the RPC port, without a broker."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from services.renewal.declarations import drafts
from shared.contract import base
from shared.contract.auth import answers as auth_answers
from shared.contract.auth import commands as auth_commands
from shared.contract.auth import (
    passkey_commands,
    program_answers,
    program_commands,
    search_answers,
    security_answers,
)
from shared.contract.auth import queries as auth_queries
from shared.contract.base import Answer, Message
from shared.contract.capacity import answers as capacity_answers
from shared.contract.capacity import queries as capacity_queries
from shared.contract.notification import answers as notification_answers
from shared.contract.notification import commands as notification_commands
from shared.contract.notification import queries as notification_queries
from shared.contract.notification import webhook_answers
from shared.contract.operations import answers as operations_answers
from shared.contract.operations import metric_answers
from shared.contract.operations import queries as operations_queries
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.payment import answers as payment_answers
from shared.contract.payment import commands as payment_commands
from shared.contract.payment import finance_answers
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal import calendar_answers, casework_answers, mine_answers, rule_answers
from shared.contract.renewal import commands as renewal_commands
from shared.contract.renewal import queries as renewal_queries
from shared.contract.renewal.declaration import Declaration
from shared.contract.values import Role, UnpaidYear
from tests.clients.gateway import metric_samples, overview_samples, samples, webhook_samples

A = TypeVar("A", bound=Answer)
K = TypeVar("K", bound=Message[Any])

MANAGER = frozenset({Role.MANAGER})
PASSPORTS = {
    "member-session": Passport(principal_kind=PrincipalKind.MEMBER, subject=samples.MEMBER),
    "manager-session": Passport(
        principal_kind=PrincipalKind.OFFICER, subject="maryam", roles=MANAGER, provinces=frozenset({"isfahan", "yazd"})
    ),
    "finance-session": Passport(
        principal_kind=PrincipalKind.OFFICER,
        subject="reza",
        roles=frozenset({Role.FINANCE}),
        provinces=frozenset({"isfahan"}),
    ),
    "treasurer-session": Passport(
        principal_kind=PrincipalKind.OFFICER,
        subject="reza",
        roles=frozenset({Role.TREASURY}),
        provinces=frozenset({"isfahan"}),
    ),
    "colleague-session": Passport(
        principal_kind=PrincipalKind.OFFICER,
        subject="sara",
        roles=frozenset({Role.FINANCE, Role.MANAGER}),
        provinces=frozenset({"isfahan"}),
    ),
    "auditor-session": Passport(
        principal_kind=PrincipalKind.OFFICER,
        subject="bazres",
        roles=frozenset({Role.AUDITOR}),
        provinces=frozenset({"isfahan"}),
    ),
    "program.access.token": Passport(
        principal_kind=PrincipalKind.PROGRAM_ACCOUNT,
        subject="desk-helper",
        roles=MANAGER,
        provinces=frozenset({"isfahan"}),
        scopes=frozenset({"desk:read"}),
    ),
    "admin-session": Passport(
        principal_kind=PrincipalKind.OFFICER,
        subject="admin",
        roles=frozenset({Role.ADMIN}),
        provinces=frozenset({"isfahan", "yazd"}),
    ),
}

OFFICERS = {"maryam": "مریم تهرانی", "reza": "رضا کاشانی", "sara": "سارا یزدی", "root": "مدیر سامانه"}


class FakeServices:
    """Answers each message from its attributes, records messages with their passports, and refuses the kinds that a test sets."""

    statement: finance_answers.Statement | None = None
    """A file of the bank, where it is another than the one that is handed over."""
    officers = auth_answers.Officers(officers=())
    program_accounts = program_answers.ProgramAccounts(accounts=())
    held: Mapping[str, list[operations_answers.PersonalRows]] = {}
    """A member's own data by service."""
    reads: Mapping[str, list[operations_answers.Read]] = {}
    """By service."""
    silent = ""
    """The service that does not list reads."""
    addressee = ""
    """The service that the message is for."""
    statements: tuple[finance_answers.Statement, ...] = ()
    tariff = samples.tariff()
    policy = samples.policy()
    subscriptions = operations_answers.Subscriptions(subscriptions=())
    """Of each service."""
    metrics: Callable[[str], metric_answers.Metrics] = staticmethod(metric_samples.of)
    """Of a service by its name."""
    parked = operations_answers.ParkedEvents(parked=(), total=0)
    next_closure: renewal_answers.CalendarDay | None = None
    month: tuple[renewal_answers.CalendarDay, ...] = samples.month()
    approval_rule = rule_answers.ApprovalRule(province="isfahan", is_on=False)
    failure: Exception | None = None
    must_change_password = False
    needs_code = False
    factor = auth_answers.SecondFactor(is_on=False, recovery_codes_left=0)
    step = auth_answers.SecondStep(has_code=True)
    security_events: tuple[security_answers.SecurityEvent, ...] = ()
    has_security_news = False
    has_unconfirmed_factor = False
    found_members: tuple[search_answers.FoundMember, ...] = ()
    is_all_found = True
    timeline: tuple[casework_answers.TimelineEntry, ...] = ()
    colleagues = casework_answers.Colleagues(officers=("maryam", "sara"))
    notices: tuple[notification_answers.Notice, ...] = ()
    sent_notices: tuple[notification_answers.SentNotice, ...] = ()
    contacts = samples.contacts(samples.address("sms"), samples.address("email"))
    webhooks = (webhook_samples.webhook(),)
    deliveries: tuple[webhook_answers.Delivery, ...] = (webhook_samples.delivery(),)
    sessions = (samples.session("firefox-android", is_this=True), samples.session("tamdid"))

    def __init__(self) -> None:
        self.messages: list[tuple[Message[Any], str | None]] = []
        self.refusals: dict[type[Message[Any]], Refused] = {}
        self.captcha_needed = True
        self.hours_are_known = True
        self.card = samples.card()
        self.renewal: renewal_answers.Renewal | None = None
        self.last_declaration: Declaration | None = None
        self.draft: renewal_answers.Draft | None = None
        self.invoices: tuple[payment_answers.Invoice, ...] = ()
        self.bank_says: tuple[payment_answers.Invoice | None, bool] = (None, True)
        self.capacity: capacity_answers.Capacity | None = None
        self.result = samples.payment_result("paid")
        self.units = capacity_answers.JobUnits(units=(15000,), employment_units=24000, ceiling_units=72000)
        self.what_if = samples.what_if()
        self.acts: tuple[renewal_answers.PolicyAct, ...] = ()
        self.link = samples.check_link()
        self.checked = samples.checked()
        self.band = capacity_answers.CapacityBand(year=samples.YEAR, status="active", left="under_half")
        self.mines: tuple[mine_answers.ContestedMine, ...] = ()
        self.over_use: tuple[capacity_answers.Capacity, ...] = ()
        self.desk: tuple[renewal_answers.Renewal, ...] = ()
        self.days: tuple[renewal_answers.CalendarDay, ...] = ()
        self.tasks: tuple[finance_answers.MoneyTask, ...] = ()
        self.receipt = samples.receipt()
        self.unpaid_years: tuple[UnpaidYear, ...] = ()
        self.estimate: dict[str, Any] = {}
        self.alerts: tuple[finance_answers.Alert, ...] = (samples.alert(),)
        self.balance = samples.balance()
        self.bank_day = samples.bank_day()
        self.health = payment_answers.BankHealth(bank="zarinpal", is_up=True, answered_at=samples.NOW)

    def __call__(self, message: Message[A], passport: str | None = None, service: str | None = None) -> A:
        assert passport != "", "an empty passport would be taken for none"
        self.addressee = service or message.service
        self.messages.append((message, passport))
        if self.failure is not None and not isinstance(message, auth_commands.IssuePassports):
            raise self.failure
        if type(message) in self.refusals:
            raise self.refusals[type(message)]
        return cast("A", ANSWERS[type(message)](self, message))

    def fail(self, error: Exception) -> None:
        """Fail with a bug's error from now on, after the visitor is known."""
        self.failure = error

    def refuse(self, kind: type[Message[Any]], reason: Reason, details: dict[str, str] | None = None) -> None:
        """Refuse every message of a kind from now on."""
        self.refusals[kind] = Refused(reason, details)

    def sent(self, kind: type[K]) -> list[K]:
        """Every message of a kind that came, in order."""
        return [message for message, _ in self.messages if isinstance(message, kind)]

    def passport_of(self, kind: type[Message[Any]]) -> str | None:
        """The passport of the last message of a kind."""
        return [passport for message, passport in self.messages if isinstance(message, kind)][-1]


def sign_in(services: FakeServices, message: Any) -> Answer:
    session = "member-session" if message.principal_kind == "member" else "manager-session"
    expires_at = samples.NOW + timedelta(hours=1)
    return auth_answers.Session(
        token=session,
        passport=PASSPORTS[session],
        expires_at=expires_at,
        known_device="known-device",
        needs_code=services.needs_code,
    )


def sign_in_with_passkey(services: FakeServices, message: Any) -> Answer:
    expires_at = samples.NOW + timedelta(hours=1)
    return auth_answers.Session(
        token="manager-session",
        passport=PASSPORTS["manager-session"],
        expires_at=expires_at,
        known_device="known-device",
    )


def confirm_session(services: FakeServices, message: Any) -> Answer:
    session = message.session.get_secret_value()
    if session not in PASSPORTS:
        raise Refused(Reason.NOT_SIGNED_IN)
    services.refusals = {kind: one for kind, one in services.refusals.items() if one.reason is not Reason.CODE_NEEDED}
    expires_at = samples.NOW + timedelta(minutes=30)
    return auth_answers.Session(token=session, passport=PASSPORTS[session], expires_at=expires_at)


def issue_passports(services: FakeServices, message: Any) -> Answer:
    session = message.session.get_secret_value()
    if session not in PASSPORTS or "." in session:
        raise Refused(Reason.NOT_SIGNED_IN)
    expires_at = samples.NOW + timedelta(minutes=5)
    return auth_answers.SignedPassports(
        tokens=dict.fromkeys(message.services, f"passport of {session}"),
        passport=PASSPORTS[session].model_copy(
            update={"command_id": message.command_id, "has_second_factor": services.has_unconfirmed_factor}
        ),
        expires_at=expires_at,
        must_change_password=services.must_change_password,
        full_name=OFFICERS.get(PASSPORTS[session].subject, ""),
        has_security_news=services.has_security_news,
    )


def issue_access_token(services: FakeServices, message: Any) -> Answer:
    if message.secret.get_secret_value() != "the-secret":
        raise Refused(Reason.WRONG_CREDENTIALS)
    if unknown := set(message.scopes) - {"desk:read"}:
        raise Refused(Reason.BAD_INPUT, {"scopes": " ".join(unknown)})
    return program_answers.AccessToken(access_token="program.access.token", expires_in=600, scopes=("desk:read",))


def issue_program_passports(services: FakeServices, message: Any) -> Answer:
    token = message.access_token.get_secret_value()
    if token != "program.access.token":
        raise Refused(Reason.NOT_SIGNED_IN)
    return auth_answers.SignedPassports(
        tokens=dict.fromkeys(message.services, f"passport of {token}"),
        passport=PASSPORTS[token].model_copy(update={"command_id": message.command_id}),
        expires_at=samples.NOW + timedelta(minutes=5),
    )


def new_captcha(services: FakeServices, message: Any) -> Answer:
    in_a_while = samples.NOW + timedelta(minutes=5)
    return auth_answers.Captcha(
        captcha_id=samples.ATTEMPT, image_png=samples.PIXEL, expires_at=in_a_while, hint="48213"
    )


def office_hours(services: FakeServices, message: Any) -> Answer:
    opens, closes = samples.NOW - timedelta(hours=1), samples.NOW + timedelta(hours=3)
    return renewal_answers.OfficeHours(
        open_now=True,
        opens_at=opens,
        closes_at=closes,
        review_due_at=closes,
        is_known=services.hours_are_known,
        correction_due_at=closes + timedelta(days=14),
        next_closure=services.next_closure,
        late_before=samples.LATE_BEFORE,
    )


def member_renewal(services: FakeServices, message: Any) -> Answer:
    return renewal_answers.MemberRenewal(
        current_year=samples.YEAR,
        renewal=services.renewal,
        last_declaration=services.last_declaration,
        draft=services.draft,
        unpaid_years=services.unpaid_years,
    )


def save_draft(services: FakeServices, message: Any) -> Answer:
    before = services.draft.fields if services.draft else {}
    services.draft = renewal_answers.Draft(fields=drafts.merged(before, message), kept_at=samples.NOW)
    return base.Done()


def request_renewal(services: FakeServices, message: Any) -> Answer:
    services.renewal = samples.renewal("requested")
    return services.renewal


def decided(services: FakeServices, message: Any) -> Answer:
    assert services.renewal is not None
    return services.renewal


def list_reads(services: FakeServices, message: Any) -> Answer:
    if services.addressee == services.silent:
        raise Refused(Reason.NO_ANSWER)
    found = services.reads.get(services.addressee, [])
    return operations_answers.Reads(
        reads=tuple(found[message.offset : message.offset + message.limit]), total=len(found)
    )


def get_personal_data(services: FakeServices, _message: Any) -> Answer:
    if services.addressee == services.silent:
        raise Refused(Reason.NO_ANSWER)
    return operations_answers.PersonalData(kinds=tuple(services.held.get(services.addressee, ())))


def list_desk(services: FakeServices, message: Any) -> Answer:
    of_status = tuple(one for one in services.desk if one.status == message.status)
    return renewal_answers.Desk(
        renewals=of_status[message.offset : message.offset + message.limit],
        total=len(of_status),
        overdue=1,
        counts=Counter(one.status for one in services.desk),
        late_before=samples.LATE_BEFORE,
    )


def search_members(services: FakeServices, message: Any) -> Answer:
    return search_answers.FoundMembers(members=services.found_members, is_all=services.is_all_found)


def find_renewals(services: FakeServices, message: Any) -> Answer:
    found = tuple(one for one in services.desk if one.member in message.members or one.tracking_code == message.code)
    return renewal_answers.FoundRenewals(renewals=found, is_all=True)


def follow_renewal(services: FakeServices, message: Any) -> Answer:
    found = [one for one in services.desk if one.tracking_code == message.tracking_code]
    if not found:
        raise Refused(Reason.NOT_REQUESTED)
    return renewal_answers.FollowedRenewal.model_validate(found[0].model_dump())


def list_payments(services: FakeServices, message: Any) -> Answer:
    went_back = [one for one in services.invoices if one.reversed_at and one.status == "open"]
    found = [one for one in services.invoices if one.status == message.status]
    before = message.late_before or datetime.min.replace(tzinfo=UTC)
    late = [one for one in services.invoices if one.status == "settled" and one.settled_at and one.settled_at < before]
    rows = late if message.only_late else went_back if message.status == "reversed" else found
    shown = tuple(rows[message.offset : message.offset + message.limit])
    return payment_answers.Payments(invoices=shown, total=len(rows), late=len(late), reversed=len(went_back))


def list_money_tasks(services: FakeServices, message: Any) -> Answer:
    wanted = tuple(one for one in services.tasks if message.member in {None, one.member})
    return finance_answers.MoneyTasks(tasks=wanted[message.offset : message.offset + message.limit], total=len(wanted))


def moved(services: FakeServices, message: Any) -> Answer:
    """The invoice after an officer's command about money."""
    return next(one for one in services.invoices if one.year == message.year)


def statement(services: FakeServices, message: Any) -> Answer:
    """The answer to any step of staging a statement."""
    opened = (
        services.sent(payment_commands.OpenStatement)[-1] if services.sent(payment_commands.OpenStatement) else None
    )
    if services.statement is not None:
        return services.statement
    is_counted = isinstance(message, payment_commands.CountStatement)
    return finance_answers.Statement(
        statement=message.statement,
        status="counted" if is_counted else "open",
        lines=opened.lines if opened else 3,
        lines_here=opened.lines if opened else 3,
        total_rials=opened.total_rials if opened else 1,
    )


def start_payment(services: FakeServices, message: Any) -> Answer:
    url = f"http://127.0.0.1:8001/pg/StartPay/{samples.AUTHORITY}"
    return payment_answers.PaymentPage(attempt=samples.ATTEMPT, redirect_url=url)


def get_capacity(services: FakeServices, message: Any) -> Answer:
    if services.capacity is None:
        raise Refused(Reason.NO_CAPACITY)
    return services.capacity


def explain_capacity(services: FakeServices, message: Any) -> Answer:
    if services.capacity is None:
        raise Refused(Reason.NO_CAPACITY)
    return capacity_answers.Explanation(capacity=services.capacity, lines=samples.lines())


def list_over_use(services: FakeServices, message: Any) -> Answer:
    page = services.over_use[message.offset : message.offset + message.limit]
    return capacity_answers.OverUse(capacities=page, total=len(services.over_use))


def estimate_fee(services: FakeServices, message: Any) -> Answer:
    about = {"year": message.year, "member_class": message.member_class, "amount_rials": 9_000_000}
    return payment_answers.FeeEstimate.model_validate(about | services.estimate)


def names(services: FakeServices, message: Any) -> Answer:
    full_name = f"{services.card.first_name} {services.card.last_name}"
    of_officers = {one: name for one, name in OFFICERS.items() if one in message.officers}
    return auth_answers.MemberNames(names=dict.fromkeys(message.members, full_name), officers=of_officers)


def check_payment(services: FakeServices, message: Any) -> Answer:
    invoice = next(one for one in services.invoices if one.year == message.year)
    learnt, is_certain = services.bank_says
    return payment_answers.CheckedPayment(invoice=learnt or invoice, is_certain=is_certain)


def officer_names(services: FakeServices, message: Any) -> Answer:
    return auth_answers.OfficerNames(names={one: name for one, name in OFFICERS.items() if one in message.officers})


def list_notices(services: FakeServices, message: Any) -> Answer:
    of_kind = tuple(one for one in services.notices if message.kind in (None, one.kind))
    found = of_kind[message.offset : message.offset + message.limit]
    return notification_answers.Notices(notices=found, unread=unread(services), total=len(of_kind))


def unread(services: FakeServices) -> int:
    return sum(one.read_at is None for one in services.notices)


def mark_read(services: FakeServices, message: Any) -> Answer:
    read = {"read_at": samples.NOW}
    services.notices = tuple(
        one.model_copy(update=read) if one.notice in message.notices else one for one in services.notices
    )
    return base.Done()


def list_sent_notices(services: FakeServices, message: Any) -> Answer:
    """Only the named notice, and only those of the kind, where the message names one."""
    wanted = {name: value for name in ("notice", "kind") if (value := getattr(message, name, None))}
    found = [one for one in services.sent_notices if wanted.items() <= dict(one).items()]
    page = tuple(found[message.offset : message.offset + message.limit])
    return notification_answers.SentNotices(notices=page, total=len(found))


ANSWERS: dict[type[Any], Any] = {
    notification_queries.ListNotices: list_notices,
    notification_queries.CountUnread: lambda services, _message: notification_answers.UnreadCount(
        unread=unread(services)
    ),
    notification_queries.GetContacts: lambda services, _message: services.contacts,
    **dict.fromkeys((notification_queries.ListSentNotices, notification_queries.ListUndelivered), list_sent_notices),
    notification_commands.MarkRead: mark_read,
    notification_commands.ResendNotice: lambda _services, _message: base.Done(),
    **dict.fromkeys(
        (
            notification_commands.SetAddress,
            notification_commands.ProveAddress,
            notification_commands.RemoveAddress,
            notification_commands.SetChoices,
        ),
        lambda services, _message: services.contacts,
    ),
    notification_queries.ListWebhooks: lambda services, _message: webhook_answers.Webhooks(webhooks=services.webhooks),
    notification_queries.ListDeliveries: lambda services, _message: webhook_answers.Deliveries(
        deliveries=services.deliveries, total=len(services.deliveries)
    ),
    **dict.fromkeys(
        (notification_commands.AddWebhook, notification_commands.RotateWebhookSecret),
        lambda _services, _message: webhook_samples.NEW,
    ),
    **dict.fromkeys(
        (
            notification_commands.EnableWebhook,
            notification_commands.EndWebhook,
            notification_commands.ReplayDeliveries,
        ),
        lambda _services, _message: base.Done(),
    ),
    auth_commands.NewCaptcha: new_captcha,
    auth_commands.SignIn: sign_in,
    auth_commands.SignOut: lambda _services, _message: base.Done(),
    auth_commands.IssuePassports: issue_passports,
    program_commands.IssueAccessToken: issue_access_token,
    program_commands.IssueProgramPassports: issue_program_passports,
    **dict.fromkeys(
        (
            program_commands.RequestProgramAccount,
            program_commands.GrantProgramAccount,
            program_commands.DeclineProgramAccount,
            program_commands.EndProgramSecret,
            program_commands.RevokeProgramAccount,
        ),
        lambda _services, _message: base.Done(),
    ),
    program_commands.TakeProgramSecret: lambda _services, message: program_answers.ProgramSecret(
        program=message.program, secret="tamdid_4Xc2mB9vLw7Qy1Tz5Rk8Np3Hs6Jd0Fg"
    ),
    program_commands.ListProgramAccounts: lambda services, _message: services.program_accounts,
    **dict.fromkeys(
        (
            auth_commands.SetPassword,
            auth_commands.EndSession,
            auth_commands.EndOtherSessions,
            auth_commands.ResetMember,
        ),
        lambda _services, _message: base.Done(),
    ),
    auth_commands.ConfirmSession: confirm_session,
    auth_commands.IssueActivationCode: lambda _services, _message: samples.ACTIVATION_CODE,
    auth_queries.GetSecondFactor: lambda services, _message: services.factor,
    auth_queries.GetSecondStep: lambda services, _message: services.step,
    auth_queries.GetPasskeySignIn: lambda _services, _message: samples.PASSKEY_OPTIONS,
    passkey_commands.SignInWithPasskey: sign_in_with_passkey,
    passkey_commands.BeginPasskey: lambda _services, _message: samples.PASSKEY_OPTIONS,
    passkey_commands.AddPasskey: lambda services, _message: (
        auth_answers.RecoveryCodes(codes=()) if services.factor.is_on else samples.RECOVERY_CODES
    ),
    passkey_commands.RenamePasskey: lambda _services, _message: base.Done(),
    passkey_commands.RemovePasskey: lambda _services, _message: base.Done(),
    auth_commands.EnrolSecondFactor: lambda _services, _message: samples.ENROLLED,
    auth_commands.ConfirmSecondFactor: lambda _services, _message: samples.RECOVERY_CODES,
    auth_commands.RemoveSecondFactor: lambda _services, _message: base.Done(),
    auth_queries.ListSecurityEvents: lambda services, _message: security_answers.SecurityEvents(
        events=services.security_events
    ),
    auth_commands.AcknowledgeSecurityEvents: lambda _services, _message: base.Done(),
    auth_queries.ListSessions: lambda services, _message: auth_answers.Sessions(sessions=services.sessions),
    renewal_commands.RequestRenewal: request_renewal,
    renewal_commands.SubmitDeclaration: decided,
    renewal_commands.SaveDraft: save_draft,
    **dict.fromkeys(
        (renewal_commands.WithdrawRenewal, renewal_commands.RecallDeclaration, renewal_commands.AddMemberNote), decided
    ),
    **dict.fromkeys(
        (renewal_commands.ReturnRenewal, renewal_commands.RejectRenewal, renewal_commands.ApproveRenewal), decided
    ),
    **dict.fromkeys((renewal_commands.OpenReview, renewal_commands.UndoDecision), decided),
    **dict.fromkeys(
        (renewal_commands.ClaimRenewal, renewal_commands.ReleaseRenewal, renewal_commands.HandOverRenewal), decided
    ),
    **dict.fromkeys(
        (
            renewal_commands.SetCalendarDay,
            renewal_commands.WriteCaseNote,
            renewal_commands.SetDeputy,
            renewal_commands.RemoveDeputy,
        ),
        lambda _services, _message: base.Done(),
    ),
    renewal_queries.GetTimeline: lambda services, _message: casework_answers.Timeline(entries=services.timeline),
    renewal_queries.ListColleagues: lambda services, _message: services.colleagues,
    **dict.fromkeys(
        (
            auth_commands.AppointOfficer,
            auth_commands.DismissOfficer,
            auth_commands.GrantOfficerRequest,
            auth_commands.DeclineOfficerRequest,
        ),
        lambda _services, _message: base.Done(),
    ),
    auth_queries.ListOfficers: lambda services, _message: services.officers,
    payment_commands.StartPayment: start_payment,
    payment_commands.VerifyPayment: lambda services, _message: services.result,
    payment_commands.CheckPayment: check_payment,
    payment_commands.ConfirmPayment: lambda services, _message: services.invoices[0],
    payment_commands.RenewInvoice: lambda services, _message: services.invoices[0],
    **dict.fromkeys(
        (payment_commands.RequestRefund, payment_commands.RequestWriteOff, payment_commands.RequestManualPayment), moved
    ),
    **dict.fromkeys(
        (payment_commands.GrantRefund, payment_commands.GrantWriteOff, payment_commands.GrantManualPayment), moved
    ),
    **dict.fromkeys(
        (payment_commands.RequestManualPaymentReversal, payment_commands.GrantManualPaymentReversal), moved
    ),
    **dict.fromkeys((payment_commands.RecordRefund, payment_commands.DeclineRequest), moved),
    **dict.fromkeys(
        (payment_commands.OpenStatement, payment_commands.AddStatementLines, payment_commands.CountStatement), statement
    ),
    payment_queries.GetStatement: statement,
    payment_queries.ListStatements: lambda services, _message: finance_answers.Statements(
        statements=services.statements, total=len(services.statements)
    ),
    payment_commands.CloseDay: lambda services, _message: services.bank_day,
    payment_queries.ListMoneyTasks: list_money_tasks,
    payment_queries.ListAlerts: lambda services, _message: finance_answers.Alerts(
        alerts=services.alerts, total=len(services.alerts)
    ),
    payment_queries.GetBalance: lambda services, _message: services.balance,
    payment_queries.GetDay: lambda services, message: services.bank_day.model_copy(update={"on": message.on}),
    payment_queries.GetBankHealth: lambda services, _message: services.health,
    auth_queries.GetSignInRule: lambda services, _message: auth_answers.SignInRule(
        captcha_needed=services.captcha_needed
    ),
    auth_queries.GetCaptchaSound: lambda _services, _message: auth_answers.CaptchaSound(sound_wav="UklGRg=="),
    auth_queries.GetMember: lambda services, _message: services.card,
    auth_queries.GetMemberNames: names,
    auth_queries.GetOfficerNames: officer_names,
    renewal_queries.GetRenewal: member_renewal,
    renewal_queries.ListDesk: list_desk,
    renewal_queries.FindRenewals: find_renewals,
    renewal_queries.FollowRenewal: follow_renewal,
    auth_queries.SearchMembers: search_members,
    auth_commands.CountHit: lambda _services, _message: base.Done(),
    renewal_queries.GetApprovalRule: lambda services, _: services.approval_rule,
    renewal_commands.SwitchApprovalRule: lambda services, _: services.approval_rule,
    renewal_queries.GetOfficeHours: office_hours,
    renewal_queries.GetOfficeMonth: lambda services, _: calendar_answers.OfficeMonth(days=services.month),
    renewal_queries.GetCalendar: lambda services, _message: calendar_answers.Calendar(days=services.days),
    payment_queries.GetInvoices: lambda services, _message: payment_answers.MemberInvoices(invoices=services.invoices),
    payment_queries.ListPayments: list_payments,
    payment_queries.GetTariff: lambda services, _message: services.tariff,
    payment_queries.GetPaymentResult: lambda services, _message: services.result,
    payment_queries.GetReceipt: lambda services, _message: services.receipt,
    payment_queries.EstimateFee: estimate_fee,
    capacity_queries.GetCapacity: get_capacity,
    capacity_queries.ExplainCapacity: explain_capacity,
    capacity_queries.WhatIf: lambda services, _message: services.what_if,
    renewal_queries.ListContestedMines: lambda services, _message: mine_answers.ContestedMines(
        mines=services.mines, total=len(services.mines)
    ),
    auth_commands.IssueCardLink: lambda services, _message: services.link,
    auth_commands.RevokeCardLink: lambda _services, _message: base.Done(),
    auth_commands.OpenCardLink: lambda services, _message: services.checked,
    auth_queries.GetCardLink: lambda services, _message: services.link,
    capacity_queries.GetCapacityBand: lambda services, _message: services.band,
    renewal_queries.ListPolicyActs: lambda services, _message: renewal_answers.PolicyActs(acts=services.acts),
    capacity_queries.GetCapacityOverview: lambda _services, _message: samples.overview(),
    renewal_queries.GetDeskOverview: lambda _services, _message: overview_samples.desk(),
    payment_queries.GetMoneyOverview: lambda _services, _message: overview_samples.money(),
    capacity_queries.ListOverUse: list_over_use,
    capacity_queries.CountJobUnits: lambda services, _message: services.units,
    capacity_queries.GetPolicy: lambda services, _message: services.policy,
    operations_queries.GetSubscriptions: lambda services, _message: services.subscriptions,
    operations_queries.GetMetrics: lambda services, _message: services.metrics(services.addressee),
    operations_queries.ListParked: lambda services, _message: services.parked,
    operations_queries.ListReads: list_reads,
    operations_queries.GetPersonalData: get_personal_data,
    operations_queries.ReadEvents: lambda _services, _message: operations_answers.RecordedEvents(events=(), head=0),
}
