"""Queue of surplus payments to be reversed by the bank: tried from when they were found, with a pause between two tries."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, select

from services.payment.tables import ATTEMPTS, REVERSALS, UNKNOWN
from shared.contract import base
from shared.contract.payment import events, finance_events
from shared.event_store.database import Database
from shared.subscriptions.timers import Timer

PAUSE = timedelta(seconds=30)
TRIES_PER_ROUND_MAX = 5
REVERSIBLE = frozenset({"amount_differs"})
"""Why a payment is held that the bank can reverse: it has money under our key, but not the requested amount."""


def react(connection: Connection, event: base.Event) -> None:
    """A payment was found that nothing needs, or of another sum; or it is known what becomes of it."""
    match event:
        case events.DuplicatePaymentFound():
            enqueue(connection, event.attempt, event.found_at)
        case events.PaymentHeld() if event.cause in REVERSIBLE:
            enqueue(connection, event.attempt, event.held_at)
        case events.PaymentHeld() | events.PaymentReversed() | finance_events.RefundDue() | events.PaymentFailed():
            dequeue(connection, event.attempt)
        case _:
            pass


def enqueue(connection: Connection, attempt: UUID, at: datetime) -> None:
    """Ask the bank for it from now on."""
    bank = connection.execute(select(ATTEMPTS.c.bank).where(ATTEMPTS.c.attempt == attempt)).scalar_one()
    REVERSALS.arm(connection, attempt, at, owner=bank)


def dequeue(connection: Connection, attempt: UUID) -> None:
    REVERSALS.cancel(connection, attempt)


def mark_unknown(connection: Connection, attempt: UUID) -> None:
    """Nobody knows whether the bank has given a surplus payment back; finance sees it so until it is known."""
    REVERSALS.mark(connection, attempt, UNKNOWN)


def claim_each(database: Database, at: datetime, again_at: datetime) -> Iterator[Timer]:
    """Claim the reversals that are due, one after another, also those of a bank that is used no more."""
    return REVERSALS.claim_each(database, at, lambda _: again_at, None, most=TRIES_PER_ROUND_MAX)
