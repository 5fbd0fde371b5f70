"""A deposit slip and an online payment of the same invoice: the same money counts once, and none goes back unseen."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from services.payment.attempts import alerts
from services.payment.attempts.verification import Verification
from services.payment.banks.port import Mismatch, Paid, Reversed, SessionStatus
from services.payment.invoices import WINDOW, domain
from services.payment.refunds import worker
from shared.contract.payment import commands, queries
from shared.event_store.command_handler import Records
from tests.services.payment.attempts.test_verification import attempt
from tests.services.payment.fake_bank import FakeBank
from tests.services.payment.refunds.test_worker import balance, invoice, waiting
from tests.services.payment.samples import (
    AMOUNT,
    AT,
    ISSUE,
    MANAGER,
    MASK,
    OTHER_AUTHORITY,
    OTHER_MEMBER,
    PROVINCE,
    REFERENCE,
    SECOND,
    issue,
    record,
    settle,
    stamped,
    start,
)

LATER, MUCH_LATER = AT + WINDOW, AT + timedelta(days=1)
FARID = "officer:farid"


def grant_slip(records: Records, number: str, member: str | None = None, at: datetime = LATER) -> None:
    """Two officers count a slip over the whole fee."""
    about = {"slip": number, "amount_rials": AMOUNT, "paid_on": date(2026, 4, 14), "reason": "اصل فیش دیده شد"}
    request = commands.RequestManualPayment(**stamped(at, id=uuid4(), actor=FARID, **about))
    grant = commands.GrantManualPayment(**stamped(at, actor=MANAGER, request=request.id))
    of_member = {"member": member} if member else {}
    record(records, *(one.model_copy(update=of_member) for one in (request, grant)), **of_member)


def paid_after_the_slip(records: Records, bank: FakeBank) -> Verification:
    """The bank was silent until the slip counted."""
    record(records, ISSUE, start())
    grant_slip(records, "0098-77")
    bank.verdict, bank.session_status = Paid(REFERENCE, MASK), SessionStatus.PAID
    verification = Verification(records, bank)
    assert verification.inquire(attempt(records), MUCH_LATER) == "held"
    return verification


def test_a_payment_that_may_be_the_slips_money_waits_for_an_officer(records: Records) -> None:
    bank = FakeBank()
    bank.reversal = Reversed()
    verification = paid_after_the_slip(records, bank)
    assert worker.reverse_due_payments(verification, MUCH_LATER) == 0
    assert [(one.kind, one.cause) for one in waiting(records)] == [("held", domain.SLIP_COUNTS)]
    assert (invoice(records).status, balance(records)[0]) == ("settled", 0)
    assert verification.verify_and_record(attempt(records), MUCH_LATER) == "held"
    assert len(waiting(records)) == 1
    with records.read() as connection:
        found = alerts.page(connection, queries.ListAlerts(province=PROVINCE)).alerts
    assert [one.kind for one in found] == [domain.SLIP_COUNTS]


def test_what_the_bank_then_gives_back_is_no_task_any_more(records: Records) -> None:
    bank = FakeBank()
    verification = paid_after_the_slip(records, bank)
    bank.session_status = SessionStatus.REVERSED
    assert verification.inquire(attempt(records), MUCH_LATER) == "failed"
    assert waiting(records) == []
    assert invoice(records).status == "settled"


def test_a_held_payment_is_not_given_back_once_a_slip_counts(records: Records) -> None:
    """The bank was to give back a payment over another amount."""
    record(records, ISSUE, start())
    bank = FakeBank(Mismatch("amount_differs"), SessionStatus.PAID)
    bank.reversal = Reversed()
    verification = Verification(records, bank)
    assert verification.verify_and_record(attempt(records), AT) == "held"
    grant_slip(records, "0098-77")
    assert worker.reverse_due_payments(verification, MUCH_LATER) == 0


@pytest.mark.parametrize("number", ["ab-1403", "AB-1403"])
def test_the_number_of_a_payment_is_no_slip(records: Records, number: str) -> None:
    """In small letters or capital ones, and of another member too."""
    record(records, ISSUE, start(), settle(reference="AB-1403"))
    record(records, issue(OTHER_MEMBER), member=OTHER_MEMBER)
    with pytest.raises(domain.ReferenceTaken):
        grant_slip(records, number, OTHER_MEMBER)


def test_the_number_of_a_slip_in_other_letters_is_the_same(records: Records) -> None:
    record(records, ISSUE)
    grant_slip(records, "ab-1403")
    record(records, issue(OTHER_MEMBER), member=OTHER_MEMBER)
    with pytest.raises(domain.ReferenceTaken):
        grant_slip(records, "AB-1403", OTHER_MEMBER)


def test_a_payment_under_the_number_of_a_slip_is_held(records: Records) -> None:
    record(records, ISSUE)
    grant_slip(records, REFERENCE)
    record(records, issue(OTHER_MEMBER), start(SECOND, OTHER_AUTHORITY), member=OTHER_MEMBER)
    verification = Verification(records, FakeBank(Paid(REFERENCE, MASK), SessionStatus.PAID))
    assert verification.verify_and_record(attempt(records, SECOND), AT) == "held"
    assert attempt(records, SECOND).cause == "reference_counted_before"
