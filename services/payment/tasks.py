"""What about money waits for an officer: held payments, refunds that are owed, and requests of colleagues."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, update

from services.payment.tables import ATTEMPTS, INVOICES, NOTES, TASKS
from shared.contract import answers, events, questions
from shared.contract.envelope import Recorded

Asked = events.RefundAsked | events.WriteOffAsked | events.ManualPaymentAsked
KINDS = {
    "RefundAsked": "refund_asked",
    "WriteOffAsked": "write_off_asked",
    "ManualPaymentAsked": "manual_payment_asked",
}


def project(connection: Connection, event: events.Event) -> None:
    """Write what an event of ours leaves to be done, or what it does of that."""
    match event:
        case events.PaymentHeld():
            hold(connection, event)
        case events.RefundDue():
            about = {"kind": "refund_due", "attempt": event.attempt, "cause": event.cause, "since": event.due_at}
            add(connection, event.attempt, event, **about)
        case events.PaymentSettled() | events.DuplicatePaymentFound() | events.PaymentReversed():
            end(connection, event.attempt)
        case events.RefundAsked() | events.WriteOffAsked() | events.ManualPaymentAsked():
            ask(connection, event)
        case events.RefundGranted():
            granted = {"kind": "refund_granted", "granted_by": event.granted_by, "since": event.granted_at}
            connection.execute(update(TASKS).where(TASKS.c.task == event.request).values(**granted))
        case events.WriteOffGranted() | events.ManualPaymentGranted() | events.RequestDeclined():
            end(connection, event.request)
        case events.RefundPaid():
            end(connection, event.request)
            end(connection, event.attempt)
        case _:
            pass


def hold(connection: Connection, event: events.PaymentHeld) -> None:
    """A person must look at a payment that the bank's answer contradicts."""
    of_attempt = select(ATTEMPTS.c.amount_rials).where(ATTEMPTS.c.attempt == event.attempt)
    of_invoice = select(INVOICES.c.province).where(INVOICES.c.member == event.member, INVOICES.c.year == event.year)
    row = {
        "member": event.member,
        "year": event.year,
        "province": connection.execute(of_invoice).scalar_one(),
        "amount_rials": connection.execute(of_attempt).scalar_one(),
    }
    about = {"kind": "held", "attempt": event.attempt, "cause": event.cause, "since": event.held_at}
    put(connection, event.attempt, row | about)


def ask(connection: Connection, event: Asked) -> None:
    """A request waits for a colleague; a refund that was owed is on its way with it."""
    attempt = event.attempt if isinstance(event, events.RefundAsked) else None
    kind = KINDS[type(event).__name__]
    cause = event.slip if isinstance(event, events.ManualPaymentAsked) else ""
    about = {"kind": kind, "attempt": attempt, "cause": cause, "asked_by": event.asked_by, "since": event.asked_at}
    add(connection, event.request, event, **about)


def add(connection: Connection, task: UUID, event: Asked | events.RefundDue, **about: Any) -> None:
    row = event.model_dump(include={"member", "year", "province", "amount_rials"})
    put(connection, task, row | about)


def put(connection: Connection, task: UUID, row: dict[str, Any]) -> None:
    end(connection, task)
    connection.execute(insert(TASKS).values({"task": task, "cause": "", "asked_by": "", "granted_by": ""} | row))


def keep_note(note: UUID, text: str | None) -> Callable[[Connection, tuple[Recorded, ...]], None] | None:
    """Writes the reason beside what is recorded."""
    if text is None:
        return None
    return lambda connection, _recorded: put_note(connection, note, text)


def put_note(connection: Connection, note: UUID, text: str) -> None:
    connection.execute(insert(NOTES).values(note=note, text=text))


def end(connection: Connection, task: UUID) -> None:
    connection.execute(delete(TASKS).where(TASKS.c.task == task))


def page(connection: Connection, question: questions.ListMoneyTasks) -> answers.MoneyTasks:
    """A page of a province's tasks, the oldest first, with the reasons that were given."""
    in_province = TASKS.c.province == question.province
    total = connection.execute(select(func.count()).select_from(TASKS).where(in_province)).scalar_one()
    query = (
        select(TASKS, func.coalesce(NOTES.c.text, "").label("reason"))
        .outerjoin(NOTES, NOTES.c.note == TASKS.c.task)
        .where(in_province)
        .order_by(TASKS.c.since, TASKS.c.task)
        .limit(question.limit)
        .offset(question.offset)
    )
    found = connection.execute(query).mappings()
    return answers.MoneyTasks(tasks=tuple(answers.MoneyTask.model_validate(dict(row)) for row in found), total=total)
