"""Asking about open attempts: what the bank says is recorded, and its silence is told as silence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.payment.attempts import checkout
from services.payment.attempts.verification import Verification
from services.payment.banks import circuit_breaker
from services.payment.banks.port import Paid, SessionStatus
from services.payment.invoices import WINDOW
from shared.contract.payment import commands
from shared.event_store.command_handler import Records
from tests.services.payment.attempts.test_verification import attempt, types
from tests.services.payment.fake_bank import FakeBank
from tests.services.payment.samples import AT, ISSUE, record, stamped, start


def call(records: Records, bank: FakeBank, later: timedelta = timedelta(minutes=1)) -> bool:
    command = commands.CheckPayment(**stamped(at=AT + later))
    return checkout.inquire_open_attempts(command, Verification(records, bank))


@pytest.fixture
def under_way(records: Records) -> Records:
    record(records, ISSUE, start())
    return records


def test_without_an_open_attempt_nobody_is_asked(records: Records) -> None:
    record(records, ISSUE)
    bank = FakeBank()
    assert call(records, bank)
    assert bank.inquiries == []


def test_a_session_that_the_bank_holds_open_has_taken_no_money(under_way: Records) -> None:
    assert call(under_way, FakeBank(session_status=SessionStatus.IN_BANK))
    assert attempt(under_way).status == "started"


def test_the_banks_silence_is_not_certainty(under_way: Records) -> None:
    assert not call(under_way, FakeBank(session_status=SessionStatus.UNKNOWN))
    assert types(under_way) == ["InvoiceIssued", "PaymentStarted"]


def test_a_payment_that_nobody_told_us_of_is_counted(under_way: Records) -> None:
    assert call(under_way, FakeBank(verdict=Paid("201"), session_status=SessionStatus.PAID))
    assert attempt(under_way).status == "settled"


def test_a_session_that_is_over_is_closed(under_way: Records) -> None:
    assert call(under_way, FakeBank(session_status=SessionStatus.FAILED))
    assert attempt(under_way).status == "failed"


def test_a_bank_that_is_down_is_not_asked(under_way: Records) -> None:
    for _ in range(circuit_breaker.FAILURES_MAX):
        under_way.write(lambda connection: circuit_breaker.record_answer(connection, "zarinpal", AT, is_well=False))
    bank = FakeBank(session_status=SessionStatus.IN_BANK)
    assert not call(under_way, bank)
    assert bank.inquiries == []


def test_of_a_bank_that_is_used_no_more_only_the_end_of_its_window_is_known(under_way: Records) -> None:
    bank = FakeBank(session_status=SessionStatus.IN_BANK)
    bank.capabilities = replace(bank.capabilities, name="mellat")
    assert not call(under_way, bank)
    assert call(under_way, bank, WINDOW + timedelta(minutes=1))
    assert bank.inquiries == []
