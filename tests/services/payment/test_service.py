"""The service as RPC finds it: who may do what, and what comes back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest

from services.payment.attempts import reconciler
from services.payment.service import LOG, PaymentService, on_renewal_event
from services.payment.subscriptions import on_bank_event
from shared.contract import base
from shared.contract.bank import events
from shared.contract.base import Message
from shared.contract.operations import queries as operations_queries
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.payment import commands, queries
from shared.contract.refusals import Reason, Refused
from shared.contract.seal import GENESIS
from shared.contract.values import MemberClass, Role, UnpaidYear
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.seals import insert_seals
from shared.messaging.relay import sealed_messages
from shared.settings import Settings
from shared.text import persian
from tests.services.payment.samples import AMOUNT, APPROVED, MEMBER, OTHER_MEMBER, PROVINCE, YEAR, as_recorded
from tests.support.sandbox_bank import PORTAL, SandboxBank
from tests.support.seals import sign

A = TypeVar("A", bound=base.Answer)

THE_MEMBER = Passport(principal_kind=PrincipalKind.MEMBER, subject=MEMBER)
ANOTHER = Passport(principal_kind=PrincipalKind.MEMBER, subject=OTHER_MEMBER)
GATEWAY = Passport(principal_kind=PrincipalKind.PROGRAM, subject="gateway")
CAPACITY = Passport(principal_kind=PrincipalKind.PROGRAM, subject="capacity")
MANAGER = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="maryam",
    roles=frozenset({Role.MANAGER}),
    provinces=frozenset({PROVINCE}),
)
FINANCE = MANAGER.model_copy(update={"subject": "farid", "roles": frozenset({Role.FINANCE})})
ADMIN = MANAGER.model_copy(update={"subject": "root", "roles": frozenset({Role.ADMIN})})
FAR_MANAGER = MANAGER.model_copy(update={"provinces": frozenset({"fars"})})


@pytest.fixture
def service(sqlite_url: str, bank: SandboxBank) -> Iterator[PaymentService]:
    database = Database(sqlite_url)
    made = PaymentService()
    made.records = Records(database, LOG)
    made.settings = Settings(development=True, public_url=PORTAL, bank_url=bank.url, bank_public_url=bank.url)
    yield made
    database.close()


def approve(service: PaymentService) -> None:
    """The renewal is approved just now, and payment hears of it."""
    approved = APPROVED.model_copy(update={"approved_at": datetime.now(UTC)})
    service.records.write(lambda connection: on_renewal_event(connection, as_recorded(approved)))


def once() -> dict[str, Any]:
    return {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(hours=1)}


def start(member: str = MEMBER) -> commands.StartPayment:
    return commands.StartPayment(**once(), member=member, year=YEAR)


def verify(authority: str) -> commands.VerifyPayment:
    return commands.VerifyPayment(**once(), authority=authority)


def confirm(amount_rials: int = AMOUNT) -> commands.ConfirmPayment:
    return commands.ConfirmPayment(**once(), member=MEMBER, year=YEAR, amount_rials=amount_rials)


INVOICES = queries.GetInvoices(member=MEMBER)
PAYMENTS = queries.ListPayments(province=PROVINCE)
TASKS = queries.ListMoneyTasks(province=PROVINCE)
BALANCE = queries.GetBalance(member=MEMBER)
CLOSE_DAY = commands.CloseDay(**once(), on=date(2026, 4, 14))
ESTIMATE = queries.EstimateFee(year=YEAR, member_class=MemberClass.GRADE_2)


def call(service: PaymentService, caller: Passport, query: Message[A]) -> A:
    """Ask as RPC does: by the method's name, with JSON in and out."""
    service.caller = caller
    return query.answer().model_validate(getattr(service, query.method)(query.model_dump(mode="json")))


def refusal(service: PaymentService, caller: Passport, query: Message[Any]) -> Reason:
    with pytest.raises(Refused) as refused:
        call(service, caller, query)
    return refused.value.reason


