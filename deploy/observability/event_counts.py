"""What is read of a log a part at a time: its new events of some types, and positions without an event."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Select, func, select

from shared.event_store.log import EVENTS, POSITION

EVENTS_MAX = 5_000
"""Read at one look; the rest at the next one."""
POSITIONS_MAX = 20_000


class Appended(NamedTuple):
    """An event's type, and its data as JSON."""

    type: str
    data: str


class AppendedEvents:
    """The events of some types that were appended since this was made, each read once."""

    def __init__(self, types: Collection[str]) -> None:
        self.types = sorted(types)
        self._began_at = datetime.now(UTC)
        self._after: int | None = None

    def read(self, connection: Connection) -> list[Appended]:
        """Those since the last call; the first one has all since the beginning."""
        head = POSITION.first(connection).position
        if self._after is None:
            self._after = connection.execute(last_before(self._began_at)).scalar_one_or_none() or 0
        self._after = min(self._after, head)  # of a log that was restored it is less
        query = select(EVENTS.c.position, EVENTS.c.type, EVENTS.c.data).where(
            EVENTS.c.position > self._after, EVENTS.c.position <= head, EVENTS.c.type.in_(self.types)
        )
        rows = connection.execute(query.order_by(EVENTS.c.position).limit(EVENTS_MAX)).all()
        self._after = rows[-1].position if len(rows) == EVENTS_MAX else head
        return [Appended(row.type, row.data) for row in rows]


def last_before(instant: datetime) -> Select[int]:
    """The position of the last event that was recorded before an instant; looked for from the log's end."""
    return select(EVENTS.c.position).where(EVENTS.c.recorded_at < instant).order_by(EVENTS.c.position.desc()).limit(1)


class LogHoles:
    """Looks for positions without an event: a part of the log each time, again from its beginning after its end."""

    def __init__(self) -> None:
        self._after = self._found = self._found_before = 0

    def missing(self, connection: Connection) -> int:
        """How many were found since the beginning, or in the whole log before."""
        head = POSITION.first(connection).position
        until = min(head, self._after + POSITIONS_MAX)
        within = (EVENTS.c.position > self._after, EVENTS.c.position <= until)
        present = connection.execute(select(func.count()).select_from(EVENTS).where(*within)).scalar_one()
        self._found += max(0, until - self._after - present)
        self._after = until
        missing = max(self._found, self._found_before)
        if until >= head:
            self._after, self._found, self._found_before = 0, 0, self._found
        return missing
