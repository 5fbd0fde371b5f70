"""One process of a program: its records, its relay and its subscriptions, as the service's extensions put them together."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Connection, MetaData
from sqlalchemy.exc import OperationalError

from services.capacity.grants.recording import LOG as capacity_log  # noqa: N811 - one of several logs
from shared.contract.base import Command
from shared.contract.envelope import Recorded
from shared.contract.operations.answers import RecordedEvents
from shared.contract.refusals import ID_TAKEN, Reason, Refused
from shared.event_store import projection_versions
from shared.event_store.command_handler import Decided, Handled, Records
from shared.event_store.decider import Decider
from shared.event_store.log import EventLog, react_to_nothing
from shared.event_store.projection_versions import OwnLog
from shared.event_store.sql import schema
from shared.messaging.relay import ConfirmingChannel, Relay
from shared.subscriptions.replay.projections import Projections
from shared.subscriptions.seal_check import SealBroken
from tests.simulation import signing
from tests.simulation.broker import Broker, BrokerConnection
from tests.simulation.environment import Environment, InvariantViolated, ProcessDied
from tests.simulation.in_memory_database import InterceptableDatabase, Slot, opened
from tests.simulation.recorder import Recorder
from tests.simulation.subscription import Subscription

C = TypeVar("C", bound=Decided)
S = TypeVar("S")

ApplyEvent = Callable[["Process", Connection, Recorded], None]
Serve = Callable[["Process", Any], object]


@dataclass(frozen=True)
class Program:
    """What a program is made of."""

    name: str
    tables: Sequence[MetaData]
    project: Callable[[Connection, Recorded], None] | None = None
    """None: it has no log."""
    react: Callable[[Connection, Recorded], None] = react_to_nothing
    applies: dict[str, ApplyEvent] = field(default_factory=dict)
    applies_batch: Callable[[Connection, Sequence[Recorded]], None] | None = None
    """How it applies a batch at once, where it can."""
    handlers: dict[type, Serve] = field(default_factory=dict)
    projections: Projections | None = None
    """As its service declares them, but for the log; None: it declares none."""

    @property
    def followed(self) -> tuple[str, ...]:
        """The sources that its projections follow."""
        return tuple(self.projections.followed) if self.projections else ()


class ParkedEventRetry(Protocol):
    """An operator who may mend what is parked on a subscription, at any copy."""

    def repair_and_retry(self, subscription: Subscription, partition_key: str) -> None: ...
    def any_copy(self, subscription: Subscription) -> Subscription: ...


class World(Protocol):
    """What a process needs of the world around it."""

    environment: Environment
    broker: Broker
    recorder: Recorder
    bank: Any
    slots: dict[str, Slot]
    processes: dict[str, list["Process"]]
    versions: Any

    @property
    def operator(self) -> ParkedEventRetry: ...
    def pull(self, source: str, after: int, limit: int) -> RecordedEvents: ...
    def other_copy(self, subscription: Subscription) -> Callable[[], None] | None: ...
    def concurrent_writers(self, process: "Process") -> list[Any]: ...
    def concurrent_append(self, process: "Process", stream: str, command: Any) -> None: ...


class StaleLog(EventLog):
    """A log that may be read before somebody else appends, and appended to afterwards, as on a database of many writers."""

    read_before: dict[str, list[Recorded]]
    read_stale: set[str]
    """The streams whose last reader saw them as they were before."""

    def stream(self, connection: Connection, stream: str) -> list[Recorded]:
        if stream in self.read_before:
            self.read_stale.add(stream)
            return self.read_before.pop(stream)
        self.read_stale.discard(stream)
        return super().stream(connection, stream)


@dataclass(frozen=True)
class CheckedRecords(Records):
    """Records whose answers are recorded, to be compared with the log in the end."""

    process: "Process | None" = None

    def handle(
        self,
        stream: str,
        command: C,
        decider: Decider[C, S],
        side_writes: Callable[[Connection, tuple[Recorded, ...]], None] | None = None,
        wire_command: Command[Any] | None = None,
    ) -> Handled[S]:
        assert self.process is not None
        self.process.append_concurrently(stream, command)
        try:
            handled = super().handle(stream, command, decider, side_writes, wire_command)
        except Refused as refused:
            self.process.require_new(stream, command.id, refused, wire_command or command)
            raise
        if handled.is_new:
            self.process.world.versions.require_decidable(self.process, stream, handled.recorded[0].version)
        self.process.world.recorder.done_under_id(self.process.program.name, wire_command or command)
        self.process.world.recorder.answered(self.process.program.name, stream, command.id, handled.recorded)
        return handled


class Process:
    """A copy of a program, from one start to the next."""

    def __init__(self, world: World, program: Program, copy: int, slot: Slot) -> None:
        self.world = world
        self.environment = world.environment
        self.program = program
        self.copy = copy
        self.slot = slot
        self.name = f"{program.name}#{copy}"
        self.life = 0
        self.skew = timedelta(seconds=self.environment.random.randint(-3, 3))
        self.has_had_wrong_clock = False
        self.made_of = program
        """The program with the version of its projections that this copy has."""
        self.has_versions = False
        """Whether copies of another version may write."""
        self.is_ready = True
        self.subscriptions = {source: Subscription(self, source) for source in program.applies}
        self.start()

    def start(self) -> None:
        self.life += 1
        with opened(self.slot.engines[self.version][self.copy - 1]):
            self.database = InterceptableDatabase("", self.version)
        self.own: OwnLog | None = None
        self.is_ready, self.is_getting_ready = not self.has_versions, False
        self.database.slot = self.slot
        self.database.concurrent_writers = lambda: self.world.concurrent_writers(self)
        self.log: StaleLog | None = None
        self.relay: Relay | None = None
        if self.made_of.project is not None:
            self.log = StaleLog(self.program.name, self.made_of.project, self.react, self.now)
            self.log.read_before, self.log.read_stale = {}, set()
            self.relay = Relay(self.database, self.log, "", partial(signing.sign, self.program.name))
        if self.has_versions:
            self.find_other_versions()
        self.channel: ConfirmingChannel | None = None
        self.is_publishing = False
        self.records = CheckedRecords(
            self.database, self.log, epochs=self.relay.epochs if self.relay else None, process=self
        )
        for subscription in self.subscriptions.values():
            subscription.start(self.database)

    def restart(self) -> None:
        """Whatever was not committed, acknowledged or answered is gone."""
        self.database.close()
        for subscription in self.subscriptions.values():
            subscription.stop()
        with self.environment.nothing_fails():
            self.start()

    @property
    def version(self) -> int:
        """Of the projections."""
        return schema.version_of(self.made_of.projections.tables) if self.made_of.projections else self.slot.declared

    def find_other_versions(self) -> None:
        """As `shared.nameko_extensions.event_store.EventStore` puts it together."""
        sources = (self.program.name, *self.made_of.followed)
        self.database.write(lambda connection: projection_versions.register(connection, self.version, sources))
        if self.log is not None:
            self.own = OwnLog(self.database, self.log)
            self.database.catch_up, self.database.before_reading = self.own.take_over, self.own.catch_up
        elif self.program.name == capacity_log.source:  # whose log nobody follows in a run
            self.database.catch_up = OwnLog(self.database, capacity_log).take_over

    def react(self, connection: Connection, recorded: Recorded) -> None:
        """The program's reactions, with a row for each."""
        if self.has_versions:
            connection.exec_driver_sql("INSERT INTO reacted (position) VALUES (?)", (recorded.position,))
        self.made_of.react(connection, recorded)

    def get_ready(self) -> None:
        """What a copy does before it takes any call: it fills what its projections lack, while others go on, and may die of that."""
        if self.is_ready:
            return
        if self.is_getting_ready:
            raise ProcessDied
        life, self.is_getting_ready = self.life, True
        try:
            self.fill_own()
            for subscription in self.subscriptions.values():
                if subscription.follower.version.left_to_fill:
                    subscription.follower.version.catch_up()
            self.is_ready = True
        except (OperationalError, sqlite3.OperationalError, Refused, SealBroken) as error:
            if not self.environment.frames:
                raise
            self.environment.log_step(f"{self.name} cannot start: {type(error).__name__}")
            raise ProcessDied from error
        finally:
            if life == self.life:
                self.is_getting_ready = False

    def fill_own(self) -> None:
        """Fill what follows from the own log; the copies of the other version are given the time to notice this one."""
        if self.own is None:
            return
        self.own.project_known()
        self.own.catch_up(self.report_fill)
        for other in self.world.processes[self.program.name]:
            other.database.has_other_versions = True

    def take_over(self) -> None:
        """Have this copy's version be the last that has written everything."""
        if self.own is not None:
            self.database.write(self.own.take_over)
        for subscription in self.subscriptions.values():
            subscription.follower.version.take_over()

    def report_fill(self, left: int) -> None:
        self.environment.log_step(f"{self.name} has {left} events to fill its projections of version {self.version}")
        self.environment.tally["pages filled"] += 1
        self.environment.interleave()

    def now(self) -> datetime:
        return self.environment.now + self.skew

    def serve(self, command: Any) -> object:
        """Answer a request, by this program's own clock."""
        return self.program.handlers[type(command)](self, command)

    def publish(self) -> int:
        """What the relay does at its turn; `ConnectionError` sends it back to connect again."""
        if self.relay is None or self.is_publishing:
            return 0
        self.is_publishing = True
        life, source = self.life, self.program.name
        try:
            if self.channel is None:
                confirmed = self.world.recorder.on_confirm(source)
                self.channel = ConfirmingChannel(BrokerConnection(self.world.broker, confirmed))  # type: ignore[arg-type]
            count = self.relay.publish_once(self.channel)
            if count == 0 and self.own is not None:
                self.own.catch_up()
        except Exception:
            self.channel = None
            raise
        finally:
            if life == self.life:
                self.is_publishing = False
        return count

    def append_concurrently(self, stream: str, command: Any) -> None:
        """Perhaps this process has read the stream, and somebody appends to it before it writes."""
        if (
            self.log is not None
            and self.environment.random.occurs(self.environment.fault_rates.stale)
            and not self.database.intercepting
        ):
            self.log.read_before.pop(stream, None)  # of a command that was refused before it read its stream
            with self.database.read() as connection:
                history = self.log.stream(connection, stream)
            self.world.concurrent_append(self, stream, command)
            if history:
                self.log.read_before[stream] = history

    def require_new(self, stream: str, command: UUID, refused: Refused, message: object) -> None:
        """A command that is on record is never refused by whoever looks afterwards; another one under its id is."""
        if refused.details.get("id") == ID_TAKEN:
            self.world.recorder.refused_for_id(self.program.name, message)
            return
        if self.log is None or stream in self.log.read_stale or refused.reason is Reason.NEWER_VERSION_NEEDED:
            return
        query = "SELECT count(*) FROM events WHERE stream = ? AND metadata ->> 'causation_id' = ?"
        if self.slot.value(query, stream, str(command)):
            raise InvariantViolated(f"{self.name} refuses ({refused.reason}) a command that is on record in {stream}")
