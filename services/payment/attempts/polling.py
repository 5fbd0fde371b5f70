"""Which attempts the bank is to be asked about, and when: at once after a notice, else with growing pauses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select, update

from services.payment.tables import ATTEMPTS, WATCHES
from shared.contract import base
from shared.contract.envelope import Recorded
from shared.contract.payment import events
from shared.event_store import upsert
from shared.event_store.command_handler import SideWrites

FIRST_LOOK_SECONDS = 60
"""A browser usually comes back earlier; after this we ask without being told."""
MARKED_PAUSES_SECONDS = (1, 5, 30)
PAUSES_SECONDS = (60, 120, 180, 240, 300)
"""Between looks at an unfinished attempt: at 1, 2, 4, 7, 11 minutes, then every five (docs/payments.md 4, case 2)."""
CHANGEABLE = ("started", "failed", "held", "settled", "duplicate")
"""What may have become of a session since we knew it last; what was reversed stays so."""


def begin(time_scale: int = 1) -> SideWrites:
    """Side writes that schedule the first inquiry of attempts that are newly on record."""

    def work(connection: Connection, recorded: tuple[Recorded, ...]) -> None:
        for one in recorded:
            if isinstance(one.event, events.PaymentStarted):
                first = one.event.started_at + pause(FIRST_LOOK_SECONDS, time_scale)
                row = {"attempt": one.event.attempt, "marked": False, "looks": 0, "next_look_at": first}
                connection.execute(insert(WATCHES).values(row))

    return work


def project(connection: Connection, event: base.Event) -> None:
    """Once an attempt's outcome is known, the bank is asked no more."""
    match event:
        case (
            events.PaymentSettled()
            | events.DuplicatePaymentFound()
            | events.PaymentFailed()
            | events.PaymentHeld()
            | events.PaymentReversed()
        ):
            end(connection, event.attempt)
        case _:
            pass


def end(connection: Connection, attempt: UUID) -> None:
    """Watch an attempt no longer."""
    connection.execute(delete(WATCHES).where(WATCHES.c.attempt == attempt))


def mark(connection: Connection, authority: str, at: datetime) -> None:
    """Somebody says that the session has changed at the bank: ask at once, also about one whose outcome was known."""
    changeable = select(ATTEMPTS.c.attempt).where(ATTEMPTS.c.authority == authority, ATTEMPTS.c.status.in_(CHANGEABLE))
    for attempt in connection.execute(changeable).scalars().all():
        upsert.put(connection, WATCHES, {"attempt": attempt}, {"marked": True, "looks": 0, "next_look_at": at})


def wake(connection: Connection, at: datetime) -> None:
    """Let every look be due: nobody knows what happened while this program was away."""
    connection.execute(update(WATCHES).where(WATCHES.c.next_look_at > at).values(next_look_at=at))


@dataclass(frozen=True)
class Look:
    """An attempt whose look is due; a marked one is believed to have changed at the bank."""

    attempt: UUID
    marked: bool


def is_due(connection: Connection, bank: str, at: datetime) -> bool:
    """Whether there is anything to claim."""
    return connection.execute(due(bank, at)).first() is not None


def claim(connection: Connection, bank: str, at: datetime, time_scale: int = 1) -> Look | None:
    """Take the look that is due for the longest, and set the next one, so that no other copy takes it too."""
    row = connection.execute(due(bank, at)).mappings().one_or_none()
    return None if row is None else take(connection, row, at, time_scale)


def due(bank: str, at: datetime) -> Select[Any]:
    """The look at a bank that is due for the longest; of what is open at another one, this one knows nothing."""
    own = select(WATCHES).join(ATTEMPTS, ATTEMPTS.c.attempt == WATCHES.c.attempt).where(ATTEMPTS.c.bank == bank)
    return own.where(WATCHES.c.next_look_at <= at).order_by(WATCHES.c.next_look_at).limit(1)


def take(connection: Connection, row: RowMapping, at: datetime, time_scale: int = 1) -> Look | None:
    """Take a look that was seen to be due; None when it is taken."""
    taken = connection.execute(
        update(WATCHES)
        .where(WATCHES.c.attempt == row["attempt"], WATCHES.c.next_look_at == row["next_look_at"])
        .values(
            looks=row["looks"] + 1,
            next_look_at=at + pause(seconds_after(row["looks"], marked=row["marked"]), time_scale),
        )
    )
    return Look(row["attempt"], row["marked"]) if taken.rowcount == 1 else None


def seconds_after(looks: int, *, marked: bool) -> int:
    """How long to wait after so many inquiries."""
    seconds = (*MARKED_PAUSES_SECONDS, *PAUSES_SECONDS) if marked else PAUSES_SECONDS
    return seconds[min(looks, len(seconds) - 1)]


def pause(seconds: int, time_scale: int) -> timedelta:
    """So many seconds of life, which a rehearsal shortens (`Settings.bank_haste`)."""
    return timedelta(seconds=seconds / time_scale)
