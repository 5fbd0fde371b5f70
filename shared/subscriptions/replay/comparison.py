"""Compares two tables row by row in the database, names the rows that differ, and gives the live one the rows of the other."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
)

from shared.contract.operations import rebuild_answers

FIRST_MAX = 10
"""Differences that are named; the others are counted."""


@dataclass
class Differences:
    """How many rows differ, by table, and the first of them."""

    counts: Counter[str] = field(default_factory=Counter)
    first: list[rebuild_answers.RebuildDifference] = field(default_factory=list)

    def add(self, table: str, total: int, key: Iterable[object], kind: Any) -> None:
        """Add a row of those that a query has found, and how many those are."""
        if len(self.first) < FIRST_MAX:
            self.first.append(rebuild_answers.RebuildDifference(table=table, key="/".join(map(str, key)), kind=kind))
        self.counts[table] = total


def compare(connection: Connection, live_of: Mapping[Table, Table]) -> Differences:
    """What differs in the live tables from those that were filled."""
    differences = Differences()
    for filled, live in live_of.items():
        changed = connection.execute(changed_rows(live, filled)).all()
        extra = connection.execute(extra_rows(live, filled)).all()
        total = sum(found[0].total for found in (changed, extra) if found)
        for *key, is_missing, _ in changed:
            differences.add(filled.name, total, key, "missing" if is_missing else "other")
        for *key, _ in extra:
            differences.add(filled.name, total, key, "extra")
    return differences


def replace(connection: Connection, live_of: Mapping[Table, Table]) -> None:
    """Delete the live rows that are other or too many, and insert those that are missing then."""
    for filled, live in live_of.items():
        right = filled.alias("filled")
        is_right = and_(same_key(right, live), *same_values(right, live))
        connection.execute(delete(live).where(~select(right).where(is_right).exists()))
        there = live.alias("live")
        missing = select(right).where(~select(there).where(same_key(there, right)).exists())
        connection.execute(insert(live).from_select([column.name for column in filled.columns], missing))


def changed_rows(live: Table, filled: Table) -> Select[Any]:
    """The keys of filled rows whose live ones are other or missing, whether they are missing, and how many there are."""
    there, right = live.alias("live"), filled.alias("filled")
    is_missing = keys(there)[0].is_(None)
    is_other = or_(is_missing, *(~same for same in same_values(right, there)))
    return named(right, is_missing).select_from(right.outerjoin(there, same_key(there, right))).where(is_other)


def extra_rows(live: Table, filled: Table) -> Select[Any]:
    """The keys of live rows that should not be there, and how many there are."""
    there, right = live.alias("live"), filled.alias("filled")
    return named(there).where(~select(right).where(same_key(right, there)).exists())


def named(table: FromClause, *more: ColumnElement[Any]) -> Select[Any]:
    return select(*keys(table), *more, func.count().over().label("total")).order_by(*keys(table)).limit(FIRST_MAX)


def keys(table: FromClause) -> list[ColumnElement[Any]]:
    return list(table.primary_key)


def same_key(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return and_(*(column == other.c[column.name] for column in keys(one)))


def same_values(one: FromClause, other: FromClause) -> list[ColumnElement[bool]]:
    """That the columns beside the key are equal, also where both are NULL."""
    names = [column.name for column in one.columns if not column.primary_key]
    return [one.c[name].is_not_distinct_from(other.c[name]) for name in names]
