"""What people decide about money, what the bank takes back, and what the calendar and the statement bring: the other cases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from clients.admin.transport.http import HttpServer
from services.payment import process, projection
from services.payment.invoices import stream_of
from shared.contract.base import Command
from shared.contract.payment import commands
from shared.contract.payment import events as payment_events
from shared.contract.refusals import Reason, Refused
from shared.event_store.log import EventLog
from shared.text import persian
from tests.payments.bank_statement import count, counting, line, row
from tests.payments.cases import CHARGE, CREDIT, FEE, PAYMENT, REVERSAL, case
from tests.payments.scenarios.checkout import GIVEN_BACK, PAID
from tests.support.member import Member, eventually
from tests.support.system import YEAR, fresh

SHORT, OVER = FEE // 3, 500_000
REASON = "بنا بر مدارک پیوست، بررسی شد."


def slip(member: Member, rials: int, number: str = "") -> UUID:
    """A deposit slip: finance asks, the manager grants; the id of its request."""
    number = number or f"SLIP{uuid4().hex[:12]}"
    request_command = commands.RequestManualPayment(
        **fresh(), **member.of, amount_rials=rials, slip=number, paid_on=date(2026, 3, 21), reason=REASON
    )
    member.cluster.finance.call(request_command)
    grant = commands.GrantManualPayment(**fresh(), **member.of, request=request_command.id)
    assert refusal(member.cluster.finance, grant) is Reason.OWN_REQUEST
    member.cluster.manager.call(grant.model_copy(update=fresh()))
    return request_command.id


def refusal(officer: HttpServer, command: Command[Any]) -> Reason:
    with pytest.raises(Refused) as refused:
        officer.call(command)
    return refused.value.reason


@case(
    6,
    ledger=(CHARGE, ("payment", SHORT), ("payment", FEE - SHORT), ("payment", OVER)),
    settles_elsewhere=True,
)
def the_member_pays_too_little_at_the_counter_and_later_too_much(member: Member) -> None:
    slip(member, SHORT)
    assert member.invoice().status == "open"
    member.pay()
    assert member.invoice().attempts[0].amount_rials == FEE - SHORT
    slip(member, OVER)
    assert member.balance().balance_rials == OVER


@case(7)
def the_money_comes_after_the_invoices_time(member: Member) -> None:
    """The page at the bank was opened in time: the money counts, at the price of then."""
    visit = member.go_to_bank()
    now = datetime.now(UTC)
    ran_out = payment_events.InvoiceExtended(
        member=member.name, year=YEAR, payable_until=now - timedelta(minutes=1), cause="ran_out", extended_at=now
    )
    member.cluster.happened(
        EventLog("payment", projection.project, process.react), stream_of(member.name, YEAR), ran_out
    )
    assert member.refused() is Reason.INVOICE_EXPIRED
    assert member.open(member.press(visit)) == PAID


@case(
    12,
    attempts=("reversed",),
    invoice="open",
    ledger=(CHARGE, PAYMENT, REVERSAL),
    tasks=("taken_back",),
)
def the_bank_takes_the_money_back_after_the_confirmation(member: Member) -> None:
    visit = member.pay()
    member.confirm()
    member.capacity_becomes("active")
    member.at_bank(visit, "take_back")
    member.becomes("reversed")
    member.capacity_becomes("none")
    assert member.open(f"{member.cluster.portal}/payment/result/{visit.attempt}") == GIVEN_BACK


@case(13, attempts=("duplicate", "settled"), ledger=(CHARGE, PAYMENT, CREDIT, ("refund", -FEE)), settles_elsewhere=True)
def a_second_payment_must_be_refunded_by_people(member: Member) -> None:
    """The bank declines to give it back, so that two officers do; more than is there goes to nobody."""
    first = member.go_to_bank()
    member.cluster.switch("reverse_refused", 1000, first.authority)
    member.press(first, "wrong")
    second = member.go_to_bank()
    member.open(member.press(second))
    member.becomes("failed", "settled")
    member.press(first, "close")
    member.becomes("duplicate", "settled")
    about: dict[str, Any] = {**member.of, "attempt": first.attempt, "reason": REASON}
    eventually(lambda: "refund_due" in member.tasks(), "the bank has declined")
    too_much = commands.RequestRefund(**fresh(), **about, amount_rials=FEE + 1)
    assert refusal(member.cluster.finance, too_much) is Reason.TOO_MUCH
    request_command = commands.RequestRefund(**fresh(), **about, amount_rials=FEE)
    member.cluster.finance.call(request_command)
    assert (
        refusal(member.cluster.manager, commands.RequestRefund(**fresh(), **about, amount_rials=1)) is Reason.TOO_MUCH
    )
    pay_out(member, request_command.id)


def pay_out(member: Member, request: UUID) -> None:
    """A colleague grants the refund, and the transfer is put on record."""
    granted = {**member.of, "request": request}
    assert refusal(member.cluster.finance, commands.GrantRefund(**fresh(), **granted)) is Reason.OWN_REQUEST
    member.cluster.manager.call(commands.GrantRefund(**fresh(), **granted))
    member.cluster.finance.call(commands.RecordRefund(**fresh(), **granted, bank_reference=f"PAYA{request.hex[:10]}"))


@case(
    14,
    attempts=("reversed",),
    invoice="open",
    ledger=(CHARGE, PAYMENT, REVERSAL),
    tasks=("taken_back",),
    alerts=("disputed",),
)
def the_payer_disputes_the_payment_and_wins(member: Member) -> None:
    """While the dispute is open nothing moves; it is lost without a word, and the statement tells."""
    visit = member.pay()
    member.confirm()
    count(member, [line(member, visit, is_disputed=True)])
    assert member.attempts() == ("settled",)
    member.capacity_becomes("active")
    member.reverse_in_silence(visit)
    count(member, [line(member, visit)])
    member.becomes("reversed")
    member.capacity_becomes("none")


@case(23, invoice="confirmed")
def the_money_moves_a_moment_after_nowruz(member: Member) -> None:
    """The year is the invoice's, whatever the bank's calendar says."""
    visit = member.go_to_bank()
    member.press(visit, "lose")
    nowruz = datetime.combine(persian.year_bounds(YEAR)[1] + timedelta(days=1), datetime.min.time(), persian.TEHRAN)
    member.at_bank(visit, "age", -int((nowruz - datetime.now(UTC)) / timedelta(minutes=1)) - 1)
    member.open(member.way_back(visit))
    member.becomes("settled")
    assert row(member, visit)["paid_at_jalali"].startswith(f"{YEAR + 1}/01/01")
    assert {entry.year for entry in member.balance().entries} == {YEAR}
    member.confirm()
    member.capacity_becomes("active")


@case(34, attempts=(), ledger=(CHARGE, PAYMENT, REVERSAL, PAYMENT), settles_elsewhere=True)
def a_slip_was_granted_by_mistake_and_is_taken_back(member: Member) -> None:
    """After the confirmation, which goes with it; then its number may count, which was right after all."""
    number = f"SLIP{uuid4().hex[:12]}"
    paid = slip(member, FEE, number)
    member.confirm()
    member.capacity_becomes("active")
    about: dict[str, Any] = {**member.of, "manual_payment": paid, "reason": REASON}
    back = commands.RequestManualPaymentReversal(**fresh(), **about)
    member.cluster.finance.call(back)
    again = commands.RequestManualPaymentReversal(**fresh(), **about)
    assert refusal(member.cluster.manager, again) is Reason.REVERSAL_REQUESTED
    grant = commands.GrantManualPaymentReversal(**fresh(), **member.of, request=back.id)
    assert refusal(member.cluster.finance, grant) is Reason.OWN_REQUEST
    after = member.cluster.manager.call(grant.model_copy(update=fresh()))
    assert (after.status, after.received_rials) == ("open", 0)
    member.capacity_becomes("none")
    again = commands.RequestManualPaymentReversal(**fresh(), **about)
    assert refusal(member.cluster.finance, again) is Reason.UNKNOWN_REQUEST
    slip(member, FEE, number)


@case(25)
def the_banks_statement_is_broken_and_then_comes_twice(member: Member) -> None:
    visit = member.pay()
    lines = [line(member, visit)]
    assert counting(member, lines, wrong_by=10) is Reason.STATEMENT_WRONG
    assert counting(member, lines) is None
    assert counting(member, lines) is Reason.STATEMENT_COUNTED
