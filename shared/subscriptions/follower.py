"""The follower of another service's log: in order and exactly once by a checkpoint in the same transaction; failing events are parked."""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from functools import partial

from sqlalchemy import BigInteger, Column, Connection, MetaData, String, Table, bindparam, select, update

from shared.contract.envelope import Recorded
from shared.event_store import upsert
from shared.event_store.database import Database, is_unavailable
from shared.log_format import describe
from shared.subscriptions import parking

PULL_MAX = 500
"""Events pulled at once from the source."""
RETRY_PAUSES_SECONDS = (0.1, 0.5, 2.0)
"""Between the attempts at an event whose handler fails; after the last one it is parked."""

TABLES = MetaData()
CHECKPOINTS = Table(
    "checkpoints",
    TABLES,
    Column("source", String(40), primary_key=True),
    Column("position", BigInteger, nullable=False),
    info={"privileges": "SELECT, INSERT, UPDATE"},
)

CHECKPOINT = select(CHECKPOINTS.c.position).where(CHECKPOINTS.c.source == bindparam("of"))
LOCK_CHECKPOINT = CHECKPOINT.with_for_update()
MOVE = (
    update(CHECKPOINTS)
    .where(CHECKPOINTS.c.source == bindparam("of"), CHECKPOINTS.c.position == bindparam("before"))
    .values(position=bindparam("after"))
)
"""Compare and set."""

Apply = Callable[[Connection, Recorded], None]
ApplyAll = Callable[[Connection, Sequence[Recorded]], None]
"""A handler of a whole batch, with the same effect as one event after another."""
Pull = Callable[[int, int], Sequence[Recorded]]


class Verdict(Enum):
    """A delivery's position compared with the checkpoint."""

    NEXT = auto()
    """Apply it."""
    DUPLICATE = auto()
    """It was applied before: drop it."""
    AHEAD = auto()
    """Events before it were lost: pull them from the source first."""
    MISMATCH = auto()
    """Another copy of this program has moved the checkpoint: undo, and compare again."""


def compare(checkpoint: int, position: int) -> Verdict:
    """Compare a delivery's position with the checkpoint."""
    if position <= checkpoint:
        return Verdict.DUPLICATE
    return Verdict.NEXT if position == checkpoint + 1 else Verdict.AHEAD


class CheckpointMoved(Exception):  # noqa: N818 - no error: the batch is compared again
    """The compare-and-set failed, so the whole batch is undone."""


class ParkingFailed(Exception):  # noqa: N818 - a state that an operator must repair
    """An event can be neither applied nor parked: the subscription stops before it until that is repaired."""


