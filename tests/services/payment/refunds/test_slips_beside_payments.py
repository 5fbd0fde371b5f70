"""A deposit slip and an online payment of the same invoice: the same money counts once, and none goes back unseen."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from services.payment.attempts import alerts, reconciler
from services.payment.attempts.verification import Verification
from services.payment.banks.port import Mismatch, Paid, Reversed, SessionStatus
from services.payment.invoices import WINDOW, domain, lifecycle
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
    MEMBER,
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
FARID, REASON = "officer:farid", "اصل فیش دیده شد"


def grant_slip(
    records: Records, number: str, member: str = MEMBER, at: datetime = LATER, rials: int = AMOUNT
) -> commands.RequestManualPayment:
    """Two officers count a slip, over the whole fee unless it is said."""
    about = {"slip": number, "amount_rials": rials, "paid_on": date(2026, 4, 14), "reason": REASON}
    request = commands.RequestManualPayment(**stamped(at, id=uuid4(), actor=FARID, **about) | {"member": member})
    grant = commands.GrantManualPayment(**stamped(at, actor=MANAGER, request=request.id) | {"member": member})
    record(records, request, grant, member=member)
    return request


def take_back(records: Records, slip: commands.RequestManualPayment) -> None:
    """Two officers see that it counted by mistake."""
    of_member = {"member": slip.member, "reason": REASON, "manual_payment": slip.id}
    request = commands.RequestManualPaymentReversal(**stamped(LATER, actor=FARID) | of_member)
    grant = commands.GrantManualPaymentReversal(**stamped(LATER, actor=MANAGER, request=request.id))
    record(records, request, grant.model_copy(update={"member": slip.member}), member=slip.member)


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
    assert [(one.kind, one.cause) for one in waiting(records)] == [("held", lifecycle.SLIP_COUNTS)]
    assert (invoice(records).status, balance(records)[0]) == ("settled", 0)
    assert verification.verify_and_record(attempt(records), MUCH_LATER) == "held"
    assert len(waiting(records)) == 1
    with records.read() as connection:
        found = alerts.page(connection, queries.ListAlerts(province=PROVINCE)).alerts
    assert [one.kind for one in found] == [lifecycle.SLIP_COUNTS]


def test_what_the_bank_then_gives_back_is_no_task_any_more(records: Records) -> None:
    bank = FakeBank()
    verification = paid_after_the_slip(records, bank)
    bank.session_status = SessionStatus.REVERSED
    assert verification.inquire(attempt(records), MUCH_LATER) == "failed"
    assert waiting(records) == []
    assert invoice(records).status == "settled"


def test_slips_that_are_the_payment_together_stop_its_reversal(records: Records) -> None:
    record(records, ISSUE, start())
    grant_slip(records, "0098-77", rials=1_000_000)
    grant_slip(records, "0098-78", rials=AMOUNT - 1_000_000)
    bank = FakeBank(Paid(REFERENCE, MASK), SessionStatus.PAID)
    bank.reversal = Reversed()
    verification = Verification(records, bank)
    assert verification.inquire(attempt(records), MUCH_LATER) == "held"
    assert worker.reverse_due_payments(verification, MUCH_LATER) == 0
    assert [(one.kind, one.cause) for one in waiting(records)] == [("held", lifecycle.SLIP_COUNTS)]


def over_another_amount(records: Records) -> Verification:
    """The bank has other money under our key than was requested, and would give it back."""
    record(records, ISSUE, start())
    bank = FakeBank(Mismatch("amount_differs"), SessionStatus.PAID)
    bank.reversal = Reversed()
    return Verification(records, bank)


@pytest.mark.parametrize("rials", [AMOUNT, 1_000_000])
@pytest.mark.parametrize("is_held_before", [True, False])
def test_a_payment_over_another_amount_is_not_given_back_as_long_as_a_slip_counts(
    records: Records, *, rials: int, is_held_before: bool
) -> None:
    """And is given back once the slip is taken back, as often as that happens."""
    verification = over_another_amount(records)
    if is_held_before:
        assert verification.verify_and_record(attempt(records), AT) == "held"
    for minutes in (1, 2):
        slip = grant_slip(records, f"0098-{minutes}", at=LATER + timedelta(minutes=minutes), rials=rials)
        assert verification.verify_and_record(attempt(records), MUCH_LATER) == "held"
        assert worker.reverse_due_payments(verification, MUCH_LATER) == 0
        assert attempt(records).cause == lifecycle.SLIP_COUNTS
        take_back(records, slip)
        assert reconciler.poll_due_attempts(verification, MUCH_LATER) == 1
        assert (attempt(records).status, attempt(records).cause) == ("held", "amount_differs")
    assert worker.reverse_due_payments(verification, MUCH_LATER) == 1
    assert (attempt(records).status, waiting(records)) == ("failed", [])


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


def test_a_payment_under_the_number_of_another_members_slip_is_held_until_that_counts_no_more(
    records: Records,
) -> None:
    record(records, ISSUE)
    slip = grant_slip(records, REFERENCE)
    record(records, issue(OTHER_MEMBER), start(SECOND, OTHER_AUTHORITY), member=OTHER_MEMBER)
    verification = Verification(records, FakeBank(Paid(REFERENCE, MASK), SessionStatus.PAID))
    assert verification.verify_and_record(attempt(records, SECOND), AT) == "held"
    assert attempt(records, SECOND).cause == lifecycle.REFERENCE_COUNTED
    take_back(records, slip)
    assert reconciler.poll_due_attempts(verification, MUCH_LATER) == 1
    assert attempt(records, SECOND).status == "settled"
