from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection

from services.payment.attempts import checkout
from services.payment.attempts.verification import Verification
from services.payment.banks import circuit_breaker
from services.payment.banks.port import Mismatch, Order, SessionStatus
from shared.contract.payment import answers, commands
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from tests.services.payment.attempts.test_verification import attempt, types
from tests.services.payment.fake_bank import FakeBank
from tests.services.payment.samples import (
    AMOUNT,
    AT,
    BANK,
    FIRST,
    ISSUE,
    PAYABLE_UNTIL,
    SECOND,
    fail,
    hold,
    record,
    stamped,
    start,
)
from tests.support.sandbox_bank import SandboxBank


@pytest.fixture
def at_sandbox(sqlite_records: Records, bank: SandboxBank) -> Verification:
    return Verification(sqlite_records, bank.adapter)


def pay(verification: Verification, new_attempt: UUID = FIRST, minutes: float = 0) -> answers.PaymentPage:
    command = commands.StartPayment(**stamped(at=AT + timedelta(minutes=minutes)))
    return checkout.start(command, new_attempt, verification)


def test_a_rest_that_is_too_small_for_the_bank_is_refused_before_it_is_called(sqlite_records: Records) -> None:
    bank = FakeBank()
    verification = Verification(sqlite_records, bank)
    record(sqlite_records, ISSUE)
    bank.capabilities = replace(bank.capabilities, least_rials=AMOUNT)
    assert pay(verification).redirect_url
    record(sqlite_records, fail())
    bank.capabilities = replace(bank.capabilities, least_rials=AMOUNT + 1)
    with pytest.raises(Refused) as refused:
        pay(verification, SECOND)
    assert (refused.value.reason, refused.value.details) == (
        Reason.BELOW_BANK_MINIMUM,
        {"least_rials": str(AMOUNT + 1)},
    )
    assert len(bank.opened) == 1


def break_down(connection: Connection, at: datetime) -> None:
    for _ in range(circuit_breaker.FAILURES_MAX):
        circuit_breaker.record_answer(connection, BANK, at, is_well=False)


def refusal(verification: Verification, minutes: float = 0) -> Reason:
    with pytest.raises(Refused) as refused:
        pay(verification, uuid4(), minutes)
    return refused.value.reason


def test_the_member_is_sent_to_a_session_that_is_on_record(at_sandbox: Verification, bank: SandboxBank) -> None:
    record(at_sandbox.records, ISSUE)
    page = pay(at_sandbox)
    opened = attempt(at_sandbox.records)
    assert page == answers.PaymentPage(attempt=FIRST, redirect_url=f"{bank.url}/pg/StartPay/{opened.authority}")
    assert (opened.status, opened.amount_rials) == ("started", AMOUNT)
    assert "۹٬۰۰۰٬۰۰۰" in bank.http.get(page.redirect_url).text


def test_an_open_session_is_offered_again(at_sandbox: Verification, bank: SandboxBank) -> None:
    record(at_sandbox.records, ISSUE)
    assert pay(at_sandbox) == pay(at_sandbox, SECOND, minutes=19.9)
    bank.switch("inquiry_502")
    assert pay(at_sandbox) == pay(at_sandbox, SECOND, minutes=19.9)
    assert types(at_sandbox.records) == ["InvoiceIssued", "PaymentStarted"]


def test_after_a_cancelled_session_a_new_one_is_opened(at_sandbox: Verification, bank: SandboxBank) -> None:
    record(at_sandbox.records, ISSUE)
    pay(at_sandbox)
    bank.choose(attempt(at_sandbox.records).authority, "cancel")
    assert pay(at_sandbox, SECOND).attempt == SECOND
    assert types(at_sandbox.records) == ["InvoiceIssued", "PaymentStarted", "PaymentFailed", "PaymentStarted"]


def test_an_old_session_is_superseded_and_paying_it_still_counts(at_sandbox: Verification, bank: SandboxBank) -> None:
    record(at_sandbox.records, ISSUE)
    pay(at_sandbox)
    assert pay(at_sandbox, SECOND, minutes=20).attempt == SECOND
    first, second = attempt(at_sandbox.records), attempt(at_sandbox.records, SECOND)
    bank.choose(first.authority, "pay")
    bank.choose(second.authority, "pay")
    assert at_sandbox.verify_and_record(second, AT) == "settled"
    assert at_sandbox.verify_and_record(first, AT) == "duplicate"