class Follower:
    """Applies a source's log, in order, to this program's own tables.

    The checkpoint moves in the transaction of the effect, by compare-and-set: that, not the broker, is what makes each
    event count once even when two copies believe that they are alone.
    """

    def __init__(  # noqa: PLR0913 - where from, where to, and how
        self,
        database: Database,
        source: str,
        apply: Apply,
        pull: Pull,
        pause: Callable[[float], None],
        apply_all: ApplyAll | None = None,
    ) -> None:
        self.database = database
        self.source = source
        self.apply = apply
        self.apply_all = apply_all or self._one_by_one
        self.pull = pull
        self.pause = pause

    def checkpoint(self) -> int:
        """The position of the last event applied or parked."""
        with self.database.read() as connection:
            return self._checkpoint(connection)

    def receive(self, batch: Sequence[Recorded]) -> None:
        """Apply a batch of deliveries, in one transaction where nothing is missing. They may be acknowledged afterwards.

        `LookupError` for a delivery that its own source does not have: the source was restored to an earlier state, and the
        broker was not emptied with it.
        """
        while self._apply_or_isolate(batch) in (Verdict.AHEAD, Verdict.MISMATCH):
            last = max(delivery.position for delivery in batch)
            if not self.catch_up() and last > self.checkpoint():
                raise LookupError(f"{self.source} does not have its own event {last}, which the broker has delivered")

    def catch_up(self) -> int:
        """Pull from the source until nothing is left, and return how many events that were.

        It serves start-up, a long outage, an emptied broker and a rebuild alike.
        """
        pulled = 0
        while events := self.pull(self.checkpoint(), PULL_MAX):
            if self._apply_or_isolate(events) is Verdict.AHEAD:
                raise LookupError(f"the log of {self.source} has a hole after {self.checkpoint()}")
            pulled += len(events)
        return pulled

    def retry(self, partition_key: str) -> int:
        """Retry the parked events of a partition key in order, until one fails or none is left; returns how many were applied."""
        applied = 0
        while parked := self._first_of(partition_key):
            (recorded,) = self.pull(parked.position - 1, 1)
            try:
                applied += self.database.write(partial(self._apply_parked, recorded=recorded))
            except Exception as error:
                if is_unavailable(error):
                    raise  # not the event's fault
                if self.database.write(partial(parking.failed_again, parked=parked, error=describe(error))):
                    break
        return applied

    def _apply_or_isolate(self, batch: Sequence[Recorded]) -> Verdict:
        """Apply a batch at once; where a handler fails, one event at a time, so that only the failing one is parked."""
        try:
            return self._apply(batch)
        except Exception as error:
            if is_unavailable(error):
                raise  # our own database is down: no reason to park an event that could be applied in a moment
            # a failing handler or a full subscription
            verdict = Verdict.NEXT
            for delivery in batch:
                verdict = self._apply_with_retries(delivery)
                if verdict in (Verdict.AHEAD, Verdict.MISMATCH):
                    break
            return verdict

    def _apply_with_retries(self, delivery: Recorded) -> Verdict:
        failure = ""
        for seconds in (*RETRY_PAUSES_SECONDS, None):
            try:
                return self._apply([delivery])
            except Exception as error:
                if isinstance(error, parking.SubscriptionFull) or is_unavailable(error):
                    raise
                failure = describe(error)
            if seconds is not None:
                self.pause(seconds)
        try:
            return self._apply([delivery], failure)
        except Exception as error:
            if isinstance(error, parking.SubscriptionFull) or is_unavailable(error):
                raise
            text = f"{self.source} {delivery.position} can neither be applied nor parked: {describe(error)}"
            raise ParkingFailed(text) from error

    def _apply(self, batch: Sequence[Recorded], failure: str = "") -> Verdict:
        try:
            return self.database.write(lambda connection: self._apply_within(connection, batch, failure))
        except CheckpointMoved:
            return Verdict.MISMATCH

    def _apply_within(self, connection: Connection, batch: Sequence[Recorded], failure: str) -> Verdict:
        before = position = self._checkpoint(connection)
        parked = self._locked_partition_keys(connection) if self._partition_keys(connection) else set()
        verdict = Verdict.NEXT
        applicable: list[Recorded] = []
        for delivery in batch:
            verdict = compare(position, delivery.position)
            if verdict is Verdict.AHEAD:
                break
            if verdict is Verdict.NEXT:
                if failure or (parked and parking.partition_key_of(delivery) in parked):
                    attempts = len(RETRY_PAUSES_SECONDS) + 1 if failure else 0
                    if not parking.park(connection, delivery, failure, attempts):
                        raise CheckpointMoved  # another copy has parked it
                else:
                    applicable.append(delivery)
                position = delivery.position
        if applicable:
            self.apply_all(connection, applicable)
        if position != before:
            self._move(connection, before, position)
        return verdict

    def _one_by_one(self, connection: Connection, events: Sequence[Recorded]) -> None:
        for event in events:
            self.apply(connection, event)

    def _apply_parked(self, connection: Connection, recorded: Recorded) -> bool:
        """Released first: another retry or a drop of the same event waits for that row, and then finds it gone.

        Without the lock the subscription could park one more behind the last, which nothing would retry.
        """
        self._lock_checkpoint(connection)
        released = parking.release(connection, self.source, recorded.position)
        if released:
            self.apply(connection, recorded)
        return released

    def _first_of(self, partition_key: str) -> parking.Parked | None:
        with self.database.read() as connection:
            return parking.first(connection, self.source, partition_key)

    def _partition_keys(self, connection: Connection) -> set[str]:
        return parking.partition_keys(connection, self.source)

    def _locked_partition_keys(self, connection: Connection) -> set[str]:
        """The parked partition keys, under a lock that excludes retries until this transaction's end."""
        self._lock_checkpoint(connection)
        return self._partition_keys(connection)

    def _lock_checkpoint(self, connection: Connection) -> None:
        """Wait for a copy that applies or retries now; a source without a checkpoint has nothing parked."""
        connection.execute(LOCK_CHECKPOINT, {"of": self.source})

    def _checkpoint(self, connection: Connection) -> int:
        return connection.execute(CHECKPOINT, {"of": self.source}).scalar() or 0

    def _move(self, connection: Connection, before: int, after: int) -> None:
        if before == 0:
            if not upsert.add(connection, CHECKPOINTS, {"source": self.source, "position": after}):
                raise CheckpointMoved
            return
        moved = connection.execute(MOVE, {"of": self.source, "before": before, "after": after})
        if moved.rowcount != 1:
            raise CheckpointMoved
