from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from services.payment.attempts import checkout
from services.payment.attempts import queries as attempt_queries
from services.payment.attempts.verification import Verification
from services.payment.banks.port import Bank, Mismatch, NotPaid, Paid, SessionStatus, Unknown
from services.payment.invoices import WINDOW
from shared.contract.payment import commands
from shared.event_store.command_handler import Records
from tests.services.payment.fake_bank import FakeBank
from tests.services.payment.samples import (
    AT,
    FIRST,
    ISSUE,
    OTHER_AUTHORITY,
    OTHER_MEMBER,
    SECOND,
    issue,
    record,
    stamped,
    start,
)
from tests.support.sandbox_bank import SandboxBank


def attempt(records: Records, key: object = FIRST) -> attempt_queries.Attempt:
    with records.read() as connection:
        found = attempt_queries.attempt_of(connection, attempt=key)  # type: ignore[arg-type]
    assert found is not None
    return found


def types(records: Records) -> list[str]:
    with records.read() as connection:
        return [one.type for one in records.own_log().read(connection, 0, 100)]


def at_bank(records: Records, bank: Bank) -> tuple[Verification, attempt_queries.Attempt]:
    """An attempt that the bank has really opened."""
    verification = Verification(records, bank)
    record(records, ISSUE)
    checkout.start(commands.StartPayment(**stamped()), FIRST, verification)
    return verification, attempt(records)


def test_a_payment_settles_once_however_often_the_bank_is_asked(records: Records, bank: SandboxBank) -> None:
    verification, opened = at_bank(records, bank.adapter)
    bank.choose(opened.authority, "pay")
    assert verification.verify_and_record(opened, AT) == "settled"
    assert verification.verify_and_record(opened, AT + timedelta(minutes=1)) == "settled"
    assert verification.verify_and_record(attempt(records), AT) == "settled"
    assert types(records) == ["InvoiceIssued", "PaymentStarted", "PaymentSettled"]
    assert attempt(records).bank_reference == "200000001"


def test_callback_and_notice_at_the_same_moment_settle_once(records: Records, bank: SandboxBank) -> None:
    verification, opened = at_bank(records, bank.adapter)
    bank.choose(opened.authority, "pay")
    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(lambda _: verification.verify_and_record(opened, AT), range(4)))
    assert outcomes == ["settled"] * 4
    assert types(records).count("PaymentSettled") == 1


def test_an_answer_lost_after_the_bank_has_verified_is_made_good_by_the_next(
    sqlite_records: Records, bank: SandboxBank
) -> None:
    verification, opened = at_bank(sqlite_records, bank.adapter)
    bank.choose(opened.authority, "pay")
    bank.switch("verify_drop")
    assert verification.verify_and_record(opened, AT) is None
    assert types(sqlite_records) == ["InvoiceIssued", "PaymentStarted"]
    assert verification.inquire(opened, AT) == "settled"


def test_a_cancelled_payment_fails(sqlite_records: Records, bank: SandboxBank) -> None:
    verification, opened = at_bank(sqlite_records, bank.adapter)
    bank.choose(opened.authority, "cancel")
    assert verification.verify_and_record(opened, AT) == "failed"
    assert verification.verify_and_record(opened, AT) == "failed"
    assert types(sqlite_records) == ["InvoiceIssued", "PaymentStarted", "PaymentFailed"]
    assert attempt(sqlite_records).cause == "failed"


def test_a_browser_that_comes_back_early_ends_nothing(sqlite_records: Records, bank: SandboxBank) -> None:
    verification, opened = at_bank(sqlite_records, bank.adapter)
    assert verification.verify_and_record(opened, AT) == "started"
    bank.choose(opened.authority, "pay")
    assert verification.verify_and_record(opened, AT) == "settled"


def test_another_amount_at_the_bank_is_held(sqlite_records: Records, bank: SandboxBank) -> None:
    verification, opened = at_bank(sqlite_records, bank.adapter)
    bank.switch("amount_tampered")
    bank.choose(opened.authority, "pay")
    assert verification.verify_and_record(opened, AT) == "held"
    assert attempt(sqlite_records).cause == "amount_differs"


def test_what_went_back_to_the_payer_fails(sqlite_records: Records, bank: SandboxBank) -> None:
    verification, opened = at_bank(sqlite_records, bank.adapter)
    bank.choose(opened.authority, "pay")
    bank.clock.advance(minutes=31)
    assert verification.inquire(opened, bank.clock()) == "failed"
    assert attempt(sqlite_records).cause == "reversed"


@pytest.mark.parametrize("verdict", [Unknown("status 502"), NotPaid("not_paid")])
def test_without_a_usable_answer_nothing_is_recorded(sqlite_records: Records, verdict: Unknown | NotPaid) -> None:
    verification, opened = at_bank(sqlite_records, FakeBank(verdict, SessionStatus.UNKNOWN))
    late = AT + 10 * WINDOW
    assert verification.verify_and_record(opened, late) is None
    assert verification.inquire(opened, late) is None
    assert types(sqlite_records) == ["InvoiceIssued", "PaymentStarted"]


def test_a_session_that_the_bank_keeps_open_is_closed_after_the_window(sqlite_records: Records) -> None:
    verification, opened = at_bank(sqlite_records, FakeBank(NotPaid("not_paid"), SessionStatus.IN_BANK))
    assert verification.inquire(opened, AT + WINDOW) == "started"
    assert verification.inquire(opened, AT + WINDOW + timedelta(seconds=1)) == "failed"
    assert attempt(sqlite_records).cause == "expired"


def test_money_that_appears_after_the_failure_still_counts(sqlite_records: Records) -> None:
    bank = FakeBank(NotPaid("not_paid"), SessionStatus.FAILED)
    verification, opened = at_bank(sqlite_records, bank)
    assert verification.verify_and_record(opened, AT) == "failed"
    bank.verdict = Paid("201")
    assert verification.verify_and_record(attempt(sqlite_records), AT) == "settled"


def test_a_closed_attempt_that_is_paid_between_two_questions_is_not_called_failed(sqlite_records: Records) -> None:
    bank = FakeBank(NotPaid("in_bank"), SessionStatus.IN_BANK)
    verification, opened = at_bank(sqlite_records, bank)
    assert verification.inquire(opened, AT + 2 * WINDOW) == "failed"
    bank.session_status = SessionStatus.PAID
    assert verification.verify_and_record(attempt(sqlite_records), AT) is None
    bank.verdict = Paid("201")
    assert verification.verify_and_record(attempt(sqlite_records), AT) == "settled"


def test_a_bank_that_contradicts_itself_after_a_payment_changes_nothing(sqlite_records: Records) -> None:
    bank = FakeBank(Paid("201"))
    verification, opened = at_bank(sqlite_records, bank)
    verification.verify_and_record(opened, AT)
    bank.verdict = Mismatch("session_unknown")
    assert verification.verify_and_record(opened, AT) == "settled"
    assert types(sqlite_records)[-1] == "PaymentSettled"


def test_a_reference_that_counts_for_another_member_holds_the_attempt(records: Records) -> None:
    verification, opened = at_bank(records, FakeBank(Paid("201")))
    verification.verify_and_record(opened, AT)
    record(records, issue(OTHER_MEMBER), start(SECOND, OTHER_AUTHORITY), member=OTHER_MEMBER)
    assert verification.verify_and_record(attempt(records, SECOND), AT) == "held"
    assert attempt(records, SECOND).cause == "reference_counted_before"
