"""Forged, replayed and contradicting words about payments: nothing counts as paid, and each is an alert that people see."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.payment import subscriptions
from services.payment.attempts import alerts
from services.payment.attempts.callback import handle_callback
from services.payment.attempts.verification import Verification
from services.payment.banks.port import NotPaid, NotReversed, SessionStatus, Unknown
from services.payment.invoices import queries as lookups
from services.payment.refunds import finance_tasks, worker
from shared.contract.bank import events
from shared.contract.payment import commands, finance_answers, queries
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from tests.services.payment.attempts.test_verification import attempt, types
from tests.services.payment.fake_bank import FakeBank
from tests.services.payment.refunds.test_worker import open_at, waiting
from tests.services.payment.samples import (
    AMOUNT,
    AT,
    AUTHORITY,
    FIRST,
    ISSUE,
    MEMBER,
    PROVINCE,
    YEAR,
    as_recorded,
    record,
    start,
)
from tests.support.sandbox_bank import SandboxBank

LATER = AT + timedelta(hours=1)


def shown(records: Records, **wanted: Any) -> list[finance_answers.Alert]:
    with records.read() as connection:
        return list(alerts.page(connection, queries.ListAlerts(province=PROVINCE, **wanted)).alerts)


def kinds(records: Records) -> list[tuple[str, int]]:
    return [(one.kind, one.times) for one in shown(records)]


def back(verification: Verification, authority: str, **said: Any) -> UUID:
    command = commands.VerifyPayment(id=uuid4(), deadline=LATER, at=AT, authority=authority, **said)
    return handle_callback(command, verification).attempt


@pytest.fixture
def verification(records: Records, bank: SandboxBank) -> Verification:
    """The invoice has an attempt that is paid at the bank, of which we do not know yet."""
    return open_at(records, bank, 1)


def test_a_key_that_nobody_gave_out_is_one_row_a_day(records: Records, verification: Verification) -> None:
    for _ in range(3):
        with pytest.raises(Refused) as refused:
            back(verification, AUTHORITY, claims="paid")
        assert refused.value.reason is Reason.UNKNOWN_PAYMENT
    assert kinds(records) == [("callback_unknown", 3)]
    assert types(records) == ["InvoiceIssued", "PaymentStarted"]


def test_the_key_of_another_attempt_settles_nothing(records: Records, verification: Verification) -> None:
    with pytest.raises(Refused):
        back(verification, attempt(records).authority, attempt=uuid4(), claims="paid")
    assert [(one.kind, one.attempt, one.member, one.year) for one in shown(records)] == [
        ("callback_of_another", FIRST, MEMBER, YEAR)
    ]
    assert types(records) == ["InvoiceIssued", "PaymentStarted"]


def test_what_a_browser_says_against_the_banks_answer_is_an_alert_and_no_outcome(
    records: Records, verification: Verification
) -> None:
    assert back(verification, attempt(records).authority, attempt=FIRST, claims="not_paid") == FIRST
    assert kinds(records) == [("callback_contradicts", 1)]
    assert types(records)[-1] == "PaymentSettled"


def test_a_browser_that_says_paid_before_it_is(sqlite_records: Records, bank: SandboxBank) -> None:
    record(sqlite_records, ISSUE, start())
    here = Verification(sqlite_records, FakeBank(NotPaid("not_paid"), SessionStatus.IN_BANK))
    back(here, AUTHORITY, claims="paid")
    assert kinds(sqlite_records) == [("callback_contradicts", 1)]
    assert types(sqlite_records) == ["InvoiceIssued", "PaymentStarted"]


def test_a_callback_is_too_many_only_once_its_outcome_was_known(records: Records, verification: Verification) -> None:
    authority = attempt(records).authority
    back(verification, authority, attempt=FIRST, claims="paid")
    assert kinds(records) == []
    back(verification, authority, attempt=FIRST, claims="paid")
    assert kinds(records) == [("callback_again", 1)]
    assert types(records) == ["InvoiceIssued", "PaymentStarted", "PaymentSettled"]


def test_a_notice_that_was_none_is_heard_of(records: Records) -> None:
    for cause in ("not_signed", "differs"):
        notice = as_recorded(events.BankNoticeRefused(cause=cause, refused_at=AT))
        records.write(partial(subscriptions.on_bank_event, event=notice))
    assert sorted(kinds(records)) == [("notice_differs", 1), ("notice_not_signed", 1)]


def test_alerts_of_other_provinces_are_not_shown(records: Records, verification: Verification) -> None:
    back(verification, attempt(records).authority, claims="not_paid")
    with records.read() as connection:
        assert alerts.page(connection, queries.ListAlerts(province="fars")).total == 0
    assert len(shown(records, member=MEMBER)) == 1
    assert shown(records, member="0000007") == []


# ---------------------------------------------------------------- another amount


@pytest.fixture
def held(records: Records, bank: SandboxBank) -> Verification:
    """Another amount was paid than was asked for."""
    bank.switch("amount_tampered")
    verification = open_at(records, bank, 1)
    verification.verify_and_record(attempt(records), AT)
    assert attempt(records).status == "held"
    return verification


def test_a_payment_of_another_amount_is_held_told_of_and_goes_back_by_itself(
    records: Records, held: Verification
) -> None:
    assert kinds(records) == [("amount_differs", 1)]
    assert [task.kind for task in waiting(records)] == ["held"]
    assert worker.reverse_due_payments(held, AT) == 1
    assert types(records)[-2:] == ["PaymentHeld", "PaymentFailed"]
    assert (attempt(records).status, attempt(records).cause) == ("failed", "given_back")
    assert waiting(records) == []
    assert worker.reverse_due_payments(held, LATER) == 0
    with records.read() as connection:
        invoice = lookups.invoice(connection, MEMBER, YEAR)
    assert invoice is not None
    assert (invoice.status, invoice.received_rials, invoice.amount_rials) == ("open", 0, AMOUNT)


@pytest.mark.parametrize("answer", [Unknown("silent"), NotReversed("code -61")])
def test_until_the_banks_time_is_over_it_is_asked_again_and_then_people_have_it(
    held: Verification, answer: Unknown | NotReversed
) -> None:
    records = held.records
    bank = FakeBank(session_status=SessionStatus.PAID)
    bank.reversal = answer
    stubborn = Verification(records, bank)
    assert worker.reverse_due_payments(stubborn, AT) == 1
    assert worker.reverse_due_payments(stubborn, AT) == 0
    assert worker.reverse_due_payments(stubborn, LATER) == 1
    assert worker.reverse_due_payments(stubborn, LATER + timedelta(hours=1)) == 0
    assert attempt(records).status == "held"
    with records.read() as connection:
        assert finance_tasks.page(connection, queries.ListMoneyTasks(province=PROVINCE)).total == 1
