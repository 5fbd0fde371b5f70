"""Process manager of payment: what follows from its own events beside the rows, in the transaction that appends them, and once."""

from uuid import UUID

from sqlalchemy import Connection, and_, delete, func, or_, select

from services.payment.accounting import bank_statements
from services.payment.attempts import alerts, polling
from services.payment.banks import circuit_breaker
from services.payment.invoices import REFERENCE_COUNTED, ReferenceTaken
from services.payment.refunds import queue
from services.payment.tables import ATTEMPTS, REFERENCES, TASKS
from shared.contract import base
from shared.contract.envelope import Recorded
from shared.contract.payment import events, finance_events
from shared.event_store.sql import by_key

SLIP, REFUND = "slip", "refund"
"""The bank's name in references of deposit slips and of refunds by finance: any bank."""


def react(connection: Connection, recorded: Recorded) -> None:
    """Do what an event leads to; `ReferenceTaken` refuses the event itself."""
    event = recorded.event
    reserve(connection, event)
    polling.react(connection, event)
    queue.react(connection, event)
    circuit_breaker.react(connection, event)
    bank_statements.react(connection, event)
    alerts.react(connection, event)
    if isinstance(event, finance_events.StatementCounted):
        follow_statement(connection, event)
    if isinstance(event, finance_events.ManualPaymentReversed):
        follow_slip(connection, event)


def reserve(connection: Connection, event: base.Event) -> None:
    """The reference of money that came or went counts from now on, and no other time: whoever appends it has it reserved here.

    That of a slip that counts no more is free again, for the member whose slip it is.
    """
    match event:
        case events.PaymentSettled() | events.DuplicatePaymentFound():
            must_be_free(connection, SLIP, event.bank_reference.casefold())
            reserve_reference(connection, event.bank, event.bank_reference, event.attempt)
        case finance_events.ManualPaymentGranted():
            reserve_slip(connection, event.slip, event.request)
        case finance_events.ManualPaymentReversed():
            release_slip(connection, event.manual_payment)
        case finance_events.RefundPaid():
            reserve_reference(connection, REFUND, event.bank_reference, event.request)
        case _:
            pass


def reserve_reference(connection: Connection, bank: str, reference: str, attempt: UUID) -> None:
    """Appends wait for each other at the log's counter, so reading first misses none; the key holds it all the same."""
    must_be_free(connection, bank, reference)
    by_key.add(connection, REFERENCES, {"bank": bank, "reference": reference, "attempt": attempt})


def must_be_free(connection: Connection, bank: str, reference: str) -> None:
    if by_key.find(connection, REFERENCES, {"bank": bank, "reference": reference}) is not None:
        raise ReferenceTaken(reference)


def reserve_slip(connection: Connection, slip: str, request: UUID) -> None:
    """A slip may bear the number of an online payment; all banks' are looked through, since slips are few."""
    same = func.lower(REFERENCES.c.reference) == slip.casefold()
    counted = select(REFERENCES.c.attempt).where(REFERENCES.c.bank != REFUND, same)
    if connection.execute(counted).first() is not None:
        raise ReferenceTaken(slip)
    by_key.add(connection, REFERENCES, {"bank": SLIP, "reference": slip.casefold(), "attempt": request})


def release_slip(connection: Connection, request: UUID) -> None:
    """What was reserved with a slip's grant, however its number was written then."""
    connection.execute(delete(REFERENCES).where(REFERENCES.c.bank == SLIP, REFERENCES.c.attempt == request))


def follow_slip(connection: Connection, event: finance_events.ManualPaymentReversed) -> None:
    """A payment that was held beside the slip, or under its number, counts now, if the bank still confirms it."""
    beside = and_(TASKS.c.member == event.member, TASKS.c.year == event.year)
    held = (TASKS.c.kind == "held", or_(beside, TASKS.c.cause == REFERENCE_COUNTED))
    keys = select(ATTEMPTS.c.authority).join(TASKS, TASKS.c.task == ATTEMPTS.c.attempt).where(*held)
    for authority in connection.execute(keys).scalars().all():
        polling.poll_now(connection, authority, event.granted_at)


def follow_statement(connection: Connection, event: finance_events.StatementCounted) -> None:
    """Where a counted statement and our records differ, we inquire at the bank: a line itself settles nothing."""
    for authority in bank_statements.differing(connection, event.bank, event.statement, event.corrects):
        polling.poll_now(connection, authority, event.counted_at)
    for attempt in bank_statements.disputed(connection, event.statement):
        alerts.record(connection, "disputed", event.counted_at, attempt)
