"""Money that moves by people's word: four eyes, a reason, and never more than there is."""

from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest

from services.payment.invoices import lifecycle
from services.payment.invoices.domain import INVOICE, SlipCounts
from services.payment.invoices.lifecycle import SLIP_COUNTS
from shared.contract import upcasting
from shared.contract.base import Event
from shared.contract.payment import commands, events, finance_events
from shared.contract.refusals import Reason
from shared.contract.values import Waiver
from tests.services.payment.samples import (
    ABOUT,
    AMOUNT,
    AT,
    CONFIRMED,
    DUPLICATE,
    FAILED,
    FIRST,
    HELD,
    ISSUED,
    MANAGER,
    PROVINCE,
    SECOND,
    SETTLED,
    STARTED,
    STARTED_AGAIN,
    confirm,
    hold,
    settle,
    stamped,
    start,
    started,
)
from tests.support.given import given

C = TypeVar("C", commands.RequestManualPayment, commands.GrantManualPayment)
FARID = "officer:farid"
REASON = "دو بار از یک کارت برداشت شده است"
REQUEST = UUID(int=99)
PAID_TWICE = [ISSUED, STARTED, STARTED_AGAIN, SETTLED, DUPLICATE]
OWED = finance_events.RefundDue(
    **ABOUT, province=PROVINCE, attempt=SECOND, amount_rials=AMOUNT, cause="too_late", due_at=AT
)
PAID = [*PAID_TWICE, OWED]
GRANTED = {**ABOUT, "province": PROVINCE, "request": REQUEST, "granted_by": MANAGER, "granted_at": AT}


def refund(
    attempt: UUID = SECOND, amount_rials: int = AMOUNT, *, ends_membership: bool = False
) -> commands.RequestRefund:
    about: dict[str, Any] = {"attempt": attempt, "amount_rials": amount_rials, "ends_membership": ends_membership}
    return commands.RequestRefund(**stamped(id=REQUEST, actor=FARID, reason=REASON, **about))


def requested(
    command: commands.RequestRefund | commands.RequestWriteOff | commands.RequestManualPayment, *past: Event
) -> list[Event]:
    """The past with what was asked."""
    return [*past, *given(INVOICE, *past).when(command)]


def grant(actor: str = MANAGER) -> commands.GrantRefund:
    return commands.GrantRefund(**stamped(actor=actor, request=REQUEST))


def sent() -> commands.RecordRefund:
    return commands.RecordRefund(**stamped(actor=FARID, request=REQUEST, bank_reference="140501260007"))


def write_off(amount_rials: int) -> commands.RequestWriteOff:
    return commands.RequestWriteOff(**stamped(id=REQUEST, actor=FARID, reason=REASON, amount_rials=amount_rials))


def slip(amount_rials: int) -> commands.RequestManualPayment:
    on = date(2026, 4, 14)
    about: dict[str, Any] = {"amount_rials": amount_rials, "slip": "0098-77", "paid_on": on}
    return commands.RequestManualPayment(**stamped(id=REQUEST, actor=FARID, reason=REASON, **about))


def grant_write_off(actor: str = MANAGER) -> commands.GrantWriteOff:
    return commands.GrantWriteOff(**stamped(actor=actor, request=REQUEST))


def grant_slip(actor: str = MANAGER) -> commands.GrantManualPayment:
    return commands.GrantManualPayment(**stamped(actor=actor, request=REQUEST))


def test_a_refund_is_asked_by_one_granted_by_another_and_then_sent() -> None:
    past = requested(refund(), *PAID)
    past += given(INVOICE, *past).when(grant())
    past += given(INVOICE, *past).when(sent())
    assert [type(event).__name__ for event in past[-3:]] == ["RefundRequested", "RefundGranted", "RefundPaid"]
    assert given(INVOICE, *past).state.attempts[SECOND].refunded_rials == AMOUNT
    assert given(INVOICE, *past).when(sent()) == []
    sent_twice = sent().model_copy(update={"bank_reference": "140501260008"})
    given(INVOICE, *past).refuses(sent_twice, Reason.REFUND_RECORDED)


