"""The environment of a run: its clock, its trace, and the crash points at which a process may end or lose its database."""

import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from tests.simulation.seeded_random import FaultRates, SeededRandom

T = TypeVar("T")

FUSE_POINTS_MAX = 30
"""A piece of work that is to fail does so within so many points."""
OUTAGES = (1, 1, 4, 10)
"""So many statements fail when a database does."""
POINTS_MAX = 20_000
"""A piece of work that takes longer never ends."""
WAITING_DEPTH_MAX = 3
"""So many pieces of work may wait for each other."""
TRACE_LENGTH = 2_000
STARTS = (
    datetime(2026, 4, 15, 9, 30, tzinfo=UTC),
    datetime(2025, 8, 2, 5, 0, tzinfo=UTC),
    datetime(2026, 3, 20, 20, 10, tzinfo=UTC),  # twenty minutes before Nowruz in Tehran
)
WRITES = ("INSERT", "UPDATE", "DELETE")


class InvariantViolated(BaseException):
    """A property does not hold. No handler of ordinary errors may swallow it."""


class Crash(BaseException):
    """The process ends here: nothing of it runs any more, not even its handlers of errors."""


class ProcessDied(BaseException):
    """The process that was to do the work is gone; whoever waits for it gets no answer."""


class Restartable(Protocol):
    """A process: each restart is another life."""

    name: str
    life: int

    def restart(self) -> None: ...
    def get_ready(self) -> None: ...


class Frame:
    """One piece of work of a process, and how many more points it takes until something happens to it."""

    def __init__(self, process: Restartable) -> None:
        self.process = process
        self.life = process.life
        self.points = 0
        self.dies_in = 0
        self.fails_in = 0
        self.fails_for = 0


class Environment:
    """What all parts of a run share."""

    def __init__(self, random: SeededRandom, fault_rates: FaultRates) -> None:
        self.random = random
        self.fault_rates = fault_rates
        self.now = random.choice(STARTS)
        self.steps = 0
        self.trace: deque[str] = deque(maxlen=TRACE_LENGTH)
        self.frames: list[Frame] = []
        self.tally: Counter[str] = Counter()
        self.full_disks: set[Restartable] = set()
        self.broken_parkings: set[str] = set()
        """Programs whose table of parked events takes no rows."""
        self.any_action: Callable[[], None] = lambda: None

    def log_step(self, text: str) -> None:
        """Put a sentence into the trace."""
        self.trace.append(f"{self.steps:4} {self.now:%m-%d %H:%M:%S} {'  ' * len(self.frames)}{text}")

    def within(self, process: Restartable, work: Callable[[], T]) -> T:
        """Let a process do a piece of work, which may be its last one: then it starts again, and `Died` is raised."""
        frame = Frame(process)
        if self.random.occurs(self.fault_rates.crash):
            frame.dies_in = self.random.randint(1, FUSE_POINTS_MAX)
        if self.random.occurs(self.fault_rates.database_fails):
            frame.fails_in = self.random.randint(1, FUSE_POINTS_MAX)
            frame.fails_for = self.random.choice(OUTAGES)
        self.frames.append(frame)
        try:
            process.get_ready()
            return work()
        except Crash:
            if process.life == frame.life:
                process.restart()
            raise ProcessDied from None
        finally:
            self.frames.pop()

    def point(self, what: str) -> None:
        """A place between two writes, or before a message goes out: the process may end here, or lose its database."""
        if not self.frames:
            return
        frame = self.frames[-1]
        frame.points += 1
        if frame.points > POINTS_MAX:
            raise InvariantViolated(f"{frame.process.name} comes to no end, last before: {what}")
        if frame.points == frame.dies_in:
            self.log_step(f"{frame.process.name} dies before: {' '.join(what.split())[:70]}")
            self.tally["crashes"] += 1
            raise Crash

    def statement(self, sql: str) -> None:
        """A point before a statement."""
        if not self.frames:
            return
        self.point(sql)
        frame = self.frames[-1]
        if frame.fails_in <= frame.points < frame.fails_in + frame.fails_for:
            self.log_step(f"{frame.process.name} loses its database before: {' '.join(sql.split())[:60]}")
            self.tally["statements failed"] += 1
            raise sqlite3.OperationalError("the connection is cut")
        if frame.process in self.full_disks and sql.lstrip().startswith(WRITES):
            raise sqlite3.OperationalError("database or disk is full")
        if sql.startswith("INSERT INTO parked_events") and frame.process.name.split("#")[0] in self.broken_parkings:
            self.tally["parkings failed"] += 1
            raise sqlite3.IntegrityError("the table of parked events takes no rows")

    def commit_is_unclear(self) -> bool:
        """Whether the answer to a commit is lost."""
        if self.frames and self.random.occurs(self.fault_rates.commit_unclear):
            self.log_step(f"{self.frames[-1].process.name} commits, and gets no answer")
            self.tally["commits without an answer"] += 1
            return True
        return False

    def interleave(self, rather: Callable[[], None] | None = None) -> None:
        """Somebody waits here, outside any transaction: something else may happen, which may be the end of the waiting one."""
        if self.random.occurs(self.fault_rates.interleave):
            self.run_other(rather if rather is not None and self.random.occurs(0.5) else self.any_action)
        elif self.frames:
            self.require_alive()

    def run_other(self, other: Callable[[], None]) -> None:
        """Somebody else's turn, while the one at work waits outside any transaction."""
        if len(self.frames) <= WAITING_DEPTH_MAX:
            other()
        self.require_alive()

    @contextmanager
    def nothing_fails(self) -> Iterator[None]:
        """No crash point within the block belongs to the piece of work that is under way."""
        frames, self.frames = self.frames, []
        try:
            yield
        finally:
            self.frames = frames

    def require_alive(self) -> None:
        """A piece of work whose process has ended meanwhile ends as well."""
        if self.frames and self.frames[-1].life != self.frames[-1].process.life:
            raise Crash

    def pause(self, seconds: float) -> None:
        """Time goes by."""
        self.now += timedelta(seconds=seconds)
        self.interleave()
