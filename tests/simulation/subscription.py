"""A subscription as `shared.nameko_extensions.subscription.Subscription` runs it, with the broker and the source of the simulation."""

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from shared.contract import cloud_events
from shared.contract.envelope import Recorded
from shared.contract.refusals import Refused
from shared.event_store.database import Database
from shared.subscriptions import parking
from shared.subscriptions.follower import CheckpointMoved, Follower, Verdict
from tests.simulation.broker import Message
from tests.simulation.environment import PromiseBroken
from tests.simulation.recorder import Trouble, TroubleError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.simulation.process import Process

PREFETCH_MAX = 8
MENDED = 0.5
"""So often an operator comes just then."""
IDLE = 0.3
"""So often a subscription without deliveries has waited long enough to ask its source."""


ALONE = """
SELECT position FROM parked_events AS later WHERE source = ? AND position > ? AND error = '' AND NOT EXISTS (
    SELECT 1 FROM parked_events AS first
    WHERE first.source = later.source AND first.partition_key = later.partition_key AND first.position < later.position)
"""
"""What was parked only because something before it was."""


class Copy(Follower):
    """A follower that may have read its checkpoint, and what is parked, before another copy moved it or took that up."""

    subscription: "Subscription"
    read_before: int | None = None
    seen_before: set[str] | None = None

    def _apply(self, batch: "Sequence[Recorded]", failure: str = "") -> Verdict:
        scene = self.subscription.process.scene
        if scene.chance.happens(scene.weather.stale) and not self.subscription.process.database.catching:
            with self.database.read() as connection:
                self.read_before, self.seen_before = (
                    super()._checkpoint(connection),
                    super()._partition_keys(connection),
                )
            self.subscription.let_others_go_on({parking.partition_key_of(one) for one in batch} & self.seen_before)
        try:
            return super()._apply(batch, failure)
        finally:
            self.read_before = self.seen_before = None

    def _apply_within(self, connection: Connection, batch: "Sequence[Recorded]", failure: str) -> Verdict:
        before = super()._checkpoint(connection)
        verdict = super()._apply_within(connection, batch, failure)
        found = connection.exec_driver_sql(ALONE, (self.source, before)).fetchall()
        if found and not failure:
            raise PromiseBroken(f"{self.subscription.name}: {found[0][0]} is parked behind nothing")
        return verdict

    def _partition_keys(self, connection: Connection) -> set[str]:
        return super()._partition_keys(connection) if self.seen_before is None else self.seen_before

    def _lock_checkpoint(self, connection: Connection) -> None:
        """Whoever waits for the row sees afterwards what the others have left."""
        self.seen_before = None
        super()._lock_checkpoint(connection)

    def _move(self, connection: Connection, before: int, after: int) -> None:
        try:
            super()._move(connection, before, after)
        except CheckpointMoved:
            self.subscription.process.scene.tally["checkpoints moved by another"] += 1
            raise

    def _checkpoint(self, connection: Connection) -> int:
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
        all_at_once = self.apply_all if self.process.program.hears_all else None
        self.follower = Copy(database, self.source, self.apply, self.pull, self.pause, all_at_once)
        self.follower.subscription = self
        self.rival: Callable[[], None] | None = None
        self.is_busy = False
        self.is_connected = False

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

    def starts_again(self) -> bool:
        """The broker's connection is lost, and the source asked for all that there is."""
        if self.is_busy:
            return False
        self.stop()
        self.is_connected = False
        return self.turn()

    def listen(self) -> bool:
        """Take what there is, or ask the source when there is nothing."""
        if not self.is_connected:
            self.catch_up()
            self.is_connected = True
            return True
        most = self.process.scene.chance.randint(1, PREFETCH_MAX)
        deliveries = self.process.world.broker.deliver(self.key, self, most)
        if not deliveries:
            return self.process.scene.chance.happens(IDLE) and self.catch_up() > 0
        batch = [recorded for one in deliveries if (recorded := decoded(one)) is not None]
        self.process.scene.tell(f"{self.name}: receives {[one.position for one in batch]}")
        self.take(deliveries, batch)
        return True

    def take(self, deliveries: list[Message], batch: list[Recorded]) -> None:
        """The acknowledgement follows the commit."""
        self.follower.receive(batch)
        self.must_have_parked_with_reason()
        self.acknowledge(deliveries, batch)

    def must_have_parked_with_reason(self) -> None:
        """Nothing is parked whose handler works: a database that is away for a moment is waited for."""
        known = "SELECT position, error FROM parked_events WHERE source = ? AND error <> '' AND error NOT LIKE ?"
        for position, error in self.process.slot.rows(known, self.source, f"{TroubleError.__name__}%"):
            raise PromiseBroken(f"{self.name}: {position} is parked although its handler works: {error}")

    def acknowledge(self, deliveries: list[Message], batch: list[Recorded]) -> None:
        """Only what is safe may be forgotten by the broker."""
        self.process.scene.point("its acknowledgement")
        known = "SELECT position FROM checkpoints WHERE source = ?"
        checkpoint = self.process.slot.value(known, self.source) or 0
        if any(one.position > checkpoint for one in batch):
            raise PromiseBroken(f"{self.name}: acknowledges what is behind its checkpoint {checkpoint}")
        self.process.world.broker.acknowledge(self, deliveries)

    def catch_up(self) -> int:
        """Pull; a source that is down is asked again later."""
        try:
            pulled = self.follower.catch_up()
            self.must_have_parked_with_reason()
            return pulled
        except Refused as refused:
            self.process.scene.tell(f"{self.name}: cannot ask, {refused.reason}")
            return 0

    def pull(self, after: int, limit: int) -> "Sequence[Recorded]":
        """The source's events; who waits for them may be overtaken."""
        rival, self.rival = self.rival, None
        if rival is not None:
            self.process.scene.let_in(rival)
        return self.process.world.pull(self.source, after, limit)

    def apply(self, connection: Connection, recorded: Recorded) -> None:
        """The program's own handler, with a row that tells of the call, and the troubles of the day."""
        trouble = self.begin(connection, recorded)
        self.process.program.hears[self.source](self.process, connection, recorded)
        if trouble is not None:
            trouble.after()

    def apply_all(self, connection: Connection, batch: "Sequence[Recorded]") -> None:
        """The same for a batch that the program takes at once."""
        troubles = [self.begin(connection, one) for one in batch]
        assert self.process.program.hears_all is not None
        self.process.program.hears_all(connection, batch)
        for trouble in troubles:
            if trouble is not None:
                trouble.after()

    def begin(self, connection: Connection, recorded: Recorded) -> Trouble | None:
        trouble = self.process.world.witness.trouble_with(self.key, recorded.position)
        if trouble is not None:
            trouble.before()
        row = (recorded.source, recorded.position, parking.partition_key_of(recorded), str(recorded.event_id))
        connection.exec_driver_sql(
            "INSERT INTO applied (source, position, partition_key, event_id) VALUES (?, ?, ?, ?)", row
        )
        return trouble

    def pause(self, seconds: float) -> None:
        self.process.scene.pause(seconds)

    def let_others_go_on(self, about_to_wait: set[str]) -> None:
        """An operator mends what this subscription is about to park behind, another copy has its turn, or anything else happens."""
        scene, world = self.process.scene, self.process.world
        if about_to_wait and scene.chance.happens(MENDED):
            scene.let_in(partial(world.operator.mends, world.operator.any_copy(self), min(about_to_wait)))
        else:
            scene.let_in(world.others_on(self) or scene.something_else)


def decoded(message: Message) -> Recorded | None:
    """The event of a delivery; None for what is none."""
    try:
        return cloud_events.from_json(message.body)
    except ValueError:
        return None