def open_at_bank(service: PaymentService) -> tuple[UUID, str]:
    """A started payment: our key of the attempt and the bank's."""
    approve(service)
    page = call(service, THE_MEMBER, start())
    return page.attempt, page.redirect_url.rpartition("/")[2]


def test_from_the_approval_to_the_managers_confirmation(service: PaymentService, bank: SandboxBank) -> None:
    attempt, authority = open_at_bank(service)
    back = bank.choose(authority, "pay").headers["location"]
    assert back == f"{PORTAL}/payment/return?attempt={attempt}&Authority={authority}&Status=OK"
    result = call(service, GATEWAY, verify(authority))
    assert (result.attempt, result.outcome, result.amount_rials, result.year) == (attempt, "paid", AMOUNT, YEAR)
    assert result == call(service, GATEWAY, queries.GetPaymentResult(attempt=attempt))
    assert result.receipt is not None
    receipt = call(service, GATEWAY, queries.GetReceipt(token=result.receipt))
    assert (receipt.number, receipt.amount_rials) == (1, AMOUNT)
    assert call(service, THE_MEMBER, INVOICES).invoices[0].receipts == (receipt,)
    assert [one.member for one in call(service, MANAGER, PAYMENTS).invoices] == [MEMBER]
    invoice = call(service, MANAGER, confirm())
    assert (invoice.status, invoice.bank_reference) == ("confirmed", result.bank_reference)
    assert call(service, MANAGER, confirm()) == invoice
    assert call(service, THE_MEMBER, INVOICES).invoices == (invoice,)
    with service.records.read() as connection:
        assert len(LOG.read(connection, 0, 10)) == 4


def test_a_list_of_payments_is_a_read_of_each_member_on_it(service: PaymentService) -> None:
    approve(service)
    call(service, FINANCE, queries.ListPayments(province=PROVINCE, status="open"))
    (read,) = call(service, THE_MEMBER, operations_queries.ListReads(member=MEMBER)).reads
    assert (read.officer, read.message, read.year, read.roles) == ("farid", "ListPayments", YEAR, (Role.FINANCE,))
    auditor = MANAGER.model_copy(update={"subject": "bazres", "roles": frozenset({Role.AUDITOR})})
    by_farid = operations_queries.ListReads(officer="farid")
    assert [one.member for one in call(service, auditor, by_farid).reads] == [MEMBER]
    elsewhere = auditor.model_copy(update={"provinces": frozenset({"fars"})})
    assert call(service, elsewhere, by_farid).reads == ()


def test_an_auditor_reads_no_accounts(service: PaymentService) -> None:
    approve(service)
    auditor = MANAGER.model_copy(update={"roles": frozenset({Role.AUDITOR})})
    assert {refusal(service, auditor, query) for query in (INVOICES, BALANCE, PAYMENTS, TASKS)} == {Reason.NOT_ALLOWED}


def test_only_the_payers_own_session_does_not_wait_for_a_strangers_visit(
    service: PaymentService, bank: SandboxBank
) -> None:
    _, authority = open_at_bank(service)
    assert call(service, GATEWAY, verify(authority)).outcome == "unknown"
    bank.choose(authority, "pay")
    for caller in (GATEWAY, ANOTHER):
        assert call(service, caller, verify(authority)).outcome == "unknown"
    assert call(service, THE_MEMBER, verify(authority)).outcome == "paid"


def test_an_approval_that_was_heard_late_leaves_the_whole_time_to_pay(service: PaymentService) -> None:
    """Its tariff was missing for two months; afterwards its member alone may have it issued again, and needs not yet."""
    now = datetime.now(UTC)
    late = APPROVED.model_copy(update={"approved_at": now - timedelta(days=60)})
    service.records.write(partial(on_renewal_event, event=as_recorded(late)))
    [invoice] = call(service, THE_MEMBER, INVOICES).invoices
    _, last_day = persian.year_bounds(persian.jalali_year(now))
    assert invoice.payable_until > now + min(timedelta(days=29), (last_day - now.date()) / 2)
    again = commands.RenewInvoice(**once(), member=MEMBER, year=YEAR)
    assert call(service, THE_MEMBER, again) == invoice
    assert refusal(service, MANAGER, again.model_copy(update=once())) is Reason.NOT_ALLOWED


