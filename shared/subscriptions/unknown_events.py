"""Unknown events of a source: types, and versions of their data, that only a later version of this program knows.

They are passed and noted, and hold up nothing; the version that knows them applies them before anything new.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, bindparam, delete, func, select, tuple_

from shared.contract import upcasting
from shared.contract.seal import Delivery
from shared.event_store.database import Database, Instant
from shared.event_store.sql import upsert
from shared.subscriptions import parking

UNKNOWN = Table(
    "unknown_events",
    parking.TABLES,
    Column("source", String(40), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("type", String(60), nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("digest", String(64), nullable=False),
    info={"privileges": "SELECT, INSERT, DELETE"},
)
OF_SOURCE = UNKNOWN.c.source == bindparam("of")
KINDS = select(UNKNOWN.c.type, UNKNOWN.c.schema_version).where(OF_SOURCE).distinct()
COUNT = select(func.count()).where(OF_SOURCE)

logger = logging.getLogger(__name__)

ApplyOrPark = Callable[[Connection, Delivery, str], None]
"""Applies an event, or parks it for a failure."""


class UnknownEvent(Exception):  # noqa: N818 - says what it is
    """An event cannot be applied, because only a later version of this program knows it."""


@dataclass(frozen=True)
class Noted:
    """An event that was passed."""

    source: str
    position: int
    type: str
    schema_version: int
    recorded_at: datetime
    """When the source recorded it."""
    digest: str
    """Of its message, by which the later version knows that the source answers with the same event."""


class UnknownEvents:
    """The unknown events of one subscription."""

    def __init__(self, database: Database, source: str, apply: ApplyOrPark) -> None:
        self.database = database
        self.source = source
        self.apply = apply
        self.may_be_noted = True
        """Whether another copy, or an earlier version, may have noted what this one knows."""
        self._checkpoint = -1
        self._logged: set[tuple[str, int]] = set()

    def begins_at(self, checkpoint: int) -> None:
        """A batch begins: where this copy has not left the checkpoint there, another copy has been at work."""
        self.may_be_noted |= checkpoint != self._checkpoint

    def ends_at(self, checkpoint: int) -> None:
        """A batch leaves the checkpoint there."""
        self._checkpoint = checkpoint

    def apply_known(self, pull: Callable[[int, int], Sequence[Delivery]], pause: Callable[[float], None]) -> None:
        """Apply the noted events that this version knows, each in a transaction of its own in which its note is deleted."""
        noted = self.database.write(self.now_known)  # on the connection that is replaced where it was lost while idle
        for one in noted:
            recorded = parking.pull_again(pull, one)
            parking.apply_or_park(partial(self._apply_noted, recorded), f"{self.source} {one.position}", pause)
        self.may_be_noted = False

    def _apply_noted(self, recorded: Delivery, failure: str) -> None:
        def work(connection: Connection) -> None:
            if self.release(connection, recorded.position):  # or another copy has applied it
                self.apply(connection, recorded, failure)

        self.database.write(work)

    def note(self, connection: Connection, delivery: Delivery) -> bool:
        """Note an event that is passed, and log its type once; False when another copy already has noted it."""
        kind = delivery.type, delivery.schema_version
        if kind not in self._logged:
            self._logged.add(kind)
            logger.warning("%s: %s (version %s) is passed and noted: only a later version knows it", self.source, *kind)
        return note(connection, delivery)

    def now_known(self, connection: Connection) -> Sequence[Noted]:
        """The noted events that this version of the program knows, in order."""
        of_source = {"of": self.source}
        kinds = [kind for kind in map(tuple, connection.execute(KINDS, of_source)) if upcasting.is_known(*kind)]
        if not kinds:
            return ()
        query = select(UNKNOWN).where(OF_SOURCE, tuple_(UNKNOWN.c.type, UNKNOWN.c.schema_version).in_(kinds))
        return [Noted(*row) for row in connection.execute(query.order_by(UNKNOWN.c.position), of_source)]

    def release(self, connection: Connection, position: int) -> bool:
        """Delete a note; False when another copy already has, so that the event is not applied twice."""
        deletion = delete(UNKNOWN).where(UNKNOWN.c.source == self.source, UNKNOWN.c.position == position)
        return connection.execute(deletion).rowcount == 1


def note(connection: Connection, delivery: Delivery) -> bool:
    """Note an event that is passed; False when another copy already has noted it."""
    row = {
        "source": delivery.source,
        "position": delivery.position,
        "type": delivery.type,
        "schema_version": delivery.schema_version,
        "recorded_at": delivery.recorded_at,
        "digest": delivery.digest,
    }
    return upsert.add(connection, UNKNOWN, row)


def count(connection: Connection, source: str) -> int:
    """How many events of a source are noted."""
    return connection.execute(COUNT, {"of": source}).scalar_one()
