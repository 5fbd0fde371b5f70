"""A subscription as `shared.nameko_extensions.subscription.Subscription` runs it, with the broker and the source of the simulation."""

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from shared.contract.envelope import Recorded
from shared.contract.refusals import Refused
from shared.contract.seal import Delivery
from shared.event_store.database import Database
from shared.subscriptions import parking
from shared.subscriptions.checkpoints import Checkpoint, CheckpointMoved
from shared.subscriptions.follower import Follower
from shared.subscriptions.projection_versions import NO_PROJECTION, Projection
from shared.subscriptions.seal_check import Verdict
from tests.simulation import signing
from tests.simulation.adversary import ACTOR
from tests.simulation.broker import Message
from tests.simulation.environment import InvariantViolated
from tests.simulation.recorder import PARKED_BY_OLD, HandlerError, HandlerFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.simulation.process import Process

PREFETCH_MAX = 8
REPAIRED_SHARE = 0.5
"""So often an operator comes just then."""
IDLE = 0.3
"""So often a subscription without deliveries has waited long enough to pull from its source."""


Received = tuple[Message, Delivery]
"""A message and the event in it."""
ALONE = """
SELECT position FROM parked_events AS later WHERE source = ? AND position > ? AND error = '' AND NOT EXISTS (
    SELECT 1 FROM parked_events AS first
    WHERE first.source = later.source AND first.partition_key = later.partition_key AND first.position < later.position)
"""
"""What was parked only because something before it was."""


class Copy(Follower):
    """A follower that may have read its checkpoint, and what is parked, before another copy moved it or took that up."""

    subscription: "Subscription"
    read_before: Checkpoint | None = None
    seen_before: set[str] | None = None

    def _apply(self, batch: "Sequence[Delivery]", failure: str = "") -> Verdict:
        environment = self.subscription.process.environment
        if (
            environment.random.occurs(environment.fault_rates.stale)
            and not self.subscription.process.database.intercepting
        ):
            with self.database.read() as connection:
                self.read_before, self.seen_before = (
                    super()._checkpoint(connection),
                    super()._partition_keys(connection),
                )
            self.subscription.interleave_others({parking.partition_key_of(one) for one in batch} & self.seen_before)
        try:
            return super()._apply(batch, failure)
        finally:
            self.read_before = self.seen_before = None

    def _apply_within(self, connection: Connection, batch: "Sequence[Delivery]", failure: str) -> Verdict:
        before = super()._checkpoint(connection)
        verdict = super()._apply_within(connection, batch, failure)
        found = connection.exec_driver_sql(ALONE, (self.source, before.position)).fetchall()
        if found and not failure:
            raise InvariantViolated(f"{self.subscription.name}: {found[0][0]} is parked behind nothing")
        return verdict

    def _partition_keys(self, connection: Connection) -> set[str]:
        return super()._partition_keys(connection) if self.seen_before is None else self.seen_before

    def _lock_checkpoint(self, connection: Connection) -> None:
        """Whoever waits for the row sees afterwards what the others have left."""
        self.seen_before = None
        super()._lock_checkpoint(connection)

    def _move(self, connection: Connection, before: int, after: Checkpoint) -> None:
        try:
            super()._move(connection, before, after)
        except CheckpointMoved:
            self.subscription.process.environment.tally["checkpoints moved by another"] += 1
            raise

    def _checkpoint(self, connection: Connection) -> Checkpoint:
        if self.read_before is not None:
            seen, self.read_before = self.read_before, None
            return seen
        self.seen_before = None  # a transaction that is tried again reads everything anew
        return super()._checkpoint(connection)


