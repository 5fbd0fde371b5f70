"""Bulk reads and writes without SQLAlchemy's handling of each value: PostgreSQL's COPY, and SQLite's own statements."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Date, Table

from services.capacity.ledger.domain import EVENT_TYPES, Fact
from services.capacity.ledger.lines import Origin
from services.capacity.tables.rows import Values
from shared.contract import upcasting
from shared.event_store.database import Instant
from shared.observability.log_format import describe


class Unreadable(ValueError):  # noqa: N818 - says what happened
    """An event that nothing can be derived from, named by its source and position."""


def insert(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows that name every column of the table."""
    if not rows:
        return
    names = table.columns.keys()
    driver: Any = connection.connection.driver_connection
    values = map(itemgetter(*names), rows)
    if connection.dialect.name == "postgresql":
        with driver.cursor().copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
        return
    places = ", ".join("?" * len(names))
    instants = [index for index, column in enumerate(table.columns) if isinstance(column.type, Date | Instant)]
    statement = f"INSERT INTO {table.name} VALUES ({places})"  # noqa: S608 - the names are our own tables'
    driver.executemany(statement, (as_sqlite(list(row), instants) for row in values))


def read_facts(
    connection: Connection, table: Table, after: str, last: str
) -> Iterator[tuple[str, list[tuple[int, Fact]]]]:
    """The members after one number up to another, each with its facts, as `rows.facts_of` finds them.

    A member's facts are made only when they are needed, so that they are gone before the next one's: objects that live
    longer are scanned again and again by Python's garbage collector, which would take a third of the time.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    place = "?" if is_sqlite else "%s"
    query = f"""
        SELECT member, year, source, position, at, type, data FROM {table.name}
        WHERE member > {place} AND member <= {place} ORDER BY member
    """  # noqa: S608 - our own table's name
    driver: Any = connection.connection.driver_connection
    found = driver.execute(query, (after, last)).fetchall()
    for member, rows in groupby(found, key=itemgetter(0)):
        yield member, [as_fact(row, is_sqlite) for row in rows]


def as_fact(row: Sequence[Any], is_sqlite: bool) -> tuple[int, Fact]:
    _, year, source, position, at, kind, data = row
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC) if is_sqlite else at.astimezone(UTC)
    try:
        return year, Fact(Origin(source, position), instant, upcasting.read(EVENT_TYPES[kind], data))
    except ValueError as error:
        raise Unreadable(f"{source} {position}: {describe(error)}") from error


def as_sqlite(row: list[Any], instants: Sequence[int]) -> list[Any]:
    """The row with its days and instants as texts, the way that SQLAlchemy's own types write and read them."""
    for index in instants:
        value = row[index]
        if isinstance(value, datetime):
            utc = value if value.tzinfo is UTC else value.astimezone(UTC)
            row[index] = utc.replace(tzinfo=None).isoformat(" ", "microseconds")
        elif value is not None:
            row[index] = value.isoformat()
    return row
