"""The follower of another service's log: sealed events, in order and exactly once by a checkpoint in the same transaction; failing events are parked."""

import logging
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import Connection

from shared.contract.envelope import Recorded
from shared.contract.seal import Delivery
from shared.event_store.database import Database, is_unavailable
from shared.observability import tracing
from shared.observability.log_format import describe
from shared.subscriptions import checkpoints, epochs, parking
from shared.subscriptions.checkpoints import CheckpointMoved, OtherVersionWrote
from shared.subscriptions.projection_versions import NO_PROJECTION, FollowedLog, Projection
from shared.subscriptions.seal_check import OtherEpoch, SealBroken, SealCheck, Verdict
from shared.subscriptions.subscription_rows import SubscriptionRows
from shared.subscriptions.unknown_events import UnknownEvent, UnknownEvents

PULL_MAX = 500
"""Events pulled at once from the source."""

logger = logging.getLogger(__name__)

Apply = Callable[[Connection, Recorded], None]
ApplyAll = Callable[[Connection, Sequence[Recorded]], None]
"""A handler of a whole batch, with the same effect as one event after another."""
Pull = Callable[[int, int], Sequence[Delivery]]


class Follower(SubscriptionRows):
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
        projection: Projection = NO_PROJECTION,
    ) -> None:
        super().__init__(database, source)
        self.apply = apply
        self.apply_all = apply_all or self._one_by_one
        self.pull = pull
        self.pause = pause
        self.alarm = ""
        """The last delivery whose seal did not hold; the log has it as an error."""
        self.source_log: epochs.LogState | None = None
        """The log as the source's last answer to `pull` describes it."""
        self._seals = SealCheck(source)
        self._unknown = UnknownEvents(database, source, self._apply_noted)
        self.version = FollowedLog(database, source, projection, pull)
        """What the projections of this version have of the source, where copies of another version follow it too."""

    def checkpoint(self) -> int:
        """The position of the last event applied or parked."""
        return self._present_checkpoint().position

    def receive(self, batch: Sequence[Delivery]) -> int:
        """Apply a batch of deliveries up to its last seal, in one transaction where nothing is missing.

        Returns how many of them may be acknowledged afterwards: all but those after the last seal. A seal that does not hold, or
        an event that the source itself does not have, is an alarm: the batch is dropped, and the source is read instead.

        A batch from before or after a restore of the source, another epoch (`epochs`), is dropped without an alarm, and the
        source is read; `OtherEpoch` where it cannot be compared now. `LogReplaced` where it lacks what was applied: nothing is acknowledged.
        """
        return self.version.as_last_writer(partial(self._receive, batch))

    def _receive(self, batch: Sequence[Delivery]) -> int:
        try:
            if self._unknown.may_be_noted:
                self._unknown.apply_known(self.pull, self.pause)
            verdict = self._apply_what_follows(batch)
        except OtherEpoch as other:
            logger.warning("%s: the source is read instead", describe(other))
            self.catch_up()
            if not self._compare_log():
                raise
        except SealBroken as broken:
            self.alarm = describe(broken)
            logger.error("%s: the deliveries are dropped, and the source is read instead", self.alarm)  # noqa: TRY400 - no bug
            self.catch_up()
        else:
            if verdict is Verdict.UNSEALED:
                checkpoint = self.checkpoint()
                return next((number for number, one in enumerate(batch) if one.position > checkpoint), len(batch))
        return len(batch)

    def _apply_what_follows(self, batch: Sequence[Delivery]) -> Verdict:
        """Apply a batch, and first whatever is missing before it."""
        while (verdict := self._apply_or_isolate(batch)) in (Verdict.AHEAD, Verdict.MISMATCH):
            last = max(delivery.position for delivery in batch)
            if not self.catch_up() and last > self.checkpoint():
                raise SealBroken(f"{self.source} does not have its own event {last}, which the broker has delivered")
        return verdict

    def catch_up(self) -> int:
        """Pull from the source until nothing is left, and return how many events that were.

        It serves start-up, a long outage, an emptied broker and a rebuild alike; `LogReplaced` where the log is another one.
        """
        self.version.catch_up()
        return self.version.as_last_writer(self._catch_up)

    def _catch_up(self) -> int:
        try:
            pulled = self._pull_all()
        except SealBroken as broken:
            log, checkpoint = self.source_log, self._present_checkpoint()
            if log is None or not epochs.is_other(checkpoint, log):
                raise
            raise epochs.replaced(self.source, checkpoint, log) from broken
        self._compare_log()
        return pulled

    def _pull_all(self) -> int:
        self._unknown.apply_known(self.pull, self.pause)
        pulled = 0
        while events := self.pull(self.checkpoint(), PULL_MAX):
            verdict = self._apply_or_isolate(events)
            if verdict is Verdict.AHEAD:
                raise LookupError(f"the log of {self.source} has a hole after {self.checkpoint()}")
            if verdict is Verdict.UNSEALED:
                raise SealBroken(f"{self.source} has answered without a seal after {self.checkpoint()}")
            pulled += len(events)
        return pulled

    def _compare_log(self) -> bool:
        """Follow the log's epoch where the source has sealed what was followed; False where its last answer does not tell."""
        log, checkpoint = self.source_log, self._present_checkpoint()
        if log is None or log.after != checkpoint.position:
            return False
        epochs.require_followed(self.source, checkpoint, log)
        if log.epoch not in ("", checkpoint.epoch) and log.proves(checkpoint):
            adopted = checkpoint._replace(epoch=log.epoch)
            self.database.write(lambda connection: checkpoints.move(connection, self.source, log.after, adopted))
        return log.epoch != ""

    def retry(self, partition_key: str) -> int:
        """Retry the parked events of a partition key in order, until one fails or none is left; returns how many were applied."""
        return self.version.as_last_writer(partial(self._retry, partition_key))

    def _retry(self, partition_key: str) -> int:
        applied = 0
        while parked := self._first_of(partition_key):
            recorded = parking.pull_again(self.pull, parked)
            try:
                applied += self.database.write(partial(self._apply_parked, recorded=recorded))
            except Exception as error:
                if parking.is_not_the_events(error):
                    raise
                if self.database.write(partial(parking.failed_again, parked=parked, error=describe(error))):
                    break
        return applied

    def _apply_noted(self, connection: Connection, recorded: Delivery, failure: str) -> None:
        """One whose handler keeps failing is parked, as any other; one of a member with something parked waits behind it."""
        parked = self._locked_partition_keys(connection)
        self.version.require_written_last(checkpoints.read(connection, self.source))
        if failure or parking.partition_key_of(recorded) in parked:
            parking.park(connection, recorded, failure)
        else:
            self._apply_one(connection, recorded)
            self.version.note_late(connection, recorded)

    def _apply_or_isolate(self, batch: Sequence[Delivery]) -> Verdict:
        """Apply a batch at once; where a handler fails, one event at a time, so that only the failing one is parked."""
        try:
            return self._apply(batch)
        except Exception as error:
            if isinstance(error, SealBroken | OtherVersionWrote) or is_unavailable(error):
                raise  # our own database is down: no reason to park an event that could be applied in a moment
            # a failing handler or a full subscription
            verdict = Verdict.NEXT
            for delivery in batch:
                verdict = self._apply_with_retries(delivery)
                if verdict in (Verdict.AHEAD, Verdict.MISMATCH, Verdict.UNSEALED):
                    break
            return verdict

    def _apply_with_retries(self, delivery: Delivery) -> Verdict:
        name = f"{self.source} {delivery.position}"
        return parking.apply_or_park(partial(self._apply, [delivery]), name, self.pause)

    def _apply(self, batch: Sequence[Delivery], failure: str = "") -> Verdict:
        try:
            return self.database.write(lambda connection: self._apply_within(connection, batch, failure))
        except CheckpointMoved:
            return Verdict.MISMATCH

    def _apply_within(self, connection: Connection, batch: Sequence[Delivery], failure: str) -> Verdict:
        before = self._checkpoint(connection)
        self.version.require_written_last(before)
        verdict, following = self._seals.following(before, batch)
        sealed = self._seals.covered(before.chain, following)
        parked = self._locked_partition_keys(connection) if self._partition_keys(connection) else set()
        applicable: list[Recorded] = []
        self._unknown.begins_at(before.position)
        for delivery in sealed:
            if not delivery.is_known:
                if not self._unknown.note(connection, delivery):
                    raise CheckpointMoved  # another copy has noted it
            elif failure or (parked and parking.partition_key_of(delivery) in parked):
                if not parking.park(connection, delivery, failure):
                    raise CheckpointMoved  # another copy has parked it
            else:
                applicable.append(delivery)
        if applicable:
            with tracing.process(applicable) as events:
                self.apply_all(connection, events)
        if sealed:
            after = self._seals.checkpoint_at(sealed[-1], before.epoch)
            self._move(connection, before.position, after._replace(projections_version=self.version.version))
            self._unknown.ends_at(sealed[-1].position)
        return Verdict.UNSEALED if verdict is not Verdict.AHEAD and len(sealed) < len(following) else verdict

    def _one_by_one(self, connection: Connection, events: Sequence[Recorded]) -> None:
        for event in events:
            self.apply(connection, event)

    def _apply_one(self, connection: Connection, recorded: Delivery) -> None:
        with tracing.process([recorded]) as (event,):
            self.apply(connection, event)

    def _apply_parked(self, connection: Connection, recorded: Delivery) -> bool:
        """Released first: another retry or a drop of the same event waits for that row, and then finds it gone.

        Without the lock the subscription could park one more behind the last, which nothing would retry.
        """
        if not recorded.is_known:
            raise UnknownEvent(recorded.type)
        self._lock_checkpoint(connection)
        self.version.require_written_last(checkpoints.read(connection, self.source))
        released = parking.release(connection, self.source, recorded.position)
        if released:
            self._apply_one(connection, recorded)
            self.version.note_late(connection, recorded)
        return released
