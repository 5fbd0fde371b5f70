"""Finance tasks: what waits for an officer, as held payments, refunds that are owed, and requests of colleagues."""

from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, update

from services.payment.tables import ATTEMPTS, INVOICES, NOTES, REVERSALS, TASKS, UNKNOWN
from shared.contract import base
from shared.contract.payment import events, finance_answers, finance_events, queries
from shared.event_store.command_handler import SideWrites
from shared.event_store.sql import by_key, upsert
from shared.personal_data import is_erased

Outcome = events.PaymentSettled | events.PaymentFailed | events.DuplicatePaymentFound | events.PaymentReversed
Requested = (
    finance_events.RefundRequested
    | finance_events.WriteOffRequested
    | finance_events.ManualPaymentRequested
    | finance_events.ManualPaymentReversalRequested
)
SettlesOrEnds = (
    events.PaymentSettled
    | finance_events.ManualPaymentGranted
    | finance_events.WriteOffGranted
    | events.CreditCounted
    | events.CreditReturned
    | events.InvoiceReplaced
    | events.InvoiceCancelled
)
SETTLES_OR_ENDS = get_args(SettlesOrEnds)
"""After which nobody needs to speak with the member about money that the bank took back, if nothing is owed."""
KIND_OF_REQUEST = {
    "RefundRequested": "refund_requested",
    "WriteOffRequested": "write_off_requested",
    "ManualPaymentRequested": "manual_payment_requested",
    "ManualPaymentReversalRequested": "slip_reversal_requested",
}

SLIP_EVENTS = (finance_events.ManualPaymentRequested, finance_events.ManualPaymentReversalRequested)
"""Their tasks have the slip's number as their cause."""


def project(connection: Connection, event: base.Event) -> None:
    """Write what an event of ours leaves to be done, or what it does of that."""
    change_tasks(connection, event)
    if isinstance(event, SETTLES_OR_ENDS) and not is_owed(connection, event):
        by_key.remove(connection, TASKS, {"member": event.member, "year": event.year, "kind": "taken_back"})


def change_tasks(connection: Connection, event: base.Event) -> None:
    """The task of the attempt or of the request that an event is about."""
    match event:
        case events.PaymentHeld():
            add_held_payment(connection, event)
        case finance_events.RefundDue():
            about = {"kind": "refund_due", "attempt": event.attempt, "cause": event.cause, "since": event.due_at}
            add(connection, event.attempt, event, **about)
        case (
            events.PaymentSettled() | events.PaymentFailed() | events.DuplicatePaymentFound() | events.PaymentReversed()
        ):
            end(connection, event.attempt)
            on_outcome(connection, event)
        case (
            finance_events.RefundRequested()
            | finance_events.WriteOffRequested()
            | finance_events.ManualPaymentRequested()
            | finance_events.ManualPaymentReversalRequested()
        ):
            add_request(connection, event)
        case finance_events.RefundGranted():
            granted = {"kind": "refund_granted", "granted_by": event.granted_by, "since": event.granted_at}
            connection.execute(update(TASKS).where(TASKS.c.task == event.request).values(**granted))
        case (
            finance_events.WriteOffGranted()
            | finance_events.ManualPaymentGranted()
            | finance_events.ManualPaymentReversed()
            | finance_events.RequestDeclined()
        ):
            end(connection, event.request)
        case finance_events.RefundPaid() | events.CreditTaken():
            on_money_returned(connection, event)
        case _:
            pass


def on_outcome(connection: Connection, event: Outcome) -> None:
    """What an outcome leaves: a surplus payment is queued for reversal; what the bank reversed is owed by the member again."""
    match event:
        case events.DuplicatePaymentFound():
            about = {
                "kind": "reversal_requested",
                "attempt": event.attempt,
                "cause": "duplicate",
                "since": event.found_at,
            }
            add(connection, event.attempt, event, **about)
        case events.PaymentReversed(cause="by_bank") if is_owed(connection, event):
            about = {"kind": "taken_back", "attempt": event.attempt, "cause": event.cause, "since": event.reversed_at}
            add(connection, event.attempt, event, **about)
        case _:
            pass


def is_owed(connection: Connection, event: events.PaymentReversed | SettlesOrEnds) -> bool:
    """Whether the invoice waits for money now, as it does not where a surplus payment went back, nor where it stands no more."""
    invoice = by_key.find(connection, INVOICES, {"member": event.member, "year": event.year})
    return bool(invoice.status == "open" and invoice.replaced_by_year is None and invoice.cancelled_at is None)


def add_held_payment(connection: Connection, event: events.PaymentHeld) -> None:
    """An officer must check a payment that the bank's answer contradicts."""
    of_attempt = select(ATTEMPTS.c.amount_rials).where(ATTEMPTS.c.attempt == event.attempt)
    of_invoice = select(INVOICES.c.province).where(INVOICES.c.member == event.member, INVOICES.c.year == event.year)
    row = {
        "member": event.member,
        "year": event.year,
        "province": connection.execute(of_invoice).scalar_one(),
        "amount_rials": connection.execute(of_attempt).scalar_one(),
    }
    about = {"kind": "held", "attempt": event.attempt, "cause": event.cause, "since": event.held_at}
    write_task(connection, event.attempt, row | about)


