from datetime import UTC, datetime, timedelta

import pytest

from services.payment.invoices.domain import INVOICE, Command
from services.payment.invoices.lifecycle import payable_until
from shared.contract.base import Event
from shared.contract.refusals import Reason
from tests.services.payment.samples import (
    AT,
    AUTHORITY,
    CONFIRMED,
    DUPLICATE,
    FAILED,
    FIRST,
    HELD,
    ISSUE,
    ISSUED,
    OTHER_AUTHORITY,
    OTHER_REFERENCE,
    PAYABLE_UNTIL,
    REFERENCE,
    SECOND,
    SETTLED,
    STARTED,
    STARTED_AGAIN,
    confirm,
    fail,
    hold,
    settle,
    settled,
    start,
    started,
)
from tests.support.given import given

JUST_AFTER = PAYABLE_UNTIL + timedelta(seconds=1)


def test_an_invoice_is_issued_once() -> None:
    assert given(INVOICE).when(ISSUE) == [ISSUED]
    assert given(INVOICE, ISSUED).when(ISSUE) == []


@pytest.mark.parametrize(
    ("approved_at", "until"),
    [
        (datetime(2026, 4, 15, 9, 30, tzinfo=UTC), datetime(2026, 5, 15, 9, 30, tzinfo=UTC)),
        # 20 Esfand 1405: 29 Esfand comes earlier than thirty days
        (datetime(2027, 3, 11, 8, 0, tzinfo=UTC), datetime(2027, 3, 20, 20, 29, 59, tzinfo=UTC)),
        # 1403 is a leap year: 30 Esfand is its last day
        (datetime(2025, 3, 11, 8, 0, tzinfo=UTC), datetime(2025, 3, 20, 20, 29, 59, tzinfo=UTC)),
        # One minute to midnight on 30 Esfand leaves one minute; a minute later thirty days
        (datetime(2025, 3, 20, 20, 29, 0, tzinfo=UTC), datetime(2025, 3, 20, 20, 29, 59, tzinfo=UTC)),
        (datetime(2025, 3, 20, 20, 30, 0, tzinfo=UTC), datetime(2025, 4, 19, 20, 30, 0, tzinfo=UTC)),
    ],
)
def test_an_invoice_is_payable_for_thirty_days_or_to_the_end_of_esfand(approved_at: datetime, until: datetime) -> None:
    assert payable_until(approved_at) == until
    assert payable_until(approved_at).tzinfo is UTC


def test_an_attempt_takes_its_amount_from_the_invoice() -> None:
    assert given(INVOICE, ISSUED).when(start()) == [STARTED]


def test_nothing_can_be_paid_before_there_is_an_invoice() -> None:
    given(INVOICE).refuses(start(), Reason.NO_INVOICE)
    given(INVOICE).refuses(confirm(), Reason.NO_INVOICE)
    given(INVOICE, ISSUED).refuses(settle(), Reason.UNKNOWN_PAYMENT)


@pytest.mark.parametrize("past", [[SETTLED], [SETTLED, CONFIRMED]])
def test_a_paid_invoice_opens_no_other_attempt(past: list[Event]) -> None:
    given(INVOICE, ISSUED, STARTED, *past).refuses(start(SECOND, OTHER_AUTHORITY), Reason.ALREADY_PAID)


def test_an_invoice_is_payable_to_its_last_second() -> None:
    assert given(INVOICE, ISSUED).when(start(at=PAYABLE_UNTIL)) == [started(at=PAYABLE_UNTIL)]
    details = given(INVOICE, ISSUED).refuses(start(at=JUST_AFTER), Reason.INVOICE_EXPIRED)
    assert details == {"until": "1405/02/25 13:00"}


def test_of_two_attempts_opened_at_once_only_the_first_is_recorded() -> None:
    assert given(INVOICE, ISSUED, STARTED).when(start(SECOND, OTHER_AUTHORITY)) == []


def test_after_twenty_minutes_another_attempt_may_be_opened_and_the_old_one_can_still_be_paid() -> None:
    later = AT + timedelta(minutes=20)
    superseding = started(SECOND, OTHER_AUTHORITY, later)
    assert given(INVOICE, ISSUED, STARTED).when(start(SECOND, OTHER_AUTHORITY, later)) == [superseding]
    assert given(INVOICE, ISSUED, STARTED, superseding).when(settle()) == [SETTLED]


def test_after_a_failure_another_attempt_may_be_opened_at_once() -> None:
    assert given(INVOICE, ISSUED, STARTED, FAILED).when(start(SECOND, OTHER_AUTHORITY)) == [STARTED_AGAIN]


def test_beside_a_held_attempt_no_other_is_opened() -> None:
    given(INVOICE, ISSUED, STARTED, HELD).refuses(start(SECOND, OTHER_AUTHORITY), Reason.PAYMENT_HELD)


