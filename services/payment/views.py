"""What payment's own events make of its rows: invoices, attempts, and the bank references already counted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select, update

from services.payment import watch
from services.payment.tables import ATTEMPTS, INVOICES, REFERENCES
from shared.contract import events
from shared.contract.envelope import Recorded
from shared.contract.values import InvoiceLine

LINES = TypeAdapter(tuple[InvoiceLine, ...])


class ReferenceTaken(Exception):  # noqa: N818 - no error: the bank's answer is the wrong one
    """The bank reference already counts for another attempt, so the append that would count it again is undone."""


def project(connection: Connection, recorded: Recorded) -> None:
    """Write what an event of ours means for the rows; `ReferenceTaken` refuses the event itself."""
    match recorded.event:
        case events.InvoiceIssued() as event:
            fields = event.model_dump(exclude={"lines"})
            lines = LINES.dump_json(event.lines).decode()
            connection.execute(insert(INVOICES).values(**fields, lines=lines, status="open"))
        case events.PaymentStarted() as event:
            connection.execute(insert(ATTEMPTS).values(**event.model_dump(), status="started"))
            watch.begin(connection, event.attempt, event.started_at)
        case events.PaymentSettled() as event:
            paid = {"bank_reference": event.bank_reference, "card_mask": event.card_mask}
            end_attempt(connection, event, event.settled_at, status="settled", **paid)
            change_invoice(connection, event, status="settled", settled_at=event.settled_at, **paid)
        case events.DuplicatePaymentFound() as event:
            paid = {"bank_reference": event.bank_reference, "card_mask": event.card_mask}
            end_attempt(connection, event, event.found_at, status="duplicate", **paid)
        case events.PaymentFailed() as event:
            end_attempt(connection, event, event.failed_at, status="failed", cause=event.cause)
        case events.PaymentHeld() as event:
            end_attempt(connection, event, event.held_at, status="held", cause=event.cause)
        case events.PaymentConfirmed() as event:
            change_invoice(connection, event, status="confirmed", confirmed_at=event.confirmed_at)
        case _:
            pass


Ending = events.PaymentSettled | events.DuplicatePaymentFound | events.PaymentFailed | events.PaymentHeld


def end_attempt(connection: Connection, event: Ending, ended_at: datetime, **values: str) -> None:
    """An attempt's outcome is known; where money was paid, its reference counts from now on."""
    if isinstance(event, events.PaymentSettled | events.DuplicatePaymentFound):
        count_reference(connection, event.bank, event.bank_reference, event.attempt)
    connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.attempt == event.attempt).values(ended_at=ended_at, **values))
    watch.end(connection, event.attempt)


def count_reference(connection: Connection, bank: str, reference: str, attempt: UUID) -> None:
    """Appends wait for each other at the log's counter, so looking first misses none; the key holds it all the same."""
    taken = select(REFERENCES).where(REFERENCES.c.bank == bank, REFERENCES.c.reference == reference)
    if connection.execute(taken).first() is not None:
        raise ReferenceTaken(reference)
    connection.execute(insert(REFERENCES).values(bank=bank, reference=reference, attempt=attempt))


def change_invoice(
    connection: Connection, event: events.PaymentSettled | events.PaymentConfirmed, **values: Any
) -> None:
    of_event = (INVOICES.c.member == event.member, INVOICES.c.year == event.year)
    connection.execute(update(INVOICES).where(*of_event).values(**values))
