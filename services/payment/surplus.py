"""Surplus payments that the bank is still to be asked to give back, as rows: when, and how often it was tried."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from services.payment.tables import REVERSALS
from shared.contract import events

PAUSE = timedelta(seconds=30)


def project(connection: Connection, event: events.Event) -> None:
    """A payment that nothing needs was found, or it is known what becomes of it."""
    match event:
        case events.DuplicatePaymentFound():
            row = {"attempt": event.attempt, "tries": 0, "next_try_at": event.found_at}
            connection.execute(insert(REVERSALS).values(row))
        case events.PaymentReversed() | events.RefundDue():
            end(connection, event.attempt)
        case _:
            pass


def end(connection: Connection, attempt: UUID) -> None:
    """Ask the bank no more."""
    connection.execute(delete(REVERSALS).where(REVERSALS.c.attempt == attempt))


def is_due(connection: Connection, at: datetime) -> bool:
    """Whether there is anything to claim."""
    return (
        connection.execute(select(REVERSALS.c.attempt).where(REVERSALS.c.next_try_at <= at).limit(1)).first()
        is not None
    )


def claim(connection: Connection, at: datetime) -> UUID | None:
    """Take the try that is due for the longest, and set the next one, so that no other copy takes it too."""
    due = select(REVERSALS).where(REVERSALS.c.next_try_at <= at).order_by(REVERSALS.c.next_try_at).limit(1)
    row = connection.execute(due).mappings().one_or_none()
    if row is None:
        return None
    this = (REVERSALS.c.attempt == row["attempt"], REVERSALS.c.tries == row["tries"])
    taken = update(REVERSALS).where(*this).values(tries=row["tries"] + 1, next_try_at=at + PAUSE)
    attempt: UUID = row["attempt"]
    return attempt if connection.execute(taken).rowcount == 1 else None
