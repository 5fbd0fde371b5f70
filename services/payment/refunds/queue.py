"""Queue of surplus payments to be reversed by the bank: when each is tried next, and how often it was."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, delete, select, update

from services.payment.tables import ATTEMPTS, REVERSALS
from shared.contract import base
from shared.contract.payment import events, finance_events
from shared.event_store import upsert

PAUSE = timedelta(seconds=30)
REVERSIBLE = frozenset({"amount_differs"})
"""Why a payment is held that the bank can reverse: it has money under our key, but not the requested amount."""


def project(connection: Connection, event: base.Event) -> None:
    """A payment was found that nothing needs, or of another sum; or it is known what becomes of it."""
    match event:
        case events.DuplicatePaymentFound():
            enqueue(connection, event.attempt, event.found_at)
        case events.PaymentHeld() if event.cause in REVERSIBLE:
            enqueue(connection, event.attempt, event.held_at)
        case events.PaymentReversed() | finance_events.RefundDue() | events.PaymentFailed():
            dequeue(connection, event.attempt)
        case _:
            pass


def enqueue(connection: Connection, attempt: UUID, at: datetime) -> None:
    """Ask the bank for it from now on."""
    upsert.put(connection, REVERSALS, {"attempt": attempt}, {"tries": 0, "next_try_at": at})


def dequeue(connection: Connection, attempt: UUID) -> None:
    """Ask the bank no more."""
    connection.execute(delete(REVERSALS).where(REVERSALS.c.attempt == attempt))


def is_due(connection: Connection, bank: str, at: datetime) -> bool:
    """Whether there is anything to claim."""
    return connection.execute(due(bank, at)).first() is not None


def due(bank: str, at: datetime) -> Select[Any]:
    """The try at a bank that is due for the longest."""
    own = select(REVERSALS).join(ATTEMPTS, ATTEMPTS.c.attempt == REVERSALS.c.attempt).where(ATTEMPTS.c.bank == bank)
    return own.where(REVERSALS.c.next_try_at <= at).order_by(REVERSALS.c.next_try_at).limit(1)


def claim(connection: Connection, bank: str, at: datetime, time_scale: int = 1) -> UUID | None:
    """Take the try that is due for the longest, and set the next one, so that no other copy takes it too."""
    row = connection.execute(due(bank, at)).mappings().one_or_none()
    if row is None:
        return None
    this = (REVERSALS.c.attempt == row["attempt"], REVERSALS.c.tries == row["tries"])
    taken = update(REVERSALS).where(*this).values(tries=row["tries"] + 1, next_try_at=at + PAUSE / time_scale)
    attempt: UUID = row["attempt"]
    return attempt if connection.execute(taken).rowcount == 1 else None
