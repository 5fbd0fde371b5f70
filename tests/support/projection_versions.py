"""Two versions of a program's projections beside each other, also on SQLite, where a real program has one at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, event, insert

from shared.contract.envelope import Recorded
from shared.event_store import log as event_log
from shared.event_store import projection_tables, projection_versions
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.event_store.projection_versions import OwnLog
from shared.event_store.sql import schema
from shared.messaging import relay_cursor
from shared.subscriptions import checkpoints, parking

OF_VERSION_2 = MetaData(info={"version": 2})
SEEN_2 = Table(
    "seen",
    OF_VERSION_2,
    Column("id", Integer, primary_key=True),
    Column("source", String(20), nullable=False),
    Column("position", Integer, nullable=False),
    Column("stream", String(60), nullable=False),
    Column("member", String(20), nullable=False),
)
"""The sample projection with a new column."""


def see_more(connection: Connection, recorded: Recorded) -> None:
    """The projection of version 2."""
    row = {"source": recorded.source, "position": recorded.position, "stream": recorded.stream}
    connection.execute(insert(SEEN_2).values(**row, member=recorded.stream.split("/")[1]))


LOG_2 = EventLog("renewal", see_more)


def first_version(url: str, projections: MetaData, sources: list[str]) -> Database:
    """A database whose program has had version 1 of its projections from the beginning."""
    database = Database(url)
    database.create_tables(event_log.TABLES, relay_cursor.TABLES, checkpoints.TABLES, parking.TABLES)
    projection_tables.prepare(database, projections, sources)
    return database


def other_version(url: str, projections: MetaData, sources: list[str]) -> Database:
    """The same database as a program with another version of the projections opens it, with tables of its own."""
    version = schema.version_of(projections)
    if not url.startswith("sqlite"):
        database = Database(url, version)
        projection_tables.prepare(database, projections, sources)
        return database
    database = Database(f"{url}.{version}", version)
    shared_file = url.removeprefix("sqlite:///")

    def attach(driver: Any, _entry: object) -> None:
        """What is not in the file of the projections is found in the other one."""
        driver.execute("ATTACH DATABASE ? AS shared", (shared_file,))

    event.listen(database.engine, "connect", attach)
    with database.engine.begin() as connection:
        projections.create_all(connection)
        projection_versions.register(connection, version, sources)
    return database


def own_log(database: Database, log: EventLog) -> OwnLog:
    """As `EventStore` puts it together."""
    own = OwnLog(database, log)
    database.catch_up, database.before_reading = own.take_over, own.catch_up
    return own


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """All statements on the writer's connection within the block, but for those that begin and end transactions."""
    found: list[str] = []
    writer: Any = database._writing_connection().connection.driver_connection

    def note(text: Any) -> None:
        words = " ".join((text.decode() if isinstance(text, bytes) else text).split())
        if not words.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            found.append(words)

    if database.engine.dialect.name == "sqlite":
        writer.set_trace_callback(note)
        yield found
        writer.set_trace_callback(None)
        return
    execute = psycopg.Cursor.execute

    def noting(cursor: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        if cursor.connection is writer:
            note(query)
        return execute(cursor, query, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", noting)
        yield found
