"""A sample log for the engine's tests: made-up events in a database of its own."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, insert

from shared.contract import base
from shared.contract.envelope import Metadata, Recorded
from shared.contract.renewal import events
from shared.contract.seal import Delivery
from shared.event_store import log as event_log
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.messaging import relay_cursor
from shared.subscriptions import checkpoints, parking
from shared.subscriptions.replay.jobs import REBUILDS
from tests.support.seals import sealed

AT = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)

VIEWS = MetaData()
SEEN = Table(
    "seen",
    VIEWS,
    Column("id", Integer, primary_key=True),
    Column("source", String(20), nullable=False),
    Column("position", Integer, nullable=False),
    Column("stream", String(60), nullable=False),
)
REBUILDS.to_metadata(VIEWS)


def see(connection: Connection, recorded: Recorded) -> None:
    """A projection with one row an event, in which a duplicated or lost event is visible."""
    row = {"source": recorded.source, "position": recorded.position, "stream": recorded.stream}
    connection.execute(insert(SEEN).values(row))


LOG = EventLog("renewal", see)


def create_tables(of: Database) -> None:
    of.create_tables(event_log.TABLES, relay_cursor.TABLES, checkpoints.TABLES, parking.TABLES, VIEWS)


def database(url: str) -> Database:
    """A database with these tables, created where they are missing."""
    made = Database(url)
    create_tables(made)
    return made


def seen(of: Database) -> list[int]:
    """The positions in the view, in the order of their projection."""
    with of.read() as connection:
        return list(connection.execute(SEEN.select().order_by(SEEN.c.id).with_only_columns(SEEN.c.position)).scalars())


def fact(member: str, number: int = 0) -> base.Event:
    return events.RenewalWithdrawn(member=member, year=1405, withdrawn_at=AT + timedelta(seconds=number))


def metadata(cause: UUID | None = None) -> Metadata:
    return Metadata(correlation_id=uuid4(), causation_id=cause or uuid4(), actor="member:0000001")


def append(to: Database, member: str, version: int, count: int = 1, log: EventLog = LOG) -> tuple[Recorded, ...]:
    """Append facts of a member to the stream that is at `version`."""
    facts = [fact(member, number) for number in range(count)]
    return to.write(lambda connection: log.append(connection, f"renewal/{member}", version, facts, metadata(), AT))


def history(of: Database, after: int = 0) -> list[Delivery]:
    """The log as deliveries, each sealed."""
    with of.read() as connection:
        return sealed(LOG.read(connection, 0, 10_000))[after:]
