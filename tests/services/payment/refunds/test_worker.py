"""Money that goes back: a surplus payment while the bank still can, and whatever the bank takes back itself."""

from datetime import timedelta

from services.payment.accounting import ledger
from services.payment.attempts import polling, reconciler
from services.payment.attempts.verification import Verification
from services.payment.banks.port import Opened, Order
from services.payment.invoices import queries as lookups
from services.payment.refunds import finance_tasks, worker
from shared.contract.payment import answers, finance_answers, queries
from shared.event_store.command_handler import Records
from tests.services.payment.attempts.test_verification import attempt, types
from tests.services.payment.samples import (
    AMOUNT,
    AT,
    FIRST,
    ISSUE,
    MEMBER,
    PROVINCE,
    SECOND,
    YEAR,
    confirm,
    record,
    start,
)
from tests.support.sandbox_bank import SandboxBank

SOON, MUCH_LATER = AT + timedelta(minutes=21), AT + timedelta(minutes=60)


def open_at(records: Records, bank: SandboxBank, number: int) -> Verification:
    """An attempt of the invoice, opened at the bank; the second after the first is not offered any more."""
    key, at = (FIRST, AT) if number == 1 else (SECOND, SOON)
    opened = bank.adapter.create(Order(key, AMOUNT, "حق عضویت"))
    assert isinstance(opened, Opened)
    record(records, *([ISSUE] if number == 1 else []), start(key, opened.authority, at))
    bank.choose(opened.authority, "pay")
    return Verification(records, bank.adapter)


def paid_twice(records: Records, bank: SandboxBank) -> Verification:
    """Two tabs, both paid."""
    open_at(records, bank, 1)
    verification = open_at(records, bank, 2)
    for key in (FIRST, SECOND):
        verification.verify_and_record(attempt(records, key), SOON)
    return verification


def balance(records: Records) -> tuple[int, list[tuple[str, int]]]:
    with records.read() as connection:
        found = ledger.balance(connection, MEMBER)
    return found.balance_rials, [(entry.kind, entry.amount_rials) for entry in found.entries]


def waiting(records: Records) -> list[finance_answers.MoneyTask]:
    with records.read() as connection:
        return list(finance_tasks.page(connection, queries.ListMoneyTasks(province=PROVINCE)).tasks)


def invoice(records: Records) -> answers.Invoice:
    with records.read() as connection:
        found = lookups.invoice(connection, MEMBER, YEAR)
    assert found is not None
    return found


def test_the_second_payment_of_two_tabs_goes_back_by_itself(records: Records, bank: SandboxBank) -> None:
    verification = paid_twice(records, bank)
    assert balance(records)[0] == AMOUNT
    assert worker.reverse_due_payments(verification, SOON) == 1
    assert types(records)[-1] == "PaymentReversed"
    assert (attempt(records, FIRST).status, attempt(records, SECOND).status) == ("settled", "reversed")
    assert balance(records) == (
        0,
        [("charge", -AMOUNT), ("payment", AMOUNT), ("credit", AMOUNT), ("reversal", -AMOUNT)],
    )
    assert worker.reverse_due_payments(verification, MUCH_LATER) == 0
    assert waiting(records) == []


def test_a_lost_answer_to_the_reversal_is_no_matter(records: Records, bank: SandboxBank) -> None:
    verification = paid_twice(records, bank)
    bank.adapter.reverse(attempt(records, SECOND).authority)
    assert worker.reverse_due_payments(verification, SOON) == 1
    assert attempt(records, SECOND).status == "reversed"
    assert balance(records)[0] == 0


def test_after_the_banks_time_the_refund_is_a_task_for_people(records: Records, bank: SandboxBank) -> None:
    verification = paid_twice(records, bank)
    assert [one.is_reversal_requested for one in invoice(records).attempts] == [False, True]
    bank.clock.advance(minutes=31)
    assert worker.reverse_due_payments(verification, SOON) == 1
    assert [one.is_reversal_requested for one in invoice(records).attempts] == [False, False]
    assert [(task.kind, task.task, task.amount_rials) for task in waiting(records)] == [("refund_due", SECOND, AMOUNT)]
    assert balance(records)[0] == AMOUNT
    assert worker.reverse_due_payments(verification, MUCH_LATER) == 0


def test_while_the_bank_is_down_a_reversal_waits(sqlite_records: Records, bank: SandboxBank) -> None:
    paid_twice(sqlite_records, bank)
    nowhere = Verification(sqlite_records, bank.adapter_of("no merchant"))
    worker.reverse_due_payments(nowhere, SOON)
    assert attempt(sqlite_records, SECOND).status == "duplicate"
    assert worker.reverse_due_payments(Verification(sqlite_records, bank.adapter), SOON) == 0
    worker.reverse_due_payments(Verification(sqlite_records, bank.adapter), SOON + timedelta(seconds=30))
    assert attempt(sqlite_records, SECOND).status == "reversed"


def test_a_confirmed_payment_that_the_bank_takes_back_is_not_confirmed_any_more(
    records: Records, bank: SandboxBank
) -> None:
    verification = open_at(records, bank, 1)
    verification.verify_and_record(attempt(records), SOON)
    record(records, confirm())
    bank.adapter.reverse(attempt(records).authority)
    records.write(lambda connection: polling.poll_now(connection, attempt(records).authority, SOON))
    assert reconciler.poll_due_attempts(verification, SOON) == 1
    assert types(records)[-2:] == ["PaymentReversed", "ConfirmationWithdrawn"]
    shown = invoice(records)
    assert (shown.status, shown.reversed_at, shown.confirmed_at, shown.received_rials) == ("open", SOON, None, 0)
    assert balance(records)[0] == -AMOUNT
    assert [(task.kind, task.task, task.cause) for task in waiting(records)] == [("taken_back", FIRST, "by_bank")]
    assert reconciler.poll_due_attempts(verification, MUCH_LATER) == 0
    verification.verify_and_record(attempt(records), MUCH_LATER)
    assert attempt(records).status == "reversed"


def test_once_it_is_paid_anew_nobody_needs_to_speak_with_the_member(records: Records, bank: SandboxBank) -> None:
    verification = open_at(records, bank, 1)
    verification.verify_and_record(attempt(records), AT)
    bank.adapter.reverse(attempt(records).authority)
    verification.inquire(attempt(records), SOON)
    assert [task.kind for task in waiting(records)] == ["taken_back"]
    open_at(records, bank, 2).verify_and_record(attempt(records, SECOND), SOON)
    assert (invoice(records).status, waiting(records)) == ("settled", [])


def test_a_surplus_payment_that_the_bank_took_back_itself_is_nobodys_task(records: Records, bank: SandboxBank) -> None:
    verification = paid_twice(records, bank)
    bank.adapter.reverse(attempt(records, SECOND).authority)
    verification.inquire(attempt(records, SECOND), SOON)
    assert (attempt(records, SECOND).status, waiting(records)) == ("reversed", [])


def test_a_paid_attempt_that_is_still_paid_at_the_bank_stays_so(records: Records, bank: SandboxBank) -> None:
    verification = open_at(records, bank, 1)
    verification.verify_and_record(attempt(records), SOON)
    records.write(lambda connection: polling.poll_now(connection, attempt(records).authority, SOON))
    assert reconciler.poll_due_attempts(verification, SOON) == 1
    assert (attempt(records).status, invoice(records).status) == ("settled", "settled")
    assert reconciler.poll_due_attempts(verification, MUCH_LATER) == 0
