"""Holding rebuilt rows against the live ones, where both have heard the same: key by key, without stopping either."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select, true

from services.capacity.ledger.domain import EVERY_YEAR, EVERYBODY
from services.capacity.projection import projector
from services.capacity.replay.shadow_tables import NEW
from services.capacity.tables import rows
from services.capacity.tables.rows import LIVE, Values
from shared.contract.capacity import answers
from shared.event_store.database import Database
from shared.subscriptions import follower, parking

FIRST_MAX = 10
"""Differences that are named; the others are counted."""


class Heard(NamedTuple):
    """What rows are made of: each source up to its position, but for the events that are parked or dropped."""

    positions: Mapping[str, int]
    left_out: frozenset[tuple[str, int]]

    def covers(self, other: "Heard") -> bool:
        """Whether the same is left out here, and nothing is missing that the other has heard."""
        return self.left_out == other.left_out and all(
            self.positions[source] >= position for source, position in other.positions.items()
        )


class Behind(Exception):  # noqa: N818 - a state that passes
    """The live rows have heard something that the new ones have not."""


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


class Members(NamedTuple):
    """The members after one number up to another one; None is without an end. What counts for everybody is before the first."""

    after: str
    last: str | None

    def of(self, table: Table) -> ColumnElement[bool]:
        upper = table.c.member <= self.last if self.last is not None else true()
        lower = table.c.member > self.after if self.after else true()
        return and_(lower, upper)


@contextmanager
def one_moment(database: Database) -> Iterator[Connection]:
    """A connection whose statements all see the same moment, whatever the lanes write meanwhile."""
    if database.engine.dialect.name == "sqlite":
        with database.read() as connection:
            yield connection
        return
    isolated = database.engine.execution_options(isolation_level="REPEATABLE READ")
    with isolated.connect() as connection, connection.begin():
        yield connection


def heard_live(connection: Connection, sources: Iterable[str], *, hold: bool = False) -> Heard:
    """What the live rows are made of; with `hold` the checkpoints stay so until the transaction ends."""
    query = select(follower.CHECKPOINTS.c.source, follower.CHECKPOINTS.c.position)
    found = dict(connection.execute(query.with_for_update() if hold else query).all())
    out = [select(table.c.source, table.c.position) for table in (parking.PARKED, parking.DROPPED)]
    left_out = frozenset((source, position) for one in out for source, position in connection.execute(one))
    return Heard({source: found.get(source, 0) for source in sources}, left_out)


def compare(connection: Connection, heard: Heard, members: Members, differences: Differences) -> None:
    """Add what differs in the rows of these members; raises `Behind` where the new rows can't be held against the live."""
    live = heard_live(connection, heard.positions)
    if not heard.covers(live):
        raise Behind
    ahead = members_ahead(connection, live, members)
    for live_table, new_table in zip(LIVE, NEW, strict=True):
        for row in connection.execute(changed(live_table, new_table, members, ahead)):
            differences.add(live_table, row[:-1], "missing" if row[-1] else "other")
        for key in connection.execute(extra(live_table, new_table, members, ahead)):
            differences.add(live_table, key, "extra")
    if ahead:
        compare_as_of(connection, live, ahead, differences)


def members_ahead(connection: Connection, live: Heard, members: Members) -> set[str]:
    """The members of whom the new rows know facts that the live ones have not heard yet."""
    beyond = is_beyond(NEW.facts, live)
    of_everybody = select(NEW.facts.c.source).where(beyond, NEW.facts.c.member == EVERYBODY).limit(1)
    if connection.execute(of_everybody).first():
        return set(connection.execute(select(NEW.facts.c.member).distinct().where(members.of(NEW.facts))).scalars())
    return set(connection.execute(select(NEW.facts.c.member).where(beyond, members.of(NEW.facts))).scalars())


def is_beyond(facts: Table, heard: Heard) -> ColumnElement[bool]:
    return or_(*(and_(facts.c.source == one, facts.c.position > last) for one, last in heard.positions.items()))


def changed(live: Table, new: Table, members: Members, ahead: set[str]) -> Any:
    """The keys of new rows that live are other or missing, and whether they are missing."""
    keys = [column.name for column in live.primary_key]
    is_missing = live.c[keys[0]].is_(None)
    others = [live.c[one.name].is_distinct_from(new.c[one.name]) for one in live.columns if one.name not in keys]
    joined = new.outerjoin(live, same_key(live, new))
    wanted = and_(members.of(new), new.c.member.not_in(ahead), or_(is_missing, *others))
    query = select(*(new.c[name] for name in keys), is_missing).select_from(joined).where(wanted)
    return query.order_by(*(new.c[name] for name in keys))


def extra(live: Table, new: Table, members: Members, ahead: set[str]) -> Any:
    """The keys of live rows that should not be there."""
    keys = [column.name for column in live.primary_key]
    joined = live.outerjoin(new, same_key(live, new))
    wanted = and_(members.of(live), live.c.member.not_in(ahead), new.c[keys[0]].is_(None))
    return select(*(live.c[name] for name in keys)).select_from(joined).where(wanted)


def same_key(live: Table, new: Table) -> ColumnElement[bool]:
    return and_(*(column == new.c[column.name] for column in live.primary_key))


def compare_as_of(connection: Connection, live: Heard, members: set[str], differences: Differences) -> None:
    """Compare members that the new rows know more of, by what follows from the facts that the live ones have heard."""
    query = select(NEW.facts).where(NEW.facts.c.member.in_({*members, EVERYBODY}), ~is_beyond(NEW.facts, live))
    known = defaultdict(list)
    facts = []
    for row in connection.execute(query):
        known[row.member].append((row.year, rows.fact_of(row)))
        facts += [row] if row.member in members else []
    lines, summaries = projector.values(projector.derive(known, {(member, EVERY_YEAR) for member in members}))
    for table, should in zip(LIVE, ([dict(row._mapping) for row in facts], lines, summaries), strict=True):  # noqa: SLF001
        found = connection.execute(select(table).where(table.c.member.in_(members))).mappings()
        add_unequal(table, by_key(table, map(dict, found)), by_key(table, should), differences)


def by_key(table: Table, found: Iterable[Values]) -> dict[tuple[object, ...], Values]:
    names = [column.name for column in table.primary_key]
    return {tuple(row[name] for name in names): row for row in found}


def add_unequal(
    table: Table,
    live: Mapping[tuple[object, ...], Values],
    should: Mapping[tuple[object, ...], Values],
    differences: Differences,
) -> None:
    for key in sorted(live.keys() | should.keys()):
        if live.get(key) != should.get(key):
            kind = "missing" if key not in live else "extra" if key not in should else "other"
            differences.add(table, key, kind)