def test_no_other_session_is_opened_while_the_bank_does_not_say_what_became_of_an_old_one(
    at_sandbox: Verification, bank: SandboxBank
) -> None:
    record(at_sandbox.records, ISSUE)
    pay(at_sandbox)
    bank.choose(attempt(at_sandbox.records).authority, "lose")
    bank.switch("inquiry_502")
    assert refusal(at_sandbox, minutes=20) is Reason.PAYMENT_UNKNOWN
    assert refusal(at_sandbox, minutes=20) is Reason.ALREADY_PAID
    assert types(at_sandbox.records) == ["InvoiceIssued", "PaymentStarted", "PaymentSettled"]


def test_each_session_is_asked_about_before_another_is_opened(at_sandbox: Verification, bank: SandboxBank) -> None:
    record(at_sandbox.records, ISSUE)
    pay(at_sandbox)
    pay(at_sandbox, SECOND, minutes=20)
    bank.choose(attempt(at_sandbox.records).authority, "lose")
    bank.choose(attempt(at_sandbox.records, SECOND).authority, "cancel")
    assert refusal(at_sandbox, minutes=21) is Reason.ALREADY_PAID


def test_in_an_outage_nobody_is_told_that_a_payment_under_way_took_nothing(sqlite_records: Records) -> None:
    verification = Verification(sqlite_records, FakeBank(session_status=SessionStatus.IN_BANK))
    record(sqlite_records, ISSUE)
    sqlite_records.write(lambda connection: break_down(connection, AT))
    assert refusal(verification) is Reason.BANK_UNREACHABLE
    record(sqlite_records, start())
    assert refusal(verification) is Reason.PAYMENT_UNKNOWN


def test_a_session_at_a_bank_that_is_used_no_more_is_waited_for_until_its_window_has_passed(
    sqlite_records: Records,
) -> None:
    bank = FakeBank(session_status=SessionStatus.IN_BANK)
    verification = Verification(sqlite_records, bank)
    record(sqlite_records, ISSUE, replace(start(), bank="mellat"))
    assert refusal(verification, minutes=40) is Reason.PAYMENT_UNKNOWN
    assert pay(verification, SECOND, minutes=40.1).attempt == SECOND
    assert bank.inquiries == []


@pytest.mark.parametrize("found_first", [True, False])
def test_beside_a_payment_that_finance_looks_at_nothing_is_opened(sqlite_records: Records, found_first: bool) -> None:
    bank = FakeBank(verdict=Mismatch("amount_differs"), session_status=SessionStatus.PAID)
    record(sqlite_records, ISSUE, start(), *([hold()] if found_first else []))
    assert refusal(Verification(sqlite_records, bank)) is Reason.PAYMENT_HELD
    assert types(sqlite_records) == ["InvoiceIssued", "PaymentStarted", "PaymentHeld"]
    assert bank.opened == []


def test_who_has_paid_without_coming_back_is_told_so_and_not_sent_to_pay_again(
    at_sandbox: Verification, bank: SandboxBank
) -> None:
    record(at_sandbox.records, ISSUE)
    pay(at_sandbox)
    bank.choose(attempt(at_sandbox.records).authority, "lose")
    assert refusal(at_sandbox) is Reason.ALREADY_PAID
    assert refusal(at_sandbox, minutes=60) is Reason.ALREADY_PAID
    assert types(at_sandbox.records)[-1] == "PaymentSettled"


def test_a_bank_that_opens_nothing_is_unreachable_and_nothing_is_recorded(
    at_sandbox: Verification, bank: SandboxBank
) -> None:
    record(at_sandbox.records, ISSUE)
    bank.switch("create_500")
    assert refusal(at_sandbox) is Reason.BANK_UNREACHABLE
    assert types(at_sandbox.records) == ["InvoiceIssued"]
    assert pay(at_sandbox).attempt == FIRST


def test_there_must_be_an_invoice_and_its_time_not_over(sqlite_records: Records) -> None:
    bank = FakeBank()
    verification = Verification(sqlite_records, bank)
    assert refusal(verification) is Reason.NO_INVOICE
    record(sqlite_records, ISSUE)
    assert refusal(verification, minutes=(PAYABLE_UNTIL - AT).total_seconds() / 60 + 1) is Reason.INVOICE_EXPIRED
    assert bank.opened == []


def test_the_same_command_twice_and_two_at_once_lead_to_one_session(records: Records) -> None:
    verification = Verification(records, FakeBank(session_status=SessionStatus.IN_BANK))
    record(records, ISSUE)
    command = commands.StartPayment(**stamped())
    first = checkout.open_new(command, Order(FIRST, AMOUNT, "حق عضویت"), verification)
    again = checkout.open_new(command, Order(SECOND, AMOUNT, "حق عضویت"), verification)
    at_once = checkout.open_new(commands.StartPayment(**stamped()), Order(uuid4(), AMOUNT, "حق عضویت"), verification)
    assert first == again == at_once
    assert types(records) == ["InvoiceIssued", "PaymentStarted"]
