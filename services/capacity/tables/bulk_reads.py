"""Bulk reads of facts without SQLAlchemy's handling of each value."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table

from services.capacity.ledger.domain import EVENT_TYPES, Fact
from services.capacity.ledger.lines import Origin
from shared.contract import upcasting
from shared.observability.log_format import describe


class Unreadable(ValueError):  # noqa: N818 - says what happened
    """An event that nothing can be derived from, named by its source and position."""


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
