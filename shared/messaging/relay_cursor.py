"""The relay's cursor: the last published position, locked by one copy of a program while it publishes the next batch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    event,
    func,
    select,
    update,
)

from shared.contract.envelope import Recorded
from shared.contract.seal import GENESIS
from shared.event_store.database import Database
from shared.event_store.log import HEAD, EventLog
from shared.event_store.seals import Seal
from shared.event_store.sql.prepared import Prepared
from shared.event_store.sql.privileges import ONE_ROW

TABLES = MetaData()
CURSOR = Table(
    "relay_cursor",
    TABLES,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("chain", String(64), nullable=False),
    info=ONE_ROW,
)
"""Always at a seal; `chain` is that seal's. It needs no epoch: it lies beside its log, and is restored together with it."""
event.listen(
    CURSOR,
    "after_create",
    lambda _, connection, **__: connection.execute(CURSOR.insert().values(id=1, position=0, chain=GENESIS)).close(),
)

ROW = select(CURSOR.c.position, CURSOR.c.chain, select(HEAD.c.epoch).scalar_subquery().label("epoch"))
READ = Prepared(ROW)
LOCK = Prepared(
    ROW.add_columns(func.set_config("synchronous_commit", "off", True)).with_for_update(skip_locked=True, of=CURSOR)
)
"""The cursor's move need not be flushed: after a power cut its last events are published twice, which followers drop."""
MOVE = Prepared(update(CURSOR), ("position", "chain"))


@dataclass(frozen=True)
class Batch:
    """The events to publish next; `publish_confirmed` is called with their last seal when the broker has confirmed them all."""

    events: list[Recorded]
    chain: str
    """Before the first of them."""
    epoch: str
    """Of the log."""
    publish_confirmed: Callable[[Seal], None]


@contextmanager
def next_batch(database: Database, log: EventLog, limit: int) -> Iterator[Batch | None]:
    """The next batch to publish, or None while another copy of the program publishes.

    On PostgreSQL the cursor's row stays locked until the events are confirmed, so copies never publish out of order.
    A SQLite file belongs to one process: there is nobody to exclude, and holding its one write lock while the broker
    answers would block the program.
    """
    if database.engine.dialect.name == "sqlite":
        with database.read() as connection:
            position, chain, epoch = READ.first(connection)
            events = log.read(connection, position, limit)
        yield Batch(events, chain, epoch, lambda seal: database.write_unflushed(lambda writing: advance(writing, seal)))
        return
    with database.engine.begin() as connection:
        locked = LOCK.first(connection)
        if locked is None:
            yield None
            return
        events = log.read(connection, locked.position, limit)
        yield Batch(events, locked.chain, locked.epoch, lambda seal: advance(connection, seal))


def advance(connection: Connection, seal: Seal) -> None:
    """Set the cursor to a seal."""
    MOVE.run(connection, {"position": seal.position, "chain": seal.chain})
