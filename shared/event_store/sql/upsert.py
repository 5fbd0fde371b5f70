"""Upsert: insert a row or change the one of its key, in a single statement that no other copy of a program can come between."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from shared.event_store.sql.prepared import Prepared, gathered

Values = Mapping[str, object]
INSERTS: Mapping[str, Callable[[Table], postgresql.Insert | sqlite.Insert]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}
"""The dialects' own: SQLAlchemy has no `ON CONFLICT` that is common to both."""
STATEMENTS_MAX = 500
"""Statements that are kept."""


def put(connection: Connection, table: Table, key: Values, row: Values, new: Values | None = None) -> None:
    """Write the row of a key, or change it; `new` is written only where there was none."""
    if (rows := gathered(connection)) and rows.put(table, key, row, new or {}):
        return
    written = {**key, **(new or {}), **row}
    putting(connection.dialect.name, table, tuple(key), tuple(row), tuple(written)).run(connection, written)


def add(connection: Connection, table: Table, row: Values) -> bool:
    """Insert a row unless one conflicts with it; False where one does, which stays as it is."""
    return adding(connection.dialect.name, table, tuple(row)).run(connection, row) == 1


def add_all(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows of the same columns, each unless one conflicts with it."""
    adding(connection.dialect.name, table, tuple(rows[0])).run_each(connection, rows)


@lru_cache(STATEMENTS_MAX)
def putting(
    dialect: str, table: Table, key: tuple[str, ...], changed: tuple[str, ...], written: tuple[str, ...]
) -> Prepared:
    insert = INSERTS[dialect](table).inline()
    upsert = insert.on_conflict_do_update(index_elements=key, set_={name: insert.excluded[name] for name in changed})
    return Prepared(upsert, written)


@lru_cache(STATEMENTS_MAX)
def adding(dialect: str, table: Table, written: tuple[str, ...]) -> Prepared:
    return Prepared(INSERTS[dialect](table).inline().on_conflict_do_nothing(), written)
