"""Inserts many rows without SQLAlchemy's handling of each value: by PostgreSQL's COPY, or by SQLite's own statement."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Connection, Integer, String, Table
from sqlalchemy.dialects import postgresql, sqlite

STATEMENTS_MAX = 500
QUOTE = {
    "postgresql": postgresql.dialect().identifier_preparer.quote,
    "sqlite": sqlite.dialect().identifier_preparer.quote,
}


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that name every column of the table."""
    if not rows:
        return
    dialect = connection.dialect.name
    statement, names, converted = inserting(dialect, table)
    values = map(itemgetter(*names), rows)
    driver: Any = connection.connection.driver_connection
    if dialect == "sqlite":
        driver.executemany(statement, (as_sqlite(list(row), converted) for row in values))
        return
    with driver.cursor().copy(statement) as copy:
        for row in values:
            copy.write_row(row)


@lru_cache(STATEMENTS_MAX)
def inserting(dialect: str, table: Table) -> tuple[str, list[str], list[int]]:
    """The statement, the names of its columns, and which of them SQLite has no type for."""
    names = table.columns.keys()
    into = f"{table.name} ({', '.join(map(QUOTE[dialect], names))})"
    plain = [isinstance(column.type, String | Integer | Boolean) for column in table.columns]
    places = ", ".join("?" * len(names))
    statement = f"INSERT INTO {into} VALUES ({places})" if dialect == "sqlite" else f"COPY {into} FROM STDIN"  # noqa: S608 - our own names
    return statement, names, [index for index, is_plain in enumerate(plain) if not is_plain]


def as_sqlite(row: list[Any], converted: Sequence[int]) -> list[Any]:
    """The row with its days, instants and ids as texts, the way that SQLAlchemy's own types write and read them."""
    for index in converted:
        value = row[index]
        if isinstance(value, datetime):
            utc = value if value.tzinfo is UTC else value.astimezone(UTC)
            row[index] = utc.replace(tzinfo=None).isoformat(" ", "microseconds")
        elif isinstance(value, UUID):
            row[index] = value.hex
        elif value is not None:
            row[index] = value.isoformat()
    return row