@pytest.mark.parametrize(
    ("past", "own"),
    [
        (requested(refund(), *PAID), grant(FARID)),
        (requested(write_off(1_000), ISSUED), grant_write_off(FARID)),
        (requested(slip(AMOUNT), ISSUED), grant_slip(FARID)),
    ],
)
def test_nobody_grants_what_they_asked_for_themselves(past: list[Event], own: commands.GrantRefund) -> None:
    given(INVOICE, *past).refuses(own, Reason.OWN_REQUEST)
    assert len(given(INVOICE, *past).when(own.model_copy(update={"actor": MANAGER}))) == 1


def test_no_more_is_sent_back_than_was_paid_however_it_is_cut() -> None:
    past = requested(refund(amount_rials=AMOUNT - 1_000), *PAID)
    again = refund(amount_rials=1_001).model_copy(update={"id": uuid4()})
    assert given(INVOICE, *past).refuses(again, Reason.TOO_MUCH) == {"left_rials": "1000"}
    assert given(INVOICE, *past).when(again.model_copy(update={"amount_rials": 1_000}))
    given(INVOICE, ISSUED, STARTED).refuses(refund(FIRST), Reason.TOO_MUCH)
    given(INVOICE, ISSUED).refuses(refund(FIRST), Reason.UNKNOWN_PAYMENT)


def test_no_refund_is_asked_for_as_long_as_the_bank_may_give_the_money_back_itself() -> None:
    given(INVOICE, *PAID_TWICE).refuses(refund(), Reason.REFUND_IN_FLIGHT)
    assert given(INVOICE, *PAID_TWICE).when(refund(FIRST, 1_000, ends_membership=True))


def test_a_refund_is_not_sent_before_it_is_granted_nor_after_the_bank_took_the_money_back() -> None:
    past = requested(refund(), *PAID)
    given(INVOICE, *past).refuses(sent(), Reason.UNKNOWN_REQUEST)
    past += given(INVOICE, *past).when(grant())
    gone = events.PaymentReversed(**DUPLICATE.model_dump(exclude={"found_at"}), cause="by_bank", reversed_at=AT)
    given(INVOICE, *past, gone).refuses(sent(), Reason.TOO_MUCH)


def test_a_declined_request_is_not_granted_any_more() -> None:
    past = requested(refund(), *PAID)
    decline = commands.DeclineRequest(**stamped(actor=MANAGER, request=REQUEST, reason=REASON))
    past += given(INVOICE, *past).when(decline)
    refusal_details = given(INVOICE, *past).refuses(grant(), Reason.UNKNOWN_REQUEST)
    assert refusal_details == {"outcome": "declined", "by": MANAGER, "at": AT.isoformat()}
    assert given(INVOICE, *past).when(decline.model_copy(update={"id": uuid4()})) == []
    assert given(INVOICE, *past).when(refund().model_copy(update={"id": uuid4()}))


def test_a_refund_that_ends_the_membership_cancels_the_invoice_and_withdraws_the_confirmation() -> None:
    past = requested(refund(FIRST, ends_membership=True), *PAID, CONFIRMED)
    past += given(INVOICE, *past).when(grant())
    happened = given(INVOICE, *past).when(sent())
    assert [type(one).__name__ for one in happened] == ["RefundPaid", "InvoiceCancelled", "ConfirmationWithdrawn"]
    after = given(INVOICE, *past, *happened)
    after.refuses(confirm(), Reason.INVOICE_CANCELLED)
    after.refuses(start(), Reason.INVOICE_CANCELLED)
    after.refuses(write_off(1_000), Reason.INVOICE_CANCELLED)


def test_a_refund_of_a_surplus_ends_no_membership() -> None:
    details = given(INVOICE, *PAID).refuses(refund(ends_membership=True), Reason.BAD_INPUT)
    assert details == {"ends_membership": "ends_nothing"}


