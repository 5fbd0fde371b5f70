"""Rows by the values of some columns: find, insert, change or delete them, by statements that are made once."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, Connection, Table, bindparam, insert, select, update
from sqlalchemy import delete as delete_from

from shared.event_store.sql.prepared import Prepared, gathered

STATEMENTS_MAX = 500
AMONG_MAX = 1024
"""Values in one statement: SQLite takes 32,766 parameters, PostgreSQL 65,535."""
Values = Mapping[str, object]


def find(connection: Connection, table: Table, key: Values, *, locks: bool = False) -> Any:
    """The row of a key, or None; `LookupError` where there is more than one. With `locks` nobody else changes it until the transaction ends."""
    rows = gathered(connection)
    found = rows.find(table, key) if rows else None
    if found is None:
        found = finding(table, tuple(key), locks=locks).rows(connection, of(key))
    if len(found) > 1:
        raise LookupError(f"{len(found)} rows of {table.name} for one key")
    return found[0] if found else None


def find_all(connection: Connection, table: Table, key: Values, order: str) -> list[Any]:
    """The rows of a key, in the order of a column."""
    return finding(table, tuple(key), order).rows(connection, of(key))


def find_among(
    connection: Connection, table: Table, column: str, values: Iterable[object], order: str = ""
) -> list[Any]:
    """The rows that have one of some values in a column. There is a statement for 1 value, one for up to 2, one for up to 4 and so on."""
    found: list[Any] = []
    different = list(dict.fromkeys(values))
    for start in range(0, len(different), AMONG_MAX):
        some = different[start : start + AMONG_MAX]
        padded = some + some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some))
        parameters = {f"of_{number}": one for number, one in enumerate(padded)}
        found += finding_among(table, column, len(padded)).rows(connection, parameters)
    return sorted(found, key=attrgetter(order)) if order else found


def add(connection: Connection, table: Table, row: Values) -> None:
    """Insert a row that is not there."""
    if not ((rows := gathered(connection)) and rows.add(table, row)):
        adding(table, tuple(row)).run(connection, row)


def change(connection: Connection, table: Table, key: Values, row: Mapping[str, Any]) -> bool:
    """Change the row of a key, also to expressions; False where there is none."""
    if (rows := gathered(connection)) and rows.change(table, key, row):
        return True
    if any(isinstance(value, ClauseElement) for value in row.values()):
        change_to = update(table).where(*are(table, tuple(key))).values(row)
        return connection.execute(change_to, of(key)).rowcount > 0
    return changing(table, tuple(key), tuple(row)).run(connection, {**row, **of(key)}) > 0


def remove(connection: Connection, table: Table, key: Values) -> None:
    """Delete the rows of a key."""
    if not ((rows := gathered(connection)) and rows.remove(table, key)):
        removing(table, tuple(key)).run(connection, of(key))


def remove_each(
    connection: Connection, table: Table, names: tuple[str, ...], keys: Iterable[tuple[object, ...]]
) -> None:
    """Delete the rows of many keys, which are the values of these columns."""
    removing(table, names).run_each(connection, [of(dict(zip(names, key, strict=True))) for key in keys])


@lru_cache(STATEMENTS_MAX)
def finding(table: Table, key: tuple[str, ...], order: str = "", *, locks: bool = False) -> Prepared:
    query = select(table).where(*are(table, key))
    query = query.with_for_update() if locks else query
    return Prepared(query.order_by(table.c[order]) if order else query)


@lru_cache(STATEMENTS_MAX)
def finding_among(table: Table, column: str, many: int) -> Prepared:
    of = table.c[column]
    return Prepared(select(table).where(of.in_([bindparam(f"of_{number}", type_=of.type) for number in range(many)])))


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
