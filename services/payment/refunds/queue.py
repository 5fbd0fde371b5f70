"""Payments that the bank is still to be asked to give back, as rows: when, and how often it was tried."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, delete, select, tuple_, update

from services.payment.banks import time_scale
from services.payment.tables.projections import ATTEMPTS, REVERSALS
from shared.contract import base
from shared.contract.payment import events, finance_events
from shared.event_store import upsert

PAUSE = time_scale.pause(30)
REVERSIBLE = frozenset({"amount_differs"})
"""Why a payment is held that the bank can give back: it has money under our key, only not the sum that we asked for."""


def project(connection: Connection, event: base.Event) -> None:
    """A payment was found that nothing needs, or of another sum; or it is known what becomes of it."""
    match event:
        case events.DuplicatePaymentFound():
            begin(connection, event.attempt, event.found_at)
        case events.PaymentHeld() if event.cause in REVERSIBLE:
            begin(connection, event.attempt, event.held_at)
        case events.PaymentReversed() | finance_events.RefundDue() | events.PaymentFailed():
            end(connection, event.attempt)
        case _:
            pass


def begin(connection: Connection, attempt: UUID, at: datetime) -> None:
    """Ask the bank for it from now on."""
    upsert.put(connection, REVERSALS, {"attempt": attempt}, {"tries": 0, "next_try_at": at})


def is_asked_back(connection: Connection, attempt: UUID) -> bool:
    """Whether we have the bank asked for it now."""
    return connection.execute(select(REVERSALS.c.attempt).where(REVERSALS.c.attempt == attempt)).first() is not None


def asked_back(connection: Connection, invoices: list[tuple[str, int]]) -> set[UUID]:
    """The payments of some invoices, by member and year, that we have the bank asked for now."""
    joined = REVERSALS.join(ATTEMPTS, ATTEMPTS.c.attempt == REVERSALS.c.attempt)
    of_invoices = tuple_(ATTEMPTS.c.member, ATTEMPTS.c.year).in_(invoices)
    return set(connection.execute(select(REVERSALS.c.attempt).select_from(joined).where(of_invoices)).scalars())


def end(connection: Connection, attempt: UUID) -> None:
    """Ask the bank no more."""
    connection.execute(delete(REVERSALS).where(REVERSALS.c.attempt == attempt))


def is_due(connection: Connection, bank: str, at: datetime) -> bool:
    """Whether there is anything to claim."""
    return connection.execute(due(bank, at)).first() is not None


def due(bank: str, at: datetime) -> Select[Any]:
    """The try at a bank that is due for the longest."""
    own = select(REVERSALS).join(ATTEMPTS, ATTEMPTS.c.attempt == REVERSALS.c.attempt).where(ATTEMPTS.c.bank == bank)
    return own.where(REVERSALS.c.next_try_at <= at).order_by(REVERSALS.c.next_try_at).limit(1)


def claim(connection: Connection, bank: str, at: datetime) -> UUID | None:
    """Take the try that is due for the longest, and set the next one, so that no other copy takes it too."""
    row = connection.execute(due(bank, at)).mappings().one_or_none()
    if row is None:
        return None
    this = (REVERSALS.c.attempt == row["attempt"], REVERSALS.c.tries == row["tries"])
    taken = update(REVERSALS).where(*this).values(tries=row["tries"] + 1, next_try_at=at + PAUSE)
    attempt: UUID = row["attempt"]
    return attempt if connection.execute(taken).rowcount == 1 else None