def test_the_manager_is_named_in_the_confirmation(service: PaymentService, bank: SandboxBank) -> None:
    _, authority = open_at_bank(service)
    bank.choose(authority, "pay")
    call(service, GATEWAY, verify(authority))
    call(service, MANAGER, confirm())
    with service.records.read() as connection:
        by = [(one.type, one.metadata.actor) for one in LOG.read(connection, 0, 10)]
    assert by == [
        ("InvoiceIssued", "officer:modir"),
        ("PaymentStarted", f"member:{MEMBER}"),
        ("PaymentSettled", "program:payment"),
        ("PaymentConfirmed", "officer:maryam"),
    ]


def test_money_needs_a_code_of_officers_who_have_a_second_factor(service: PaymentService, bank: SandboxBank) -> None:
    attempt, authority = open_at_bank(service)
    bank.choose(authority, "pay")
    call(service, GATEWAY, verify(authority))
    guarded = MANAGER.model_copy(update={"has_second_factor": True})
    refund = commands.RequestRefund(
        **once(), member=MEMBER, year=YEAR, attempt=attempt, amount_rials=1_000, reason="بنا بر مدارک پیوست"
    )
    grant = commands.GrantRefund(**once(), member=MEMBER, year=YEAR, request=uuid4())
    long_ago = datetime.now(UTC) - timedelta(minutes=11)
    for unconfirmed in (guarded, guarded.model_copy(update={"confirmed_at": long_ago})):
        assert [refusal(service, unconfirmed, one) for one in (confirm(), refund, grant)] == [Reason.CODE_NEEDED] * 3
    just_confirmed = guarded.model_copy(update={"confirmed_at": datetime.now(UTC)})
    assert call(service, just_confirmed, confirm()).status == "confirmed"


def test_counting_a_statement_and_closing_a_day_need_a_code_too(service: PaymentService) -> None:
    treasurer = MANAGER.model_copy(update={"roles": frozenset({Role.TREASURY}), "has_second_factor": True})
    count = commands.CountStatement(**once(), statement="0" * 64)
    close = commands.CloseDay(**once(), bank="zarinpal", on=date(2026, 4, 18))
    assert [refusal(service, treasurer, one) for one in (count, close)] == [Reason.CODE_NEEDED] * 2
    confirmed = treasurer.model_copy(update={"confirmed_at": datetime.now(UTC)})
    assert refusal(service, confirmed, count) is Reason.UNKNOWN_STATEMENT
    assert call(service, confirmed, close).closed_at is not None


def test_where_a_second_factor_is_required_money_needs_one(service: PaymentService) -> None:
    service.settings = service.settings.model_copy(update={"second_factor": "required"})
    approve(service)
    assert refusal(service, MANAGER, confirm()) is Reason.SECOND_FACTOR_NEEDED
    assert refusal(service, FAR_MANAGER, confirm()) is Reason.NOT_ALLOWED


def test_a_cancelled_payment_is_not_paid_and_may_be_tried_again(service: PaymentService, bank: SandboxBank) -> None:
    attempt, authority = open_at_bank(service)
    bank.choose(authority, "cancel")
    assert call(service, GATEWAY, verify(authority)).outcome == "not_paid"
    assert call(service, THE_MEMBER, start()).attempt != attempt


def test_an_unknown_outcome_is_told_as_unknown_and_heals_itself(service: PaymentService, bank: SandboxBank) -> None:
    attempt, authority = open_at_bank(service)
    bank.choose(authority, "pay")
    bank.switch("verify_502")
    assert call(service, GATEWAY, verify(authority)).outcome == "unknown"
    due = datetime.now(UTC) + timedelta(seconds=1)
    reconciler.poll_due_attempts(service.verification, due)
    assert call(service, GATEWAY, queries.GetPaymentResult(attempt=attempt)).outcome == "paid"


