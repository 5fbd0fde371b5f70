"""Compares shadow rows with the live ones as of the same events: key by key, without stopping the subscriptions or the replay."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select, true

from services.capacity.ledger.domain import EVERY_MEMBER, EVERY_YEAR
from services.capacity.policies import registry
from services.capacity.projection import projector
from services.capacity.replay.shadow_tables import SHADOW
from services.capacity.tables import rows
from services.capacity.tables.projections import LIVE
from services.capacity.tables.rows import Values
from shared.contract.capacity import answers
from shared.event_store.database import Database
from shared.subscriptions import checkpoints, parking, unknown_events

FIRST_MAX = 10
"""Differences that are named; the others are counted."""
NOT_APPLIED = (parking.PARKED, parking.DROPPED, unknown_events.UNKNOWN)


class Coverage(NamedTuple):
    """The events that rows are derived from: each source up to its position, except those that are parked or dropped."""

    positions: Mapping[str, int]
    excluded: frozenset[tuple[str, int]]

    def includes(self, other: "Coverage") -> bool:
        """Whether the same is excluded here, and nothing is missing that the other covers."""
        return self.excluded == other.excluded and all(
            self.positions[source] >= position for source, position in other.positions.items()
        )


class Behind(Exception):  # noqa: N818 - no error: a state that passes
    """The live rows cover an event that the shadow rows do not."""


@dataclass
class Differences:
    """How many rows differ, by table, and the first of them."""

    counts: Counter[str] = field(default_factory=Counter)
    first: list[answers.RebuildDifference] = field(default_factory=list)

    def add(self, table: Table, key: Iterable[object], kind: Any) -> None:
        self.counts[table.name] += 1
        if len(self.first) < FIRST_MAX:
            place = "/".join(map(str, key))
            self.first.append(answers.RebuildDifference(table=table.name, key=place, kind=kind))


class MemberRange(NamedTuple):
    """The members after one number up to another; None is without an end. Facts of every member are before the first."""

    after: str
    last: str | None

    def rows_of(self, table: Table) -> ColumnElement[bool]:
        upper = table.c.member <= self.last if self.last is not None else true()
        lower = table.c.member > self.after if self.after else true()
        return and_(lower, upper)


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A connection whose statements all see the same moment, whatever the subscriptions write meanwhile."""
    if database.engine.dialect.name == "sqlite":
        with database.read() as connection:
            yield connection
        return
    isolated = database.engine.execution_options(isolation_level="REPEATABLE READ")
    with isolated.connect() as connection, connection.begin():
        yield connection


def live_coverage(connection: Connection, sources: Iterable[str], *, lock: bool = False) -> Coverage:
    """What the live rows are derived from; with `lock` the checkpoints stay so until the transaction ends."""
    query = select(checkpoints.CHECKPOINTS.c.source, checkpoints.CHECKPOINTS.c.position)
    found = dict(connection.execute(query.with_for_update() if lock else query).all())
    waiting = [select(table.c.source, table.c.position) for table in NOT_APPLIED]
    excluded = frozenset((source, position) for query in waiting for source, position in connection.execute(query))
    return Coverage({source: found.get(source, 0) for source in sources}, excluded)


def compare(connection: Connection, shadow: Coverage, members: MemberRange, differences: Differences) -> None:
    """Add the differences in the rows of these members; `Behind` where the live rows cover more than the shadow rows."""
    live = live_coverage(connection, shadow.positions)
    if not shadow.includes(live):
        raise Behind
    ahead = members_ahead(connection, live, members)
    for live_table, shadow_table in zip(LIVE, SHADOW, strict=True):
        for row in connection.execute(changed(live_table, shadow_table, members, ahead)):
            differences.add(live_table, row[:-1], "missing" if row[-1] else "other")
        for key in connection.execute(extra(live_table, shadow_table, members, ahead)):
            differences.add(live_table, key, "extra")
    if ahead:
        compare_as_of(connection, live, ahead, differences)


def members_ahead(connection: Connection, live: Coverage, members: MemberRange) -> set[str]:
    """The members with shadow facts that the live rows do not cover yet."""
    beyond, facts = is_beyond(SHADOW.facts, live), SHADOW.facts.c
    of_every_member = select(facts.source).where(beyond, facts.member == EVERY_MEMBER).limit(1)
    touched = true() if connection.execute(of_every_member).first() else beyond
    return set(connection.execute(select(facts.member).where(touched, members.rows_of(SHADOW.facts))).scalars())


def is_beyond(facts: Table, covered: Coverage) -> ColumnElement[bool]:
    return or_(*(and_(facts.c.source == one, facts.c.position > last) for one, last in covered.positions.items()))


def changed(live: Table, shadow: Table, members: MemberRange, ahead: set[str]) -> Any:
    """The keys of shadow rows whose live ones are other or missing, and whether they are missing."""
    keys = [column.name for column in live.primary_key]
    is_missing = live.c[keys[0]].is_(None)
    others = [live.c[one.name].is_distinct_from(shadow.c[one.name]) for one in live.columns if one.name not in keys]
    joined = shadow.outerjoin(live, same_key(live, shadow))
    wanted = and_(members.rows_of(shadow), shadow.c.member.not_in(ahead), or_(is_missing, *others))
    query = select(*(shadow.c[name] for name in keys), is_missing).select_from(joined).where(wanted)
    return query.order_by(*(shadow.c[name] for name in keys))


def extra(live: Table, shadow: Table, members: MemberRange, ahead: set[str]) -> Any:
    """The keys of live rows that should not be there."""
    joined = live.outerjoin(shadow, same_key(live, shadow))
    wanted = and_(members.rows_of(live), live.c.member.not_in(ahead), shadow.c.member.is_(None))
    return select(*live.primary_key).select_from(joined).where(wanted)


def same_key(live: Table, shadow: Table) -> ColumnElement[bool]:
    return and_(*(column == shadow.c[column.name] for column in live.primary_key))


def compare_as_of(connection: Connection, live: Coverage, members: set[str], differences: Differences) -> None:
    """Compare members whose shadow rows cover more, by what follows from the facts that the live ones cover."""
    query = select(SHADOW.facts).where(SHADOW.facts.c.member.in_({*members, EVERY_MEMBER}))
    known: rows.Facts = {}
    facts: list[Values] = []
    for row in connection.execute(query.where(~is_beyond(SHADOW.facts, live))):
        known.setdefault(row.member, []).append((row.year, rows.fact_of(row)))
        facts += [dict(row._mapping)] if row.member in members else []  # noqa: SLF001 - SQLAlchemy's documented name
    touched = {(member, EVERY_YEAR) for member in members}
    lines, summaries = projector.values(projector.derive(known, touched, registry.recorded(connection)))
    for table, expected in zip(LIVE, (facts, lines, summaries), strict=True):
        found = connection.execute(select(table).where(table.c.member.in_(members))).mappings()
        live_rows, right = by_key(table, map(dict, found)), by_key(table, expected)
        for key in sorted(key for key in live_rows.keys() | right.keys() if live_rows.get(key) != right.get(key)):
            kind = "missing" if key not in live_rows else "extra" if key not in right else "other"
            differences.add(table, key, kind)


def by_key(table: Table, found: Iterable[Values]) -> dict[tuple[Any, ...], Values]:
    return {tuple(row[column.name] for column in table.primary_key): row for row in found}
