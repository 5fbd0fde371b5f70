from datetime import timedelta
from uuid import UUID

import pytest

from services.payment.attempts import polling, reconciler
from services.payment.attempts.verification import Verification
from services.payment.banks.port import NotPaid, SessionStatus
from shared.event_store.command_handler import Records
from tests.services.payment.attempts.test_checkout import pay
from tests.services.payment.attempts.test_verification import at_bank, attempt, types
from tests.services.payment.fake_bank import FakeBank
from tests.services.payment.samples import AT, FIRST, SECOND, issue, record, start
from tests.support.sandbox_bank import SandboxBank


def poll(verification: Verification, seconds: float) -> int:
    return reconciler.poll_due_attempts(verification, AT + timedelta(seconds=seconds))


def many(records: Records, count: int) -> list[str]:
    """Attempts of so many members; their authorities in the order in which they are due."""
    authorities = [f"S0{number:034}" for number in range(count)]
    for number, authority in enumerate(authorities):
        member, at = f"{number:07}", AT + timedelta(seconds=number)
        record(records, issue(member), start(UUID(int=100 + number), authority, at), member=member)
    return authorities


def test_a_payment_that_nobody_tells_of_is_found_after_a_minute(records: Records, bank: SandboxBank) -> None:
    verification, opened = at_bank(records, bank.adapter)
    bank.choose(opened.authority, "lose")
    assert poll(verification, 59) == 0
    assert attempt(records).status == "started"
    assert poll(verification, 60) == 1
    assert attempt(records).status == "settled"
    assert poll(verification, 10_000) == 0


def test_a_marked_attempt_is_asked_about_at_once(records: Records, bank: SandboxBank) -> None:
    verification, opened = at_bank(records, bank.adapter)
    bank.choose(opened.authority, "close")
    records.write(lambda connection: polling.poll_now(connection, opened.authority, AT))
    assert poll(verification, 0) == 1
    assert attempt(records).status == "settled"


def test_a_bank_that_is_down_for_ten_minutes_loses_nothing(sqlite_records: Records, bank: SandboxBank) -> None:
    verification, opened = at_bank(sqlite_records, bank.adapter)
    bank.choose(opened.authority, "lose")
    bank.switch("inquiry_502", 1000)
    bank.switch("verify_502", 1000)
    for seconds in range(0, 600, 10):
        poll(verification, seconds)
    assert types(sqlite_records) == ["InvoiceIssued", "PaymentStarted"]
    bank.http.delete("/sandbox/faults").raise_for_status()
    for seconds in range(600, 1000, 10):
        poll(verification, seconds)
    assert attempt(sqlite_records).status == "settled"


def test_what_is_never_paid_is_closed_when_the_bank_closes_it(sqlite_records: Records, bank: SandboxBank) -> None:
    verification, _ = at_bank(sqlite_records, bank.adapter)
    bank.clock.advance(minutes=30.1)
    assert poll(verification, 30.1 * 60) == 1
    assert (attempt(sqlite_records).status, attempt(sqlite_records).cause) == ("failed", "failed")
    assert poll(verification, 100_000) == 0


def test_one_silence_ends_the_round_and_the_next_round_asks_about_the_next(sqlite_records: Records) -> None:
    bank = FakeBank(session_status=SessionStatus.UNKNOWN)
    first, second, third = many(sqlite_records, 3)
    verification = Verification(sqlite_records, bank)
    assert poll(verification, 100) == 1
    assert poll(verification, 101) == 1
    assert poll(verification, 102) == 1
    assert bank.inquiries == [first, second, third]


def test_a_fault_in_one_attempt_does_not_keep_the_others_waiting(
    sqlite_records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    bank = FakeBank(NotPaid("not_paid"), SessionStatus.IN_BANK)
    authorities = many(sqlite_records, 3)
    bank.broken = {authorities[0]}
    assert poll(Verification(sqlite_records, bank), 100) == 3
    assert bank.inquiries == authorities
    assert "it is tried again" in caplog.text


def test_a_round_has_its_limit(sqlite_records: Records) -> None:
    bank = FakeBank(NotPaid("not_paid"), SessionStatus.IN_BANK)
    many(sqlite_records, reconciler.INQUIRIES_PER_ROUND_MAX + 5)
    verification = Verification(sqlite_records, bank)
    assert poll(verification, 100) == reconciler.INQUIRIES_PER_ROUND_MAX
    assert poll(verification, 100) == 5


def test_a_failed_attempt_that_is_told_of_again_is_asked_about_once_and_let_go(
    sqlite_records: Records, bank: SandboxBank
) -> None:
    verification, opened = at_bank(sqlite_records, bank.adapter)
    bank.choose(opened.authority, "cancel")
    verification.verify_and_record(opened, AT)
    sqlite_records.write(lambda connection: polling.poll_now(connection, opened.authority, AT))
    assert poll(verification, 0) == 1
    assert poll(verification, 100_000) == 0
    assert attempt(sqlite_records, FIRST).status == "failed"
    assert pay(verification, SECOND).attempt == SECOND
