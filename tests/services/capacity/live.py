"""The live rows: events told to them one by one, and what they hold then."""

from sqlalchemy import select

from services.capacity import subscriptions
from services.capacity.policies import registry
from services.capacity.tables import projections
from services.capacity.tables.state import TABLES
from shared.contract import base
from shared.contract.envelope import Recorded
from shared.event_store import log
from shared.event_store.database import Database
from shared.subscriptions import checkpoints, parking
from tests.services.capacity.sample_events import POLICIES, Logs, approved, confirmed, employed, enrolled, job, on

JOINED, APPROVED, CONFIRMED, NOW = on("1404/01/01"), on("1405/02/01"), on("1405/02/03"), on("1405/02/04")
HISTORY = (
    enrolled(JOINED),
    approved(APPROVED, job(starts="1405/07/01"), employment=employed(ends="1405/06/31")),
    confirmed(CONFIRMED),
)


def prepare(database: Database) -> None:
    """Make the tables, and record the policies that the program comes with, as its start does."""
    database.create_tables(log.TABLES, *TABLES, checkpoints.TABLES, parking.TABLES)
    database.write(lambda connection: registry.record(connection, POLICIES.values(), JOINED))


def receive(database: Database, *events: Recorded) -> None:
    """Each event in a transaction of its own, as a slow subscription hears them."""
    for one in events:
        database.write(lambda connection, one=one: subscriptions.on_event(connection, one))  # type: ignore[misc]


def receive_all(database: Database, *history: base.Event) -> None:
    receive(database, *Logs().record_all(*history))


def kept(database: Database, member: str) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The live rows of a member: lines and summaries."""
    with database.read() as connection:
        lines = (
            select(projections.LINES)
            .where(projections.LINES.c.member == member)
            .order_by(projections.LINES.c.year, projections.LINES.c.line)
        )
        summaries = (
            select(projections.SUMMARIES)
            .where(projections.SUMMARIES.c.member == member)
            .order_by(projections.SUMMARIES.c.year)
        )
        found = [connection.execute(query).mappings().all() for query in (lines, summaries)]
    return [dict(row) for row in found[0]], [dict(row) for row in found[1]]