class Subscription:
    """One process's end of a subscription."""

    def __init__(self, process: "Process", source: str) -> None:
        self.process = process
        self.source = source
        self.key = (process.program.name, source)
        self.name = f"{process.name} follows {source}"

    def start(self, database: Database) -> None:
        all_at_once = self.apply_all if self.process.program.applies_batch else None
        projections = self.process.made_of.projections if self.process.has_versions else None
        self.follower = Copy(
            database,
            self.source,
            self.apply,
            self.pull,
            self.pause,
            all_at_once,
            Projection(projections.followed.get(self.source), projections.lock) if projections else NO_PROJECTION,
        )
        self.follower.subscription = self
        self.signatures = signing.signatures_of(self.source)
        self.during_pull: Callable[[], None] | None = None
        self.is_busy = False
        self.is_connected = False
        self.waiting: list[Received] = []

    def stop(self) -> None:
        self.process.world.broker.disconnect(self.key, self)

    def turn(self) -> bool:
        """Everything between two waits for deliveries; whatever is raised breaks the connection, as in the extension."""
        if self.is_busy:
            return False
        life, self.is_busy = self.process.life, True
        try:
            return self.listen()
        except (
            BaseException
        ):  # also where somebody else's commit was waited for on the way, and the work went no further
            if life == self.process.life:
                self.is_connected = False
                self.process.world.broker.disconnect(self.key, self)
            raise
        finally:
            if life == self.process.life:
                self.is_busy = False

    def maybe_restarts(self) -> bool:
        """The broker's connection is lost, and everything is pulled from the source."""
        if self.is_busy:
            return False
        self.stop()
        self.is_connected = False
        return self.turn()

    def listen(self) -> bool:
        """Receive what is in the queue, or pull from the source when it is empty."""
        if not self.is_connected:
            self.catch_up()
            self.is_connected, self.waiting = True, []
            return True
        most = self.process.environment.random.randint(1, PREFETCH_MAX)
        new = self.process.world.broker.deliver(self.key, self, most)
        if not new:
            self.follower.version.tick()
            if not self.process.environment.random.occurs(IDLE):
                return False
            pulled = self.catch_up()
            if pulled is not None:
                self.acknowledge(self.waiting)
                self.waiting.clear()
            return bool(pulled)
        for message in new:
            if (event := self.decoded(message)) is None:
                self.process.world.broker.acknowledge(self, [message])
            else:
                self.waiting.append((message, event))
        batch = [event for _, event in self.waiting]
        self.process.environment.log_step(f"{self.name}: receives {[one.position for one in batch]}")
        done = self.receive_batch(self.waiting)
        del self.waiting[:done]
        return True

    def receive_batch(self, waiting: "Sequence[Received]") -> int:
        """The acknowledgement follows the commit; what no seal covers yet stays."""
        done = self.follower.receive([event for _, event in waiting])
        self.require_parked_for_reason()
        self.acknowledge(waiting[:done])
        return done

    def require_parked_for_reason(self) -> None:
        """Nothing is parked whose handler works: a database that is away for a moment is waited for."""
        query = "SELECT position, error FROM parked_events WHERE source = ? AND error <> '' AND error NOT LIKE ?"
        for position, error in self.process.slot.rows(query, self.source, f"{HandlerError.__name__}%"):
            if not error.startswith(PARKED_BY_OLD):
                raise InvariantViolated(f"{self.name}: {position} is parked although its handler works: {error}")

    def decoded(self, message: Message) -> Delivery | None:
        """The event of a delivery; None for what is none."""
        try:
            return self.signatures.delivery(message.body, message.headers)
        except ValueError:
            return None

    def acknowledge(self, received: "Sequence[Received]") -> None:
        """Only what is safe may be forgotten by the broker."""
        self.process.environment.point("its acknowledgement")
        query = "SELECT position FROM checkpoints WHERE source = ?"
        checkpoint = self.process.slot.value(query, self.source) or 0
        true = [
            event
            for _, event in received
            if event.metadata.actor != ACTOR and self.at_source(event) == event.event_id.hex
        ]
        if any(event.position > checkpoint for event in true):
            raise InvariantViolated(f"{self.name}: acknowledges what is behind its checkpoint {checkpoint}")
        for event in true:
            if event.is_sealed is not None and self.applied_at(event) not in (None, event.event_id.hex):
                raise InvariantViolated(f"{self.name}: takes {event.position}, which is new, for a duplicate")
        self.process.world.broker.acknowledge(self, [message for message, _ in received])

    def at_source(self, event: Delivery) -> str | None:
        """The event that the source has sealed at a position; after a restore another one, or none."""
        found: str | None = self.process.world.slots[self.source].value(
            "SELECT event_id FROM events WHERE position = ? AND position <= (SELECT max(position) FROM seals)",
            event.position,
        )
        return found

    def applied_at(self, event: Delivery) -> str | None:
        """The event that was applied at a position."""
        query = "SELECT event_id FROM applied WHERE source = ? AND position = ?"
        found: str | None = self.process.slot.value(query, self.source, event.position)
        return found and found.replace("-", "")

    def catch_up(self) -> int | None:
        """Pull; None for a source that is down, which is tried again later."""
        try:
            pulled = self.follower.catch_up()
            self.require_parked_for_reason()
            return pulled
        except Refused as refused:
            self.process.environment.log_step(f"{self.name}: cannot pull, {refused.reason}")
            return None

    def pull(self, after: int, limit: int) -> "Sequence[Delivery]":
        """The source's events; who waits for them may be overtaken."""
        during_pull, self.during_pull = self.during_pull, None
        if during_pull is not None:
            self.process.environment.run_other(during_pull)
        answer = self.process.world.pull(self.source, after, limit)
        self.follower.source_log = self.signatures.log_state(after, answer)
        return self.signatures.deliveries(answer)

    def apply(self, connection: Connection, recorded: Recorded) -> None:
        """The program's own handler, with a row for the call, and the fault drawn for it."""
        fault = self.begin(connection, recorded)
        self.process.made_of.applies[self.source](self.process, connection, recorded)
        if fault is not None:
            fault.after()

    def apply_all(self, connection: Connection, batch: "Sequence[Recorded]") -> None:
        """The same for a batch that the program applies at once."""
        handler_faults = [self.begin(connection, one) for one in batch]
        assert self.process.made_of.applies_batch is not None
        self.process.made_of.applies_batch(connection, batch)
        for fault in handler_faults:
            if fault is not None:
                fault.after()

    def begin(self, connection: Connection, recorded: Recorded) -> HandlerFault | None:
        if recorded.metadata.actor == ACTOR:
            raise InvariantViolated(f"{self.name}: applies {recorded.position}, which its source never signed")
        if not recorded.is_known:
            raise InvariantViolated(f"{self.name}: applies {recorded.position}, a type that it does not know")
        fault = self.process.world.recorder.handler_fault(self.key, recorded.position)
        if fault is not None:
            fault.before()
        row = (recorded.source, recorded.position, parking.partition_key_of(recorded), str(recorded.event_id))
        connection.exec_driver_sql(
            "INSERT INTO applied (source, position, partition_key, event_id) VALUES (?, ?, ?, ?)", row
        )
        return fault

    def pause(self, seconds: float) -> None:
        self.process.environment.pause(seconds)

    def interleave_others(self, about_to_wait: set[str]) -> None:
        """An operator mends what this subscription is about to park behind, another copy has its turn, or anything else happens."""
        environment, world = self.process.environment, self.process.world
        if about_to_wait and environment.random.occurs(REPAIRED_SHARE):
            environment.run_other(
                partial(world.operator.repair_and_retry, world.operator.any_copy(self), min(about_to_wait))
            )
        else:
            environment.run_other(world.other_copy(self) or environment.any_action)