def test_what_an_invoice_needs_is_only_sent_back_when_the_membership_ends_with_it() -> None:
    assert given(INVOICE, *PAID).refuses(refund(FIRST, 1), Reason.TOO_MUCH) == {"left_rials": "0"}
    assert given(INVOICE, *PAID).when(refund(FIRST, ends_membership=True))


def test_what_is_written_off_is_not_owed_any_more_and_the_rest_is_paid_at_the_bank() -> None:
    past = requested(write_off(1_000_000), ISSUED)
    past += given(INVOICE, *past).when(grant_write_off())
    assert given(INVOICE, *past).state.due_rials == AMOUNT - 1_000_000
    [started] = given(INVOICE, *past).when(start())
    assert isinstance(started, events.PaymentStarted)
    assert started.amount_rials == AMOUNT - 1_000_000
    paid = [*past, started, *given(INVOICE, *past, started).when(settle())]
    assert given(INVOICE, *paid).state.status == "settled"
    given(INVOICE, *past).refuses(write_off(AMOUNT).model_copy(update={"id": uuid4()}), Reason.TOO_MUCH)


@pytest.mark.parametrize(
    ("amount_rials", "status"), [(AMOUNT - 1, "open"), (AMOUNT, "settled"), (AMOUNT + 1, "settled")]
)
def test_a_slip_settles_the_invoice_once_nothing_is_owed(amount_rials: int, status: str) -> None:
    past = requested(slip(amount_rials), ISSUED)
    assert given(INVOICE, *past).state.status == "open"
    past += given(INVOICE, *past).when(grant_slip())
    assert given(INVOICE, *past).state.status == status
    assert given(INVOICE, *past).when(grant_slip()) == []


def at_later(command: C) -> C:
    """After the bank's window."""
    return command.model_copy(update={"at": AT + lifecycle.WINDOW})


def test_a_slip_waits_for_the_outcome_of_a_payment() -> None:
    """Whatever it is over: two slips may be one payment together."""
    until = {"until": (AT + lifecycle.WINDOW).isoformat()}
    for rials in (AMOUNT, AMOUNT - 1):
        assert given(INVOICE, ISSUED, STARTED).refuses(slip(rials), Reason.PAYMENT_UNDER_WAY) == until
    past = [*requested(slip(AMOUNT), ISSUED), STARTED]
    assert given(INVOICE, *past).refuses(grant_slip(), Reason.PAYMENT_UNDER_WAY) == until
    for decided in (FAILED, HELD):
        assert given(INVOICE, *past, decided).when(grant_slip())
    assert given(INVOICE, *past).when(at_later(grant_slip()))


@pytest.mark.parametrize("outcome", [[], [FAILED]])
@pytest.mark.parametrize("rials", [AMOUNT, AMOUNT - 1, AMOUNT + 1])
def test_a_payment_that_may_be_the_slips_money_is_held(outcome: list[Event], rials: int) -> None:
    """Whatever was known of it when the slip was granted, and alone or with another slip; and what is held is not given back."""
    past = requested(at_later(slip(rials)), ISSUED, STARTED, *outcome)
    past += given(INVOICE, *past).when(at_later(grant_slip()))
    with pytest.raises(SlipCounts):
        given(INVOICE, *past).when(settle())
    [held] = given(INVOICE, *past).when(hold(cause="amount_differs"))
    assert isinstance(held, events.PaymentHeld)
    assert held.cause == SLIP_COUNTS


def test_what_is_held_already_waits_for_an_officer_because_of_the_slip() -> None:
    past = requested(at_later(slip(AMOUNT)), ISSUED, STARTED, HELD)
    granted, held = given(INVOICE, *past).when(at_later(grant_slip()))
    assert isinstance(granted, finance_events.ManualPaymentGranted)
    assert isinstance(held, events.PaymentHeld)
    assert held.cause == SLIP_COUNTS
    past += [granted, held]
    assert given(INVOICE, *past).when(hold(cause="amount_differs")) == []
    other = {"request": UUID(int=98)}
    past += given(INVOICE, *past).when(slip(1).model_copy(update={"id": other["request"]}))
    assert len(given(INVOICE, *past).when(grant_slip().model_copy(update=other))) == 1


