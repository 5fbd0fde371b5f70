"""The relay's cursor: the last published position, locked by one copy of a program while it publishes the next batch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    bindparam,
    event,
    func,
    select,
    update,
)

from shared.contract.envelope import Recorded
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.event_store.privileges import ONE_ROW

TABLES = MetaData()
CURSOR = Table(
    "relay_cursor",
    TABLES,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("position", BigInteger, nullable=False),
    info=ONE_ROW,
)
event.listen(CURSOR, "after_create", DDL("INSERT INTO relay_cursor (id, position) VALUES (1, 0)"))

POSITION = select(CURSOR.c.position)
LOCK = select(CURSOR.c.position, func.set_config("synchronous_commit", "off", True)).with_for_update(skip_locked=True)
"""The cursor's move need not be flushed: after a power cut its last events are published twice, which followers drop."""
MOVE = update(CURSOR).values(position=bindparam("after"))


@dataclass(frozen=True)
class Batch:
    """The events to publish next; `publish_confirmed` is called when the broker has confirmed them all."""

    events: list[Recorded]
    publish_confirmed: Callable[[], None]


@contextmanager
def next_batch(database: Database, log: EventLog, limit: int) -> Iterator[Batch | None]:
    """The next batch to publish, or None while another copy of the program publishes.

    On PostgreSQL the cursor's row stays locked until the events are confirmed, so copies never publish out of order.
    A SQLite file belongs to one process: there is nobody to exclude, and holding its one write lock while the broker
    answers would block the program.
    """
    if database.engine.dialect.name == "sqlite":
        with database.read() as connection:
            position = connection.execute(POSITION).scalar_one()
            events = log.read(connection, position, limit)
        yield Batch(events, lambda: database.write_unflushed(lambda writing: advance(writing, events)))
        return
    with database.engine.begin() as connection:
        locked = connection.execute(LOCK).scalar_one_or_none()
        if locked is None:
            yield None
            return
        events = log.read(connection, locked, limit)
        yield Batch(events, lambda: advance(connection, events))


def advance(connection: Connection, events: list[Recorded]) -> None:
    """Set the cursor behind the last of the events."""
    connection.execute(MOVE, {"after": events[-1].position})
