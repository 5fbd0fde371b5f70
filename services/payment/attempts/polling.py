"""Which attempts the bank is to be asked about, and when: at once after a notice, else with growing pauses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select, update

from services.payment.banks import time_scale
from services.payment.tables.projections import ATTEMPTS, WATCHES
from shared.event_store import upsert

FIRST_LOOK_SECONDS = 60
"""A browser usually comes back earlier; after this we ask without being told."""
MARKED_PAUSES_SECONDS = (1, 5, 30)
PAUSES_SECONDS = (60, 120, 180, 240, 300)
"""Between looks at an unfinished attempt: at 1, 2, 4, 7, 11 minutes, then every five (docs/payments.md 4, case 2)."""
CHANGEABLE = ("started", "failed", "held", "settled", "duplicate")
"""What may have become of a session since we knew it last; what was reversed stays so."""


def begin(connection: Connection, attempt: UUID, started_at: datetime) -> None:
    """Watch a new attempt."""
    first = started_at + time_scale.pause(FIRST_LOOK_SECONDS)
    connection.execute(insert(WATCHES).values(attempt=attempt, marked=False, looks=0, next_look_at=first))


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


def claim(connection: Connection, bank: str, at: datetime) -> Look | None:
    """Take the look that is due for the longest, and set the next one, so that no other copy takes it too."""
    row = connection.execute(due(bank, at)).mappings().one_or_none()
    return None if row is None else take(connection, row, at)


def due(bank: str, at: datetime) -> Select[Any]:
    """The look at a bank that is due for the longest; of what is open at another one, this one knows nothing."""
    own = select(WATCHES).join(ATTEMPTS, ATTEMPTS.c.attempt == WATCHES.c.attempt).where(ATTEMPTS.c.bank == bank)
    return own.where(WATCHES.c.next_look_at <= at).order_by(WATCHES.c.next_look_at).limit(1)


def take(connection: Connection, row: RowMapping, at: datetime) -> Look | None:
    """Take a look that was seen to be due; None when it is taken."""
    taken = connection.execute(
        update(WATCHES)
        .where(WATCHES.c.attempt == row["attempt"], WATCHES.c.next_look_at == row["next_look_at"])
        .values(looks=row["looks"] + 1, next_look_at=at + pause(row["looks"], marked=row["marked"]))
    )
    return Look(row["attempt"], row["marked"]) if taken.rowcount == 1 else None


def pause(looks: int, *, marked: bool) -> timedelta:
    """How long to wait after so many looks."""
    seconds = (*MARKED_PAUSES_SECONDS, *PAUSES_SECONDS) if marked else PAUSES_SECONDS
    return time_scale.pause(seconds[min(looks, len(seconds) - 1)])