def test_a_payment_that_was_begun_after_the_slip_is_no_money_of_its() -> None:
    """Of an invoice that is open again."""
    past = requested(slip(AMOUNT), ISSUED)
    past += given(INVOICE, *past).when(grant_slip())
    later = started(at=AT + timedelta(seconds=1))
    [found] = given(INVOICE, *past, later).when(settle())
    assert isinstance(found, events.DuplicatePaymentFound)


def test_an_attempt_over_another_amount_than_is_owed_now_is_not_opened() -> None:
    stale = start()
    object.__setattr__(stale, "amount_rials", AMOUNT - 1)
    given(INVOICE, ISSUED).refuses(stale, Reason.CONFLICT)


WAIVER = finance_events.WriteOffRequested(
    **ABOUT, province=PROVINCE, request=REQUEST, amount_rials=AMOUNT, note=UUID(int=5), requested_by=MANAGER,
    requested_at=AT, is_waiver=True,
)  # fmt: skip
THIRD = "officer:moaven"


def confirmed_by(actor: str) -> commands.ConfirmPayment:
    return confirm().model_copy(update={"actor": actor})


def test_a_waiver_is_granted_by_a_colleague_of_the_manager_who_approved() -> None:
    given(INVOICE, ISSUED, WAIVER).refuses(grant_write_off(MANAGER), Reason.OWN_REQUEST)
    given(INVOICE, ISSUED, WAIVER).refuses(confirmed_by(MANAGER), Reason.PAYMENT_NOT_SETTLED)
    [granted] = given(INVOICE, ISSUED, WAIVER).when(grant_write_off(FARID))
    assert given(INVOICE, ISSUED, WAIVER, granted).state.status == "settled"


def test_who_waived_or_granted_it_does_not_confirm_the_payment() -> None:
    waived: list[Event] = [ISSUED, WAIVER, *given(INVOICE, ISSUED, WAIVER).when(grant_write_off(FARID))]
    for actor in (MANAGER, FARID):
        given(INVOICE, *waived).refuses(confirmed_by(actor), Reason.OWN_WAIVER)
    [event] = given(INVOICE, *waived).when(confirmed_by(THIRD))
    assert isinstance(event, events.PaymentConfirmed)


def test_a_waiver_that_was_declined_keeps_nobody_from_confirming_what_was_paid() -> None:
    decline = commands.DeclineRequest(**stamped(actor=FARID, request=REQUEST, reason=REASON))
    past: list[Event] = [ISSUED, WAIVER, *given(INVOICE, ISSUED, WAIVER).when(decline), STARTED, SETTLED]
    assert len(given(INVOICE, *past).when(confirmed_by(MANAGER))) == 1


def test_who_waived_on_a_replaced_invoice_does_not_confirm_the_one_in_its_place() -> None:
    waiver = (Waiver(year=1404, amount_rials=1_000),)
    carried = ISSUED.model_copy(update={"waivers": waiver, "waived_by": MANAGER, "waiver_persons": (FARID, MANAGER)})
    before = as_version_1(ISSUED.model_copy(update={"waivers": waiver, "waived_by": MANAGER}))
    for issued, actor in ((carried, FARID), (carried, MANAGER), (before, MANAGER)):
        given(INVOICE, issued, STARTED, SETTLED).refuses(confirmed_by(actor), Reason.OWN_WAIVER)
    assert len(given(INVOICE, carried, STARTED, SETTLED).when(confirmed_by(THIRD))) == 1


def as_version_1(issued: events.InvoiceIssued) -> Event:
    """The same invoice as it was recorded before its event named all who had waived a part."""
    return upcasting.event_of("InvoiceIssued", issued.model_dump_json(exclude={"schema_version", "waiver_persons"}))
