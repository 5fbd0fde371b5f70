"""The organization has another bank, or another merchant at the same one: nobody is asked about what was paid before, and officers see it."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.payment.attempts import alerts, reconciler
from services.payment.attempts.verification import Verification
from services.payment.banks.port import Mismatch, Paid, Reversed, SessionStatus
from services.payment.invoices import WINDOW
from services.payment.refunds import worker
from shared.contract.payment import queries
from shared.event_store.command_handler import Records
from tests.services.payment.attempts.test_checkout import pay
from tests.services.payment.attempts.test_verification import attempt
from tests.services.payment.fake_bank import FakeBank
from tests.services.payment.refunds.test_bank_check import call, grant
from tests.services.payment.refunds.test_worker import balance, waiting
from tests.services.payment.samples import (
    AMOUNT,
    AT,
    FIRST,
    ISSUE,
    OTHER_AUTHORITY,
    OTHER_MEMBER,
    OTHER_REFERENCE,
    PROVINCE,
    SECOND,
    hold,
    issue,
    record,
    settle,
    start,
)

SINCE = AT + timedelta(minutes=30)
LATER = SINCE + WINDOW


@pytest.fixture(params=["bank", "merchant"])
def after(request: pytest.FixtureRequest, records: Records) -> Verification:
    """As it is after the change, of either."""
    bank = FakeBank(Paid("201"), SessionStatus.PAID)
    bank.reversal = Reversed()
    if request.param == "bank":
        bank.capabilities = replace(bank.capabilities, name="mellat")
        return Verification(records, bank)
    return Verification(records, bank, bank_since=SINCE)


def inquiries_of(verification: Verification) -> list[str]:
    assert isinstance(verification.bank, FakeBank)
    return verification.bank.inquiries


def rounds(verification: Verification, at: datetime = LATER) -> tuple[int, int]:
    return reconciler.poll_due_attempts(verification, at), worker.reverse_due_payments(verification, at)


def alerted(records: Records) -> list[tuple[str, UUID | None, int]]:
    with records.read() as connection:
        found = alerts.page(connection, queries.ListAlerts(province=PROVINCE)).alerts
    return [(one.kind, one.attempt, one.times) for one in found]


def test_a_payment_without_an_outcome_is_an_alert_once_and_another_one_may_be_begun(after: Verification) -> None:
    records = after.records
    record(records, ISSUE, start())
    assert rounds(after) == (1, 0)
    assert (attempt(records).status, alerted(records)) == ("started", [("bank_changed", FIRST, 1)])
    assert rounds(after, LATER + timedelta(hours=1)) == (0, 0)
    assert inquiries_of(after) == []
    page = pay(after, SECOND, minutes=70)
    assert page.attempt == SECOND


def test_a_surplus_payment_is_owed_at_once_and_refunded_by_two_officers(after: Verification) -> None:
    records = after.records
    record(records, ISSUE, start(), start(SECOND, OTHER_AUTHORITY, AT + timedelta(minutes=21)))
    record(records, settle(), settle(SECOND, OTHER_REFERENCE))
    assert rounds(after) == (0, 1)
    assert [(one.kind, one.cause, one.attempt) for one in waiting(records)] == [("refund_due", "bank_changed", SECOND)]
    request = call(SECOND)
    record(records, request)
    worker.must_not_have_gone_back(grant(request.id), after)
    record(records, grant(request.id))
    assert [one.kind for one in waiting(records)] == ["refund_granted"]
    assert (balance(records)[0], inquiries_of(after)) == (AMOUNT, [])


def test_a_held_payment_stays_on_the_officers_list(after: Verification) -> None:
    records = after.records
    record(records, ISSUE, start(), hold())
    assert rounds(after) == (0, 1)
    assert [(one.kind, one.cause) for one in waiting(records)] == [("held", "amount_differs")]
    assert rounds(after, LATER + timedelta(hours=1)) == (0, 0)
    assert inquiries_of(after) == []


def test_a_payment_of_the_merchant_before_holds_up_none_of_the_new_one(records: Records) -> None:
    bank = FakeBank(Paid("201"), SessionStatus.PAID)
    verification = Verification(records, bank, bank_since=SINCE)
    record(records, ISSUE, start())
    record(records, issue(OTHER_MEMBER), start(SECOND, OTHER_AUTHORITY, SINCE), member=OTHER_MEMBER)
    assert reconciler.poll_due_attempts(verification, LATER) == 2
    assert (attempt(records).status, attempt(records, SECOND).status) == ("started", "settled")


def test_what_the_browser_brings_back_of_the_bank_before_is_not_held(records: Records) -> None:
    """Another merchant's session is one that the bank does not give us, and a payment that is held keeps the member from paying."""
    bank = FakeBank(Mismatch("session_of_another"), SessionStatus.UNKNOWN)
    verification = Verification(records, bank, bank_since=SINCE)
    record(records, ISSUE, start())
    assert verification.verify_and_record(attempt(records), LATER) is None
    assert (attempt(records).status, bank.inquiries) == ("started", [])