def test_a_notice_makes_the_next_round_ask_the_bank(service: PaymentService, bank: SandboxBank) -> None:
    attempt, authority = open_at_bank(service)
    bank.choose(authority, "close")
    notice = events.BankNoticeReceived(
        notice_id="msg_1", authority=authority, body_digest="0" * 64, received_at=datetime.now(UTC)
    )
    service.records.write(lambda connection: on_bank_event(connection, as_recorded(notice)))
    service.reconcile()
    assert call(service, GATEWAY, queries.GetPaymentResult(attempt=attempt)).outcome == "paid"


def test_a_second_notice_under_another_id_finds_the_payment_settled(service: PaymentService, bank: SandboxBank) -> None:
    attempt, authority = open_at_bank(service)
    bank.choose(authority, "pay")
    heads = []
    for number in (1, 2):
        notice = events.BankNoticeReceived(
            notice_id=f"msg_{number}", authority=authority, body_digest="0" * 64, received_at=datetime.now(UTC)
        )
        service.records.write(partial(on_bank_event, event=as_recorded(notice)))
        service.reconcile()
        assert call(service, GATEWAY, queries.GetPaymentResult(attempt=attempt)).outcome == "paid"
        heads.append(service.records.read_events(operations_queries.ReadEvents(after=0), GATEWAY).head)
    assert heads[1] == heads[0]


def test_a_notice_of_an_attempt_that_is_not_ours_changes_nothing(service: PaymentService) -> None:
    notice = events.BankNoticeReceived(
        notice_id="msg_1", authority="S0" + "f" * 34, body_digest="0" * 64, received_at=datetime.now(UTC)
    )
    service.records.write(lambda connection: on_bank_event(connection, as_recorded(notice)))
    service.records.write(lambda connection: on_bank_event(connection, as_recorded(APPROVED)))
    service.reconcile()
    assert service.records.read_events(operations_queries.ReadEvents(after=0), GATEWAY).head == 0


def test_an_approval_heard_twice_makes_one_invoice(service: PaymentService) -> None:
    approve(service)
    approve(service)
    assert len(call(service, THE_MEMBER, INVOICES).invoices) == 1


@pytest.mark.parametrize(
    ("caller", "query"),
    [
        (ANOTHER, start()),
        (MANAGER, start()),
        (MANAGER, CLOSE_DAY),
        (FINANCE, CLOSE_DAY),
        (ADMIN, CLOSE_DAY),
        (FINANCE, queries.GetDay(on=CLOSE_DAY.on)),
        (FINANCE, commands.CountStatement(**once(), statement="0" * 64)),
        (FINANCE, commands.OpenStatement(**once(), statement="0" * 64, lines=1, total_rials=0)),
        (GATEWAY, start()),
        (MANAGER, verify("S0" + "f" * 34)),
        (CAPACITY, verify("S0" + "f" * 34)),
        (THE_MEMBER, queries.GetPaymentResult(attempt=UUID(int=1))),
        (THE_MEMBER, queries.GetReceipt(token=UUID(int=1))),
        (THE_MEMBER, confirm()),
        (FINANCE, confirm()),
        (ADMIN, confirm()),
        (FAR_MANAGER, confirm()),
        (ANOTHER, INVOICES),
        (FAR_MANAGER, INVOICES),
        (GATEWAY, INVOICES),
        (THE_MEMBER, PAYMENTS),
        (ADMIN, PAYMENTS),
        (FAR_MANAGER, PAYMENTS),
        (ANOTHER, BALANCE),
        (ANOTHER, ESTIMATE.model_copy(update={"member": MEMBER})),
        (FAR_MANAGER, ESTIMATE.model_copy(update={"member": MEMBER})),
        (FAR_MANAGER, BALANCE),
        (THE_MEMBER, TASKS),
        (ADMIN, TASKS),
        (FAR_MANAGER, TASKS),
    ],
)
def test_whom_it_does_not_concern_is_refused(service: PaymentService, caller: Passport, query: Message[Any]) -> None:
    approve(service)
    assert refusal(service, caller, query) is Reason.NOT_ALLOWED