def add_request(connection: Connection, event: Requested) -> None:
    """A request waits for a colleague; a refund that was owed is on its way with it."""
    attempt = event.attempt if isinstance(event, finance_events.RefundRequested) else None
    kind = KIND_OF_REQUEST[type(event).__name__]
    cause = event.slip if isinstance(event, SLIP_EVENTS) else ""
    if isinstance(event, finance_events.WriteOffRequested) and event.is_waiver:
        cause = "waiver"
    about = {
        "kind": kind,
        "attempt": attempt,
        "cause": cause,
        "requested_by": event.requested_by,
        "since": event.requested_at,
    }
    add(connection, event.request, event, **about)


def attempt_of(connection: Connection, request: UUID) -> UUID | None:
    """The payment that a request which waits would send back."""
    found: UUID | None = connection.execute(select(TASKS.c.attempt).where(TASKS.c.task == request)).scalar_one_or_none()
    return found


def add(
    connection: Connection, task: UUID, event: Requested | finance_events.RefundDue | Outcome, **about: Any
) -> None:
    row = event.model_dump(include={"member", "year", "province", "amount_rials"})
    write_task(connection, task, row | about)


def write_task(connection: Connection, task: UUID, row: dict[str, Any]) -> None:
    upsert.put(connection, TASKS, {"task": task}, {"cause": "", "requested_by": "", "granted_by": ""} | row)


def on_money_returned(connection: Connection, event: finance_events.RefundPaid | events.CreditTaken) -> None:
    """What was sent back is done, and what counts for a later invoice need not be; the rest of the payment is still owed."""
    if isinstance(event, finance_events.RefundPaid):
        end(connection, event.request)
    this = TASKS.c.task == event.attempt
    connection.execute(delete(TASKS).where(this, TASKS.c.amount_rials <= event.amount_rials))
    connection.execute(update(TASKS).where(this).values(amount_rials=TASKS.c.amount_rials - event.amount_rials))


def store_note(note: UUID, member: str, text: str, at: datetime) -> SideWrites:
    """Writes the reason beside what is recorded; about a member who is erased, nothing."""

    def write(connection: Connection, _: object) -> None:
        if not is_erased(connection, member):
            connection.execute(insert(NOTES).values(note=note, member=member, text=text, written_at=at))

    return write


def end(connection: Connection, task: UUID) -> None:
    by_key.remove(connection, TASKS, {"task": task})


def requested_back() -> ColumnElement[int]:
    """What is requested or granted to be sent back of a task's payment, in rials."""
    requested = TASKS.alias("requested")
    same = (requested.c.attempt == TASKS.c.attempt, requested.c.kind.in_(("refund_requested", "refund_granted")))
    return select(func.coalesce(func.sum(requested.c.amount_rials), 0)).where(*same).scalar_subquery()


def is_superseded() -> ColumnElement[bool]:
    """A refund that is owed and requested whole waits as its requests; when one is declined, it waits as owed again."""
    return (TASKS.c.kind == "refund_due") & (requested_back() >= TASKS.c.amount_rials)


def waiting_rials() -> ColumnElement[int]:
    """What a task is about: of a refund that is owed, what nobody has requested yet."""
    is_due = TASKS.c.kind == "refund_due"
    return case((is_due, TASKS.c.amount_rials - requested_back()), else_=TASKS.c.amount_rials)


def page(connection: Connection, message: queries.ListMoneyTasks) -> finance_answers.MoneyTasks:
    """A page of a province's tasks, the oldest first, with the reasons that were given."""
    wanted = [TASKS.c.province == message.province, ~is_superseded()]
    if message.member is not None:
        wanted.append(TASKS.c.member == message.member)
    total = connection.execute(select(func.count()).select_from(TASKS).where(*wanted)).scalar_one()
    columns = [one for one in TASKS.c if one is not TASKS.c.amount_rials]
    query = (
        select(*columns, waiting_rials().label("amount_rials"), func.coalesce(NOTES.c.text, "").label("reason"))
        .outerjoin(NOTES, NOTES.c.note == TASKS.c.task)
        .where(*wanted)
        .order_by(TASKS.c.since, TASKS.c.task)
        .limit(message.limit)
        .offset(message.offset)
    )
    found = connection.execute(query).mappings().all()
    unknown = REVERSALS.armed(connection, (row["task"] for row in found), UNKNOWN)
    tasks = (dict(row, kind="reversal_unknown") if str(row["task"]) in unknown else dict(row) for row in found)
    return finance_answers.MoneyTasks(tasks=tuple(map(finance_answers.MoneyTask.model_validate, tasks)), total=total)
