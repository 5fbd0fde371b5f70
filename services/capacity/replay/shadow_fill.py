"""Filling the tables beside the live ones: first everything in bulk, then what has come or changed meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial

from sqlalchemy import Connection, delete, func, select, true, tuple_

from services.capacity.ledger.domain import COUNTS, EVERY_YEAR, EVERYBODY
from services.capacity.projection import projector
from services.capacity.replay import comparison, shadow_tables
from services.capacity.replay.comparison import Heard, Members
from services.capacity.replay.jobs import Job
from services.capacity.replay.shadow_tables import NEW
from services.capacity.replay.source_reader import Reader
from services.capacity.tables import bulk_copy, rows
from services.capacity.tables.rows import Values
from shared.contract.envelope import Recorded
from shared.subscriptions.follower import describe

PAGES_AT_ONCE = 2
"""Pages of events that one transaction writes."""
DERIVED_AT_ONCE = 250
"""Members whose rows one transaction writes: what a rebuild holds in memory does not grow with the number of events."""
MEMBERS_IN_A_ROW = 50
"""Members that are derived before others get their turn: their calls must not wait for long."""

Place = tuple[str, int]
"""A source and a position."""


class Filling:
    """The new tables, and what they have heard."""

    def __init__(self, job: Job, reader: Reader, pause: Callable[[float], None]) -> None:
        self.job = job
        self.reader = reader
        self.pause = pause
        self.left_out: AbstractSet[Place] = frozenset()

    @property
    def heard(self) -> Heard:
        return Heard(self.reader.positions, frozenset(self.left_out))

    def read_all(self) -> None:
        """Read every event, and keep those that count."""
        self.left_out = self.heard_live().left_out
        for name in self.reader.sources:
            self.reader.pull(name, 0, 1)  # it tells its head
        facts: list[Values] = []
        for number, page in enumerate(self.reader.pages(), start=1):
            facts += self.facts(page)
            if number % PAGES_AT_ONCE == 0:
                self.put_facts(facts, self.reader.read + len(page))
                facts = []
            self.pause(0)
        self.put_facts(facts, self.reader.read)

    def put_facts(self, facts: Sequence[Values], events: int) -> None:
        """Write facts, and tell how many events were read."""
        told = {"events": events, "events_total": max(events, self.reader.total)}
        self.job.step(partial(bulk_copy.insert, table=NEW.facts, rows=facts), **told)

    def derive_all(self) -> None:
        """Derive the ledgers of all members, in the order of their numbers."""
        generation = self.job.rebuild.hex[:12]
        self.job.step(lambda connection: shadow_tables.index(connection, generation), phase="deriving")
        with self.job.database.read() as connection:
            counted = select(func.count(NEW.facts.c.member.distinct())).where(NEW.facts.c.member != EVERYBODY)
            total = connection.execute(counted).scalar_one()
        everybody = projector.facts_of_everybody(self.job.database, NEW)
        derived = 0
        for members, count in self.members(DERIVED_AT_ONCE):
            lines: list[Values] = []
            summaries: list[Values] = []
            for number, (member, facts) in enumerate(bulk_copy.facts(self.job.database, NEW.facts, *members), start=1):
                found = projector.values(projector.derive({**everybody, member: facts}, {(member, EVERY_YEAR)}))
                lines += found[0]
                summaries += found[1]
                if number % MEMBERS_IN_A_ROW == 0:
                    self.pause(0)
            derived += count
            told = {"members": derived, "members_total": total}
            self.job.step(partial(put_ledgers, lines=lines, summaries=summaries), **told)
            self.pause(0)

    def members(self, at_once: int) -> Iterator[tuple[Members, int]]:
        """All members in parts, with how many new members each part has; the last part is without an end."""
        after = ""
        while True:
            query = select(NEW.facts.c.member).distinct().where(NEW.facts.c.member > after)
            with self.job.database.read() as connection:
                found = connection.execute(query.order_by(NEW.facts.c.member).limit(at_once)).scalars().all()
            if len(found) < at_once:
                yield Members(after, None), len(found)
                return
            yield Members(after, found[-1]), at_once
            after = found[-1]

    def catch_up(self) -> None:
        """Take in what has been recorded since, and leave out, or take in again, what was parked or released since."""
        live = self.heard_live()
        left_out = live.left_out
        read = {place for place in left_out ^ self.left_out if place[1] <= self.reader.positions.get(place[0], 0)}
        out, again = read & left_out, read - left_out
        if out:
            self.job.step(lambda connection: leave_out(connection, out))
        self.left_out = left_out
        for name, position in sorted(again):
            self.keep([self.reader.one(name, position)])
        for page in self.reader.pages():
            self.keep(page)
            self.pause(0)
        for name, heard in live.positions.items():
            if self.reader.positions[name] < heard:
                raise LookupError(
                    f"the log of {name} ends at {self.reader.positions[name]}, its lane has heard {heard}"
                )

    def keep(self, events: Sequence[Recorded]) -> None:
        facts = self.facts(events)
        if facts:
            self.job.step(lambda connection: projector.keep(connection, facts, NEW))

    def facts(self, events: Sequence[Recorded]) -> list[Values]:
        """The rows of the events that count and are not left out."""
        found = []
        for one in events:
            if one.type in COUNTS and (one.source, one.position) not in self.left_out:
                try:
                    found.append(rows.fact_values(one))
                except (KeyError, TypeError, ValueError) as error:
                    raise bulk_copy.Unreadable(f"{one.source} {one.position}: {describe(error)}") from error
        return found

    def heard_live(self) -> Heard:
        """What the lanes have heard, and what they have parked or dropped of it."""
        with self.job.database.read() as connection:
            return comparison.heard_live(connection, self.reader.sources)


def put_ledgers(connection: Connection, lines: Sequence[Values], summaries: Sequence[Values]) -> None:
    bulk_copy.insert(connection, NEW.lines, lines)
    bulk_copy.insert(connection, NEW.summaries, summaries)


def leave_out(connection: Connection, places: AbstractSet[Place]) -> None:
    """Take facts out again, and derive what they had touched."""
    facts = NEW.facts.c
    here = tuple_(facts.source, facts.position).in_(places)
    members = connection.execute(select(facts.member).distinct().where(here)).scalars().all()
    if EVERYBODY in members:
        members = projector.members_of(connection, NEW, true())
    connection.execute(delete(NEW.facts).where(here))
    for table in (NEW.lines, NEW.summaries):
        connection.execute(delete(table).where(table.c.member.in_(members)))
    projector.derive_again(connection, {(member, EVERY_YEAR) for member in members}, NEW)
