"""Fills the shadow tables: first everything in bulk, then what has been recorded, parked or released meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial

from sqlalchemy import Connection, delete, func, select, true, tuple_

from services.capacity.ledger.domain import EVENT_TYPES, EVERY_MEMBER, EVERY_YEAR
from services.capacity.policies import registry
from services.capacity.projection import projector
from services.capacity.replay import comparison, shadow_tables
from services.capacity.replay.comparison import Coverage, MemberRange
from services.capacity.replay.jobs import Job
from services.capacity.replay.shadow_tables import SHADOW
from services.capacity.replay.source_reader import SourceReader
from services.capacity.tables import bulk_copy, rows
from services.capacity.tables.rows import Values
from shared.contract.seal import Delivery
from shared.log_format import describe

PAGES_AT_ONCE = 2
"""Pages of events that one transaction writes."""
DERIVED_AT_ONCE = 250
"""Members whose rows one transaction writes: what a replay holds in memory does not grow with the number of events."""
MEMBERS_IN_A_ROW = 50
"""Members that are derived before RPC calls get their turn: they must not wait for long."""

Place = tuple[str, int]
"""A source and a position."""


class ShadowFill:
    """The shadow tables, and the events that they cover."""

    def __init__(self, job: Job, reader: SourceReader, pause: Callable[[float], None]) -> None:
        self.job = job
        self.reader = reader
        self.pause = pause
        self.excluded: AbstractSet[Place] = frozenset()
        self.unknown: list[Delivery] = []
        """Events that only a later version knows; the subscriptions have not noted those beyond their checkpoints."""

    @property
    def coverage(self) -> Coverage:
        return Coverage(self.reader.positions, frozenset(self.excluded))

    def read_all(self) -> None:
        """Read every event, and store those that count."""
        self.excluded = self.live_coverage().excluded
        for name in self.reader.sources:
            self.reader.pull(name, 0, 1)  # the page brings the source's head
        facts: list[Values] = []
        for number, page in enumerate(self.reader.pages(), start=1):
            facts += self.facts(page)
            if number % PAGES_AT_ONCE == 0:
                self.insert_facts(facts, self.reader.read + len(page))
                facts = []
            self.pause(0)
        self.insert_facts(facts, self.reader.read)

    def insert_facts(self, facts: Sequence[Values], events: int) -> None:
        """Insert facts, and report how many events were read."""
        progress = {"events": events, "events_total": max(events, self.reader.total)}
        self.job.step(partial(bulk_copy.insert, table=SHADOW.facts, rows=facts), **progress)

    def derive_all(self) -> None:
        """Derive the ledgers of all members, in the order of their numbers."""
        generation = self.job.rebuild.hex[:12]
        self.job.step(partial(shadow_tables.create_indexes, generation=generation), phase="deriving")
        with self.job.database.read() as connection:
            counted = select(func.count(SHADOW.facts.c.member.distinct())).where(SHADOW.facts.c.member != EVERY_MEMBER)
            total = connection.execute(counted).scalar_one()
            of_every_member = rows.facts_of(connection, [EVERY_MEMBER], SHADOW)
            policies = registry.recorded(connection)
        derived = 0
        for members, count in self.members(DERIVED_AT_ONCE):
            lines: list[Values] = []
            summaries: list[Values] = []
            found = bulk_copy.read_facts(self.job.database, SHADOW.facts, *members)
            for number, (member, facts) in enumerate(found, start=1):
                known = {**of_every_member, member: facts}
                new = projector.values(projector.derive(known, {(member, EVERY_YEAR)}, policies))
                lines += new[0]
                summaries += new[1]
                if number % MEMBERS_IN_A_ROW == 0:
                    self.pause(0)
            derived += count
            progress = {"members": derived, "members_total": total}
            self.job.step(partial(insert_ledgers, lines=lines, summaries=summaries), **progress)
            self.pause(0)

    def members(self, at_once: int) -> Iterator[tuple[MemberRange, int]]:
        """All members in ranges, with how many shadow members each has; the last range is without an end."""
        after = ""
        while True:
            query = select(SHADOW.facts.c.member).distinct().where(SHADOW.facts.c.member > after)
            with self.job.database.read() as connection:
                found = connection.execute(query.order_by(SHADOW.facts.c.member).limit(at_once)).scalars().all()
            if len(found) < at_once:
                yield MemberRange(after, None), len(found)
                return
            yield MemberRange(after, found[-1]), at_once
            after = found[-1]

    def catch_up(self) -> None:
        """Project what has been recorded since; exclude what was parked since, and project what was released since."""
        live = self.live_coverage()
        moved = live.excluded ^ self.excluded
        read = {place for place in moved if place[1] <= self.reader.positions.get(place[0], 0)}
        out, again = read & live.excluded, read - live.excluded
        if out:
            self.job.step(partial(exclude, places=out))
        self.excluded = live.excluded
        for name, position in sorted(again):
            self.project([self.reader.event(name, position)])
        for page in self.reader.pages():
            self.project(page)
            self.pause(0)
        for name, position in live.positions.items():
            if self.reader.positions[name] < position:
                ends = self.reader.positions[name]
                raise LookupError(f"the log of {name} ends at {ends}, its subscription is at {position}")

    def project(self, events: Sequence[Delivery]) -> None:
        facts = self.facts(events)
        if facts:
            self.job.step(partial(projector.store_facts, facts=facts, tables=SHADOW))

    def facts(self, events: Sequence[Delivery]) -> list[Values]:
        """The rows of the events that count and are not excluded."""
        found = []
        for event in events:
            if not event.is_known:
                self.unknown.append(event)
            elif event.type in EVENT_TYPES and (event.source, event.position) not in self.excluded:
                try:
                    found.append(rows.fact_values(event))
                except (KeyError, TypeError, ValueError) as error:
                    raise bulk_copy.Unreadable(f"{event.source} {event.position}: {describe(error)}") from error
        return found

    def live_coverage(self) -> Coverage:
        """The events that the live rows cover now."""
        with self.job.database.read() as connection:
            return comparison.live_coverage(connection, self.reader.sources)


def insert_ledgers(connection: Connection, lines: Sequence[Values], summaries: Sequence[Values]) -> None:
    bulk_copy.insert(connection, SHADOW.lines, lines)
    bulk_copy.insert(connection, SHADOW.summaries, summaries)


def exclude(connection: Connection, places: AbstractSet[Place]) -> None:
    """Delete facts, and derive again what they had touched."""
    facts = SHADOW.facts.c
    here = tuple_(facts.source, facts.position).in_(places)
    members = connection.execute(select(facts.member).distinct().where(here)).scalars().all()
    if EVERY_MEMBER in members:
        members = projector.members_of(connection, SHADOW, true())
    connection.execute(delete(SHADOW.facts).where(here))
    for table in (SHADOW.lines, SHADOW.summaries):
        connection.execute(delete(table).where(table.c.member.in_(members)))
    projector.derive_again(connection, {(member, EVERY_YEAR) for member in members}, SHADOW)
