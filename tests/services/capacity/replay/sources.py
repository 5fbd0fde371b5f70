"""The logs of the three sources for a rebuild to read, with the subscriptions that follow them meanwhile."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from services.capacity import subscriptions
from services.capacity.service import CapacityService
from services.capacity.tables.projections import PROJECTIONS
from shared.contract import base
from shared.contract.envelope import Recorded
from shared.contract.operations import rebuild_answers
from shared.contract.seal import GENESIS, Delivery, extended
from shared.event_store.database import Database
from shared.subscriptions import parking
from shared.subscriptions.follower import Apply, Follower
from shared.subscriptions.replay import jobs, runner
from tests.services.capacity import live
from tests.services.capacity.sample_events import Logs
from tests.support.rebuilds import Rebuilds
from tests.support.seals import sealed
from tests.support.servers.prepared_databases import sqlite_file

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


class Log:
    """One source's log, as a subscription pulls it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.events: list[Recorded] = []
        self._sealed: list[tuple[Delivery, str]] = []
        self.before_pull: Callable[[], None] = lambda: None

    @property
    def deliveries(self) -> list[Delivery]:
        """The events, each sealed."""
        chain = self._sealed[-1][1] if self._sealed else GENESIS
        for event in self.events[len(self._sealed) :]:
            (delivery,) = sealed([event], chain)
            chain = extended(chain, delivery.digest)
            self._sealed.append((delivery, chain))
        return [delivery for delivery, _ in self._sealed]

    def pull(self, after: int, limit: int) -> Sequence[Delivery]:
        self.before_pull()
        first = bisect_right(self.events, after, key=lambda one: one.position)
        return self.deliveries[first : first + limit]


@dataclass
class World:
    """The capacity's database, what it follows, and a clock that a test moves."""

    database: Database
    apply: Apply = subscriptions.on_event
    recorder: Logs = field(default_factory=Logs)
    now: datetime = NOW
    sources: list[Log] = field(default_factory=lambda: [Log("auth"), Log("renewal"), Log("payment")])

    def record(self, *history: base.Event) -> None:
        """The sources record; no subscription has heard of it yet."""
        for one in self.recorder.record_all(*history):
            self.source(one.source).events.append(one)

    def source(self, name: str) -> Log:
        return next(one for one in self.sources if one.source == name)

    def subscription(self, name: str) -> Follower:
        log = self.source(name)
        pull = Log(name)
        pull.events = log.events
        return Follower(self.database, name, self.apply, pull.pull, lambda _seconds: None)

    def follow(self) -> None:
        """Every subscription hears all there is."""
        for one in self.sources:
            self.subscription(one.source).catch_up()

    def receive_all(self, *history: base.Event) -> None:
        self.record(*history)
        self.follow()

    def start(self, check: bool = False, rebuild: UUID | None = None) -> jobs.Job:
        """Put a rebuild on record."""
        number = rebuild or uuid4()
        assert self.database.write(lambda one: jobs.start(one, number, "officer:root", self.now, check=check))
        return jobs.Job(self.database, number, check, lambda: self.now)

    def run(self, job: jobs.Job, pause: Callable[[float], None] = lambda _seconds: None) -> rebuild_answers.Rebuild:
        """Run a rebuild; `pause` is what happens wherever it lets others go first."""
        runner.run(job, CapacityService.projections, self.sources, pause)
        return self.newest()

    def rebuild(
        self, check: bool = False, pause: Callable[[float], None] = lambda _seconds: None
    ) -> rebuild_answers.Rebuild:
        return self.run(self.start(check), pause)

    @property
    def rebuilds(self) -> Rebuilds:
        return Rebuilds(self.database, CapacityService.projections, self.sources, self.now)

    def newest(self) -> rebuild_answers.Rebuild:
        with self.database.read() as connection:
            return jobs.newest(connection, self.now)

    def cancel(self) -> None:
        self.database.write(jobs.cancel)

    def live(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every live row, in the order of the keys."""
        with self.database.read() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for table in PROJECTIONS.sorted_tables
            }

    def replayed(self, home: Path) -> dict[str, list[tuple[Any, ...]]]:
        """The rows that a new program would have after hearing everything, event by event."""
        afresh = home / f"{uuid4()}.db"
        afresh.write_bytes(sqlite_file(live.prepare))
        other = World(Database(f"sqlite:///{afresh}"), sources=self.sources)
        other.follow()
        return other.live()

    def checkpoints(self) -> dict[str, int]:
        return {one.source: self.subscription(one.source).checkpoint() for one in self.sources}

    def parked(self) -> list[tuple[str, int]]:
        with self.database.read() as connection:
            return [(one.source, one.position) for one in parking.list_parked(connection)]
