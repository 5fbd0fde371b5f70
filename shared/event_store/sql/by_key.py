"""Rows by the values of some columns: find, insert, change or delete them, by statements that are made once."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, Connection, Table, bindparam, insert, select, update
from sqlalchemy import delete as delete_from

from shared.event_store.sql.prepared import Prepared

STATEMENTS_MAX = 500
Values = Mapping[str, object]


def find(connection: Connection, table: Table, key: Values) -> Any:
    """The row of a key, or None; `LookupError` where there is more than one."""
    found = finding(table, tuple(key)).rows(connection, of(key))
    if len(found) > 1:
        raise LookupError(f"{len(found)} rows of {table.name} for one key")
    return found[0] if found else None


def find_all(connection: Connection, table: Table, key: Values, order: str) -> list[Any]:
    """The rows of a key, in the order of a column."""
    return finding(table, tuple(key), order).rows(connection, of(key))


def add(connection: Connection, table: Table, row: Values) -> None:
    """Insert a row that is not there."""
    adding(table, tuple(row)).run(connection, row)


def change(connection: Connection, table: Table, key: Values, row: Mapping[str, Any]) -> bool:
    """Change the row of a key, also to expressions; False where there is none."""
    if any(isinstance(value, ClauseElement) for value in row.values()):
        change_to = update(table).where(*are(table, tuple(key))).values(row)
        return connection.execute(change_to, of(key)).rowcount > 0
    return changing(table, tuple(key), tuple(row)).run(connection, {**row, **of(key)}) > 0


def remove(connection: Connection, table: Table, key: Values) -> None:
    """Delete the rows of a key."""
    removing(table, tuple(key)).run(connection, of(key))


@lru_cache(STATEMENTS_MAX)
def finding(table: Table, key: tuple[str, ...], order: str = "") -> Prepared:
    query = select(table).where(*are(table, key))
    return Prepared(query.order_by(table.c[order]) if order else query)


@lru_cache(STATEMENTS_MAX)
def adding(table: Table, row: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table).inline(), row)


@lru_cache(STATEMENTS_MAX)
def changing(table: Table, key: tuple[str, ...], row: tuple[str, ...]) -> Prepared:
    return Prepared(update(table).where(*are(table, key)), row)


@lru_cache(STATEMENTS_MAX)
def removing(table: Table, key: tuple[str, ...]) -> Prepared:
    return Prepared(delete_from(table).where(*are(table, key)))


def are(table: Table, key: tuple[str, ...]) -> list[ColumnElement[bool]]:
    return [table.c[name] == bindparam(f"of_{name}") for name in key]


def of(key: Values) -> dict[str, object]:
    return {f"of_{name}": value for name, value in key.items()}
