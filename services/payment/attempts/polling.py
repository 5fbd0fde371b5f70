"""Polling schedule of attempts: when to inquire about each at the bank, at once after a notice, else with growing pauses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select, update

from services.payment.tables import ATTEMPTS, POLLED_ATTEMPTS
from shared.contract import base
from shared.contract.envelope import Recorded
from shared.contract.payment import events
from shared.event_store import upsert
from shared.event_store.command_handler import SideWrites

FIRST_INQUIRY_SECONDS = 60
"""A browser usually comes back earlier; after this we inquire by ourselves."""
MARKED_PAUSES_SECONDS = (1, 5, 30)
PAUSES_SECONDS = (60, 120, 180, 240, 300)
"""Between inquiries about an unfinished attempt: at 1, 2, 4, 7, 11 minutes, then every five (docs/payments.md 4, case 2)."""
CHANGEABLE = ("started", "failed", "held", "settled", "duplicate")
"""Statuses that may change at the bank after all; what was reversed stays so."""


def schedule_first(time_scale: int = 1) -> SideWrites:
    """Side writes that schedule the first inquiry of attempts that are newly on record."""

    def work(connection: Connection, recorded: tuple[Recorded, ...]) -> None:
        for one in recorded:
            if isinstance(one.event, events.PaymentStarted):
                first = one.event.started_at + pause(FIRST_INQUIRY_SECONDS, time_scale)
                row = {"attempt": one.event.attempt, "marked": False, "inquiries": 0, "next_inquiry_at": first}
                connection.execute(insert(POLLED_ATTEMPTS).values(row))

    return work


def project(connection: Connection, event: base.Event) -> None:
    """Once an attempt's outcome is known, the polling ends."""
    match event:
        case (
            events.PaymentSettled()
            | events.DuplicatePaymentFound()
            | events.PaymentFailed()
            | events.PaymentHeld()
            | events.PaymentReversed()
        ):
            stop(connection, event.attempt)
        case _:
            pass


def stop(connection: Connection, attempt: UUID) -> None:
    """Poll an attempt no more."""
    connection.execute(delete(POLLED_ATTEMPTS).where(POLLED_ATTEMPTS.c.attempt == attempt))


def poll_now(connection: Connection, authority: str, at: datetime) -> None:
    """Inquire at once about a session that may have changed at the bank, also one whose outcome was known."""
    changeable = select(ATTEMPTS.c.attempt).where(ATTEMPTS.c.authority == authority, ATTEMPTS.c.status.in_(CHANGEABLE))
    for attempt in connection.execute(changeable).scalars().all():
        upsert.put(
            connection, POLLED_ATTEMPTS, {"attempt": attempt}, {"marked": True, "inquiries": 0, "next_inquiry_at": at}
        )


def make_all_due(connection: Connection, at: datetime) -> None:
    """Make every inquiry due: nobody knows what happened while this program was not running."""
    connection.execute(update(POLLED_ATTEMPTS).where(POLLED_ATTEMPTS.c.next_inquiry_at > at).values(next_inquiry_at=at))


@dataclass(frozen=True)
class DueInquiry:
    """An attempt whose inquiry is due; a marked one is believed to have changed at the bank."""

    attempt: UUID
    marked: bool


def is_due(connection: Connection, bank: str, at: datetime) -> bool:
    """Whether there is anything to claim."""
    return connection.execute(due(bank, at)).first() is not None


def claim(connection: Connection, bank: str, at: datetime, time_scale: int = 1) -> DueInquiry | None:
    """Claim the inquiry that is due for the longest, and schedule the next one, so that no other copy claims it too."""
    row = connection.execute(due(bank, at)).mappings().one_or_none()
    return None if row is None else claim_row(connection, row, at, time_scale)


def due(bank: str, at: datetime) -> Select[Any]:
    """The inquiry at a bank that is due for the longest; a session of another bank is unknown to it."""
    own = (
        select(POLLED_ATTEMPTS)
        .join(ATTEMPTS, ATTEMPTS.c.attempt == POLLED_ATTEMPTS.c.attempt)
        .where(ATTEMPTS.c.bank == bank)
    )
    return own.where(POLLED_ATTEMPTS.c.next_inquiry_at <= at).order_by(POLLED_ATTEMPTS.c.next_inquiry_at).limit(1)


def claim_row(connection: Connection, row: RowMapping, at: datetime, time_scale: int = 1) -> DueInquiry | None:
    """Claim an inquiry that was read as due; None when another copy has claimed it."""
    taken = connection.execute(
        update(POLLED_ATTEMPTS)
        .where(POLLED_ATTEMPTS.c.attempt == row["attempt"], POLLED_ATTEMPTS.c.next_inquiry_at == row["next_inquiry_at"])
        .values(
            inquiries=row["inquiries"] + 1,
            next_inquiry_at=at + pause(seconds_after(row["inquiries"], marked=row["marked"]), time_scale),
        )
    )
    return DueInquiry(row["attempt"], row["marked"]) if taken.rowcount == 1 else None


def seconds_after(inquiries: int, *, marked: bool) -> int:
    """How long to wait after so many inquiries."""
    seconds = (*MARKED_PAUSES_SECONDS, *PAUSES_SECONDS) if marked else PAUSES_SECONDS
    return seconds[min(inquiries, len(seconds) - 1)]


def pause(seconds: int, time_scale: int) -> timedelta:
    """So many seconds of life, which a rehearsal shortens (`Settings.bank_time_scale`)."""
    return timedelta(seconds=seconds / time_scale)
