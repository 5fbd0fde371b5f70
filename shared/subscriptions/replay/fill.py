"""Fills empty tables of projections from the logs: exactly the events that the live rows are made of, and then those that have come since."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection

from shared.contract.envelope import Recorded
from shared.contract.operations.queries import READ_EVENTS_MAX
from shared.event_store.projection_versions import ProjectAll
from shared.subscriptions.replay import coverage
from shared.subscriptions.replay.coverage import Coverage, Place
from shared.subscriptions.replay.gathered_rows import at_once
from shared.subscriptions.replay.projections import CannotProject, Pacing, Projections, one_by_one
from shared.subscriptions.replay.source_reader import Source, SourceReader

PROJECTED_AT_ONCE = 2_000
"""Events that one transaction projects, with their rows gathered."""


def fill(
    connection: Connection, projections: Projections, sources: Sequence[Source], pacing: Pacing, version: int = 1
) -> "Fill":
    """Fill the empty tables that the projections' names mean on a connection; returns what can go on when more has been recorded.

    The connection is in no transaction; there are many short ones, so that nothing waits for the main database meanwhile.
    """
    filled = Fill(projections, SourceReader(sources, pacing.pause), pacing, version)
    filled.run(connection)
    return filled


class Fill:
    """Tables of projections that are being filled, and the events that they cover."""

    def __init__(self, projections: Projections, reader: SourceReader, pacing: Pacing, version: int = 1) -> None:
        log = projections.log
        self.projections = projections
        self.reader = reader
        self.pacing = pacing
        self.version = version
        """Of the projections: what it covers, these are to cover."""
        self.positions = dict.fromkeys(projections.sources, 0)
        self.left_out: frozenset[Place] = frozenset()
        project = {**({log.source: one_by_one(log.project)} if log else {}), **projections.followed}
        self.project = {name: at_once(one) for name, one in project.items()}
        """How the events of each source are projected, while others wait."""
        self.project_by_turns = {name: at_once(one, pacing.pause) for name, one in project.items()}

    @property
    def events(self) -> int:
        """How many are covered, or left out."""
        return sum(self.positions.values())

    def run(self, connection: Connection) -> None:
        """Fill the tables; in bulk where the projections can."""
        bulk = self.projections.bulk
        if bulk is not None:
            self._catch_up(connection, dict.fromkeys(self.positions, bulk.store), READ_EVENTS_MAX)
            bulk.derive(connection, self.pacing)
        self.catch_up(connection)

    def catch_up(self, connection: Connection) -> None:
        """Cover what the live rows cover, and pull a page of what follows, so that `finish` needs to pull nothing."""
        self._catch_up(connection, self.project_by_turns, PROJECTED_AT_ONCE)
        for name in self.reader.sources:
            if not self.reader.ahead[name]:
                self.reader.look_ahead(name)

    def can_finish(self, live: Coverage) -> bool:
        """Whether `finish` has all that it needs; else `catch_up` first."""
        pulled = all(live.positions[name] <= self.reader.pulled(name) for name in self.reader.sources)
        return pulled and not self._released(live)

    def finish(self, connection: Connection, live: Coverage) -> None:
        """Cover exactly what the live rows cover, in the transaction in which that was found."""
        self.left_out = live.left_out
        for name, until in live.positions.items():
            while self.positions[name] < until:
                self._advance(connection, self.project, name, self._next(connection, name, until, READ_EVENTS_MAX))

    def undo_finish(self) -> Callable[[], None]:
        """What puts this back as it is now, where the transaction of `finish` is rolled back."""
        positions, left_out = dict(self.positions), self.left_out
        ahead = {name: list(events) for name, events in self.reader.ahead.items()}

        def undo() -> None:
            self.positions, self.left_out, self.reader.ahead = positions, left_out, ahead

        return undo

    def _catch_up(self, connection: Connection, project: Mapping[str, ProjectAll], at_once: int) -> None:
        while True:
            with connection.begin():
                live = coverage.of_live_rows(connection, self.projections, self.version)
            released = self._released(live)
            if not released and self.positions == live.positions:
                return
            for name, position in sorted(released):
                event = self.reader.event(name, position) if name in self.reader.sources else None
                with connection.begin():
                    known = [event] if event else self._own(position - 1, 1, connection)
                    self._project(connection, project, name, known)
            self.left_out = live.left_out
            for name, until in live.positions.items():
                while self.positions[name] < until:
                    if name in self.reader.sources:
                        self.reader.require(name, until)
                    with connection.begin():
                        page = self._next(connection, name, until, at_once)
                        self._advance(connection, project, name, page)
                    self.pacing.report("reading", self.events, sum(live.positions.values()))
                    self.pacing.pause(0)

    def _next(self, connection: Connection, name: str, until: int, limit: int) -> Sequence[Recorded]:
        """The next events of a source up to a position, as far as they are in the own log, or were pulled."""
        if name in self.reader.sources:
            return self.reader.take(name, until, limit)
        after = self.positions[name]
        return self._own(after, min(limit, until - after), connection)

    def _own(self, after: int, limit: int, connection: Connection) -> Sequence[Recorded]:
        log = self.projections.log
        return log.read(connection, after, limit) if log else ()

    def _advance(
        self, connection: Connection, project: Mapping[str, ProjectAll], name: str, page: Sequence[Recorded]
    ) -> None:
        self._project(connection, project, name, [one for one in page if (name, one.position) not in self.left_out])
        self.positions[name] = page[-1].position

    def _project(
        self, connection: Connection, project: Mapping[str, ProjectAll], name: str, events: Sequence[Recorded]
    ) -> None:
        for event in events:
            if not event.is_known:
                raise CannotProject(f"{name} {event.position}: only a later version of this program knows {event.type}")
        project[name](connection, events)

    def _released(self, live: Coverage) -> set[Place]:
        """The events that are covered and were left out, and are applied by now."""
        if moved := [name for name, position in live.positions.items() if position < self.positions[name]]:
            raise LookupError(f"the subscription from {moved[0]} has gone back meanwhile")
        covered = {(name, at) for name, at in live.left_out ^ self.left_out if at <= self.positions[name]}
        if lost := covered & live.left_out:
            raise LookupError("{} {} was applied, and is left out by now".format(*min(lost)))
        return covered