def test_the_log_is_read_by_its_followers_and_not_by_members(service: PaymentService) -> None:
    approve(service)
    query = operations_queries.ReadEvents(after=0).model_dump(mode="json")
    seal_log(service)
    service.caller = CAPACITY
    assert len(service.read_events(query)["events"]) == 1
    for caller in (THE_MEMBER, GATEWAY):
        service.caller = caller
        with pytest.raises(Refused, match="not_allowed"):
            service.read_events(query)


def seal_log(service: PaymentService) -> None:
    """What the relay does before it publishes."""
    with service.records.read() as connection:
        messages = sealed_messages(GENESIS, LOG.read(connection, 0, 10), sign)
    seals = [one.seal for one in messages if one.seal]
    service.records.write(lambda connection: insert_seals(connection, seals))


@pytest.mark.parametrize("query", [start(), verify("S0" + "f" * 34), confirm(), INVOICES, PAYMENTS, ESTIMATE])
def test_without_a_passport_nothing_is_told(service: PaymentService, query: Message[Any]) -> None:
    approve(service)
    assert refusal(service, NOBODY, query) is Reason.NOT_SIGNED_IN


def test_what_is_not_there_is_refused_by_its_own_reason(service: PaymentService) -> None:
    assert refusal(service, THE_MEMBER, start()) is Reason.NO_INVOICE
    assert refusal(service, MANAGER, confirm()) is Reason.NO_INVOICE
    assert refusal(service, GATEWAY, verify("S0" + "f" * 34)) is Reason.UNKNOWN_PAYMENT
    assert refusal(service, GATEWAY, queries.GetPaymentResult(attempt=UUID(int=1))) is Reason.UNKNOWN_PAYMENT
    assert refusal(service, GATEWAY, queries.GetReceipt(token=UUID(int=1))) is Reason.UNKNOWN_RECEIPT
    approve(service)
    assert refusal(service, MANAGER, confirm()) is Reason.PAYMENT_NOT_SETTLED


def test_before_the_first_invoice_there_is_an_empty_list(service: PaymentService) -> None:
    for caller in (THE_MEMBER, MANAGER, FAR_MANAGER):
        assert call(service, caller, INVOICES).invoices == ()
    assert refusal(service, ANOTHER, INVOICES) is Reason.NOT_ALLOWED


@pytest.mark.parametrize("caller", [THE_MEMBER, FAR_MANAGER])
def test_anyone_signed_in_may_ask_what_a_year_costs(service: PaymentService, caller: Passport) -> None:
    assert call(service, caller, ESTIMATE).amount_rials == AMOUNT
    assert refusal(service, caller, ESTIMATE.model_copy(update={"year": 1406})) is Reason.NO_TARIFF


def test_finance_sees_the_payments_of_its_provinces(service: PaymentService) -> None:
    assert call(service, FINANCE, PAYMENTS).total == 0


def test_in_production_browsers_pay_at_the_banks_own_address(service: PaymentService) -> None:
    service.settings = Settings(bank_url="https://bank.test", bank_public_url="https://notices.test")
    assert service.verification.bank.page("A") == "https://bank.test/pg/StartPay/A"


def test_a_slip_is_asked_for_by_one_and_granted_by_another_and_counts_once(service: PaymentService) -> None:
    approve(service)
    about: dict[str, Any] = {"member": MEMBER, "year": YEAR}
    slip: dict[str, Any] = {"slip": "0098-77", "paid_on": date(2026, 4, 14), "reason": "فیش بانکی پیوست پرونده است"}
    command = commands.RequestManualPayment(**once(), **about, amount_rials=AMOUNT, **slip)
    call(service, FINANCE, command)
    [task] = call(service, MANAGER, TASKS).tasks
    assert (task.kind, task.task, task.reason, task.requested_by) == (
        "manual_payment_requested",
        command.id,
        slip["reason"],
        FINANCE.actor,
    )
    grant = commands.GrantManualPayment(**once(), **about, request=command.id)
    assert refusal(service, FINANCE, grant) is Reason.OWN_REQUEST
    assert call(service, MANAGER, grant).status == "settled"
    assert call(service, THE_MEMBER, queries.GetBalance(member=MEMBER)).balance_rials == 0
    again = command.model_copy(update=once())
    call(service, FINANCE, again)
    twice = commands.GrantManualPayment(**once(), **about, request=again.id)
    assert refusal(service, MANAGER, twice) is Reason.REFERENCE_COUNTED


