"""Durations between instants, computed by the database: seconds between two columns, and the median and ninth decile of each group."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Float,
    Select,
    cast,
    extract,
    func,
    literal,
    or_,
    select,
)


class Spread(NamedTuple):
    """How many durations there are, the middle one, and the one that nine of ten do not exceed."""

    stays: int
    median_seconds: int
    most_seconds: int


def seconds_between(
    connection: Connection, start: ColumnElement[object], end: ColumnElement[object]
) -> ColumnElement[float]:
    """The seconds from one instant to another."""
    if connection.dialect.name == "postgresql":
        return cast(extract("epoch", end - start), Float)
    return (func.julianday(end) - func.julianday(start)) * 86_400


def of_stays(connection: Connection, state: str, stays: Select[Any], since: datetime) -> Select[str, float]:
    """The seconds between `start` and `end` of a query's rows that ended since then, under the name of a state."""
    found = stays.subquery()
    seconds = seconds_between(connection, found.c.start, found.c.end).label("seconds")
    return select(literal(state).label("state"), seconds).where(found.c.end >= since)


def spreads(connection: Connection, durations: CompoundSelect[Any]) -> dict[str, Spread]:
    """The spread of `seconds` by `state`, the two columns of a query; a state without any is left out."""
    found = durations.subquery()
    place = func.row_number().over(partition_by=found.c.state, order_by=found.c.seconds).label("place")
    stays = func.count().over(partition_by=found.c.state).label("stays")
    ranked = select(found.c.state, found.c.seconds, place, stays).where(found.c.seconds.is_not(None)).subquery()
    middle, ninth = (ranked.c.stays + 1) // 2, (ranked.c.stays * 9 + 9) // 10
    wanted = or_(ranked.c.place == middle, ranked.c.place == ninth)
    rows = connection.execute(select(ranked).where(wanted).order_by(ranked.c.state, ranked.c.place)).all()
    by_state: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        by_state.setdefault(row.state, []).append((row.stays, round(row.seconds)))
    return {state: Spread(of[0][0], of[0][1], of[-1][1]) for state, of in by_state.items()}