def test_a_verified_attempt_settles_the_invoice() -> None:
    assert given(INVOICE, ISSUED, STARTED).when(settle()) == [SETTLED]


@pytest.mark.parametrize("past", [[SETTLED], [SETTLED, CONFIRMED]])
def test_verifying_twice_changes_nothing(past: list[Event]) -> None:
    assert given(INVOICE, ISSUED, STARTED, *past).when(settle()) == []


@pytest.mark.parametrize("late", [fail(), hold()])
def test_a_paid_attempt_is_never_downgraded(late: Command) -> None:
    assert given(INVOICE, ISSUED, STARTED, SETTLED).when(late) == []
    assert given(INVOICE, ISSUED, STARTED, STARTED_AGAIN, SETTLED, DUPLICATE).when(fail(SECOND)) == []


@pytest.mark.parametrize("past", [FAILED, HELD])
def test_money_that_the_bank_has_taken_counts_also_after_a_failure_or_a_hold(past: Event) -> None:
    assert given(INVOICE, ISSUED, STARTED, past).when(settle()) == [SETTLED]


def test_money_counts_also_after_the_end_of_the_invoice() -> None:
    late = SETTLED.model_copy(update={"settled_at": JUST_AFTER})
    assert given(INVOICE, ISSUED, STARTED).when(settle(at=JUST_AFTER)) == [late]


def test_a_second_paid_attempt_is_kept_as_a_duplicate() -> None:
    both = given(INVOICE, ISSUED, STARTED, STARTED_AGAIN, SETTLED)
    assert both.when(settle(SECOND, OTHER_REFERENCE)) == [DUPLICATE]
    after = given(INVOICE, ISSUED, STARTED, STARTED_AGAIN, SETTLED, DUPLICATE)
    assert after.when(settle(SECOND, OTHER_REFERENCE)) == []


def test_a_reference_that_counted_for_the_first_attempt_does_not_count_for_the_second() -> None:
    both = given(INVOICE, ISSUED, STARTED, STARTED_AGAIN, SETTLED)
    held = HELD.model_copy(
        update={"attempt": SECOND, "authority": OTHER_AUTHORITY, "cause": "reference_counted_before"}
    )
    assert both.when(settle(SECOND, REFERENCE)) == [held]


def test_an_attempt_fails_once_and_so_does_a_held_one_whose_money_went_back() -> None:
    assert given(INVOICE, ISSUED, STARTED).when(fail()) == [FAILED]
    assert given(INVOICE, ISSUED, STARTED, FAILED).when(fail()) == []
    assert given(INVOICE, ISSUED, STARTED, HELD).when(fail()) == [FAILED]
    assert given(INVOICE, ISSUED, STARTED, SETTLED).when(fail()) == []


def test_a_contradiction_holds_the_attempt_once() -> None:
    assert given(INVOICE, ISSUED, STARTED).when(hold()) == [HELD]
    assert given(INVOICE, ISSUED, STARTED, HELD).when(hold()) == []


def test_the_manager_confirms_a_settled_payment_once() -> None:
    assert given(INVOICE, ISSUED, STARTED, SETTLED).when(confirm()) == [CONFIRMED]
    assert given(INVOICE, ISSUED, STARTED, SETTLED, CONFIRMED).when(confirm()) == []


def test_who_confirms_what_a_colleague_has_confirmed_reads_who_and_when() -> None:
    of_another = confirm().model_copy(update={"actor": "officer:another"})
    details = given(INVOICE, ISSUED, STARTED, SETTLED, CONFIRMED).refuses(of_another, Reason.ALREADY_CONFIRMED)
    assert details == {"officer": CONFIRMED.confirmed_by, "confirmed_at": CONFIRMED.confirmed_at.isoformat()}


@pytest.mark.parametrize("past", [[], [STARTED], [STARTED, FAILED], [STARTED, HELD]])
def test_what_is_not_settled_cannot_be_confirmed(past: list[Event]) -> None:
    given(INVOICE, ISSUED, *past).refuses(confirm(), Reason.PAYMENT_NOT_SETTLED)


def test_another_amount_than_the_recorded_one_is_a_conflict() -> None:
    given(INVOICE, ISSUED, STARTED, SETTLED).refuses(confirm(900_000), Reason.CONFLICT)
    given(INVOICE, ISSUED, STARTED, SETTLED, CONFIRMED).refuses(confirm(900_000), Reason.CONFLICT)


def test_the_second_attempt_may_be_the_one_that_settles() -> None:
    second = settled(SECOND, OTHER_AUTHORITY, OTHER_REFERENCE)
    assert given(INVOICE, ISSUED, STARTED, STARTED_AGAIN).when(settle(SECOND, OTHER_REFERENCE)) == [second]
    found = DUPLICATE.model_copy(update={"attempt": FIRST, "authority": AUTHORITY, "bank_reference": REFERENCE})
    assert given(INVOICE, ISSUED, STARTED, STARTED_AGAIN, second).when(settle()) == [found]