def test_a_slip_is_taken_back_by_two_officers_of_the_province_and_its_number_counts_anew(
    service: PaymentService,
) -> None:
    approve(service)
    about: dict[str, Any] = {"member": MEMBER, "year": YEAR}
    slip: dict[str, Any] = {"slip": "0098-77", "paid_on": date(2026, 4, 14), "reason": "فیش بانکی پیوست پرونده است"}
    command = commands.RequestManualPayment(**once(), **about, amount_rials=AMOUNT, **slip)
    call(service, FINANCE, command)
    call(service, MANAGER, commands.GrantManualPayment(**once(), **about, request=command.id))
    call(service, MANAGER, commands.ConfirmPayment(**once(), **about, amount_rials=AMOUNT))
    reason = "این فیش از عضو دیگری است"
    back = commands.RequestManualPaymentReversal(**once(), **about, manual_payment=command.id, reason=reason)
    for caller in (THE_MEMBER, ADMIN, FAR_MANAGER, NOBODY):
        assert refusal(service, caller, back.model_copy(update=once())) in {Reason.NOT_ALLOWED, Reason.NOT_SIGNED_IN}
    assert [one.is_reversal_requested for one in call(service, FINANCE, back).slips] == [True]
    assert call(service, FINANCE, back).slips[0].request == command.id
    [task] = call(service, MANAGER, TASKS).tasks
    assert (task.kind, task.task, task.reason, task.cause) == ("slip_reversal_requested", back.id, reason, "0098-77")
    grant = commands.GrantManualPaymentReversal(**once(), **about, request=back.id)
    assert refusal(service, FINANCE, grant) is Reason.OWN_REQUEST
    for caller in (THE_MEMBER, ADMIN, FAR_MANAGER):
        assert refusal(service, caller, grant.model_copy(update=once())) is Reason.NOT_ALLOWED
    after = call(service, MANAGER, grant)
    assert (after.status, after.received_rials, after.slips[0].reversed_at is None) == ("open", 0, False)
    assert call(service, MANAGER, grant) == after
    assert call(service, MANAGER, TASKS).tasks == ()
    assert call(service, THE_MEMBER, queries.GetBalance(member=MEMBER)).balance_rials == -AMOUNT
    again = command.model_copy(update=once())
    call(service, FINANCE, again)
    counted = call(service, MANAGER, commands.GrantManualPayment(**once(), **about, request=again.id))
    assert (counted.status, len(counted.slips)) == ("settled", 2)


def test_an_earlier_years_unpaid_invoice_gives_way_and_its_year_is_charged_again(service: PaymentService) -> None:
    at = datetime.now(UTC)
    last_year = APPROVED.model_copy(update={"year": YEAR - 1, "approved_at": at})
    owed = (UnpaidYear(year=YEAR - 1, member_class=MemberClass.GRADE_3),)
    this_year = APPROVED.model_copy(update={"unpaid_years": owed, "approved_at": at})
    for position, approved in enumerate((last_year, this_year), start=1):
        one = as_recorded(approved, position)
        service.records.write(partial(on_renewal_event, event=one))
    newest, old = call(service, THE_MEMBER, INVOICES).invoices
    assert [(line.year, line.amount_rials) for line in newest.lines] == [(YEAR - 1, 4_000_000), (YEAR, 9_000_000)]
    assert (old.status, old.replaced_by_year) == ("open", YEAR)
    assert call(service, THE_MEMBER, queries.GetBalance(member=MEMBER)).balance_rials == -13_000_000
