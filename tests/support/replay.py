"""A replay of logs through `project` alone, in a database with the tables of projections and no other; and the rows of both."""

from collections.abc import Iterable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, select

from shared.contract.envelope import Recorded
from shared.event_store.command_handler import Records
from shared.event_store.log import OnEvent
from shared.event_store.sql import engines
from shared.event_store.sql.prepared import Prepared

EVENTS_MAX = 100_000
Rows = Mapping[str, list[tuple[Any, ...]]]
Log = tuple[OnEvent, Iterable[Recorded]]
"""How the events of a log are projected, and all of them in their order."""


def rows_of(connection: Connection, projections: MetaData) -> Rows:
    """All rows of all projections, by table."""
    return {
        table.name: sorted(map(tuple, everything_in(table).rows(connection)), key=repr)
        for table in in_order(projections)
    }


in_order = cache(attrgetter("sorted_tables"))
"""The tables, which SQLAlchemy sorts anew each time."""


@cache
def everything_in(table: Table) -> Prepared:
    return Prepared(select(table))


def hold_against_replay(records: Records, projections: MetaData) -> None:
    """The rows of a program that follows nobody are those that its log gives."""
    log = records.own_log()
    with records.read() as connection:
        events, live = log.read(connection, 0, EVENTS_MAX), rows_of(connection, projections)
    assert replayed(projections, (log.project, events)) == live


def replayed(projections: MetaData, *logs: Log) -> Rows:
    """The rows that logs alone give: whoever reads or writes a table that is no projection fails, for there is none."""
    with empty_database(projections).connect() as connection, connection.begin() as transaction:
        for project, events in logs:
            for recorded in events:
                project(connection, recorded)
        found = rows_of(connection, projections)
        transaction.rollback()
    return found


@cache
def empty_database(projections: MetaData) -> Engine:
    """Made once: each replay is rolled back."""
    engine = engines.connect("sqlite://")
    with engine.connect() as connection, connection.begin():
        projections.create_all(connection)
    return engine
