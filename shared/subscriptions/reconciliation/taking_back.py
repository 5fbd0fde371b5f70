"""Comparison of a follower with its restored source, and taking back what was followed beyond what they have in common."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Table, delete, func, insert, select

from shared.event_store import projection_versions
from shared.event_store.database import Database
from shared.event_store.epoch import Epoch
from shared.subscriptions import checkpoints, parking, unknown_events
from shared.subscriptions.checkpoints import Checkpoint
from shared.subscriptions.reconciliation import orphaned_events
from shared.subscriptions.reconciliation.orphaned_events import Reaction
from shared.subscriptions.reconciliation.source_log import NotSealed, SourceLog

NOTES = (parking.PARKED, parking.DROPPED, unknown_events.UNKNOWN)
"""What is noted of single events, by their positions."""

State = Literal["following", "beyond", "no_epoch", "not_sealed"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Compared:
    """A follower's checkpoint, and the last one that is true of both logs."""

    state: State
    followed: Checkpoint
    common: Checkpoint
    head: int = 0
    epoch: str = ""
    """The present one of the source's log."""
    notes: int = 0
    orphaned: Sequence[Reaction] = ()


def common_position(followed: Checkpoint, epochs: Sequence[Epoch]) -> int:
    """Up to where a log has what was followed of one of its epochs: nothing of an epoch that it does not know.

    Whatever was lost since, each later epoch has begun where the one before it was cut off.
    """
    names = [one.epoch for one in epochs]
    if followed.epoch not in names:
        return 0
    later = epochs[names.index(followed.epoch) + 1 :]
    return min([followed.position, *(one.began_at for one in later)])


class Reconciliation:
    """One follower and its source; `reactions` are the types of own events that have an event of the source as their cause."""

    def __init__(self, database: Database, log: SourceLog, reactions: Collection[str] = ()) -> None:
        self.database = database
        self.log = log
        self.source = log.signatures.source
        self.reactions = reactions

    def compare(self) -> Compared:
        """Compare, and change nothing."""
        with self.database.read() as connection:
            followed = checkpoints.read(connection, self.source)
            of_epochs = checkpoints.epochs_followed(connection, self.source, followed)
        head, epochs = self.log.state()
        try:
            if self._has_all(followed, head):
                return Compared("following", followed, followed, head)
            position = max(common_position(followed._replace(epoch=one), epochs) for one in of_epochs)
            if position == followed.position or not epochs:
                return Compared("no_epoch", followed, followed, head)
            common, recorded_at = self.log.at(position)
        except NotSealed:
            return Compared("not_sealed", followed, followed, head)
        epoch = epochs[-1].epoch
        with self.database.read() as connection:
            notes = sum(self._notes(connection, table, position) for table in NOTES)
            reactions = orphaned_events.reactions(connection, self.reactions, recorded_at)
        lost = self.log.lacking({one.cause for one in reactions}, epoch)
        orphaned = [one for one in reactions if one.cause in lost]
        return Compared("beyond", followed, common._replace(epoch=epoch), head, epoch, notes, orphaned)

    def take_back(self, compared: Compared, by: str, at: datetime) -> bool:
        """Put the checkpoint back, forget what is noted beyond it, and open the cases; False where the checkpoint has moved since.

        The checkpoint is of no epoch then: no delivery is applied before the source is asked, and so not before a rebuild has ended,
        and none of what is taken back, which the broker may still have.
        """
        to, before = compared.common, compared.followed

        def work(connection: Connection) -> bool:
            if not checkpoints.put_back(connection, self.source, before, to):
                return False
            for table in NOTES:
                beyond = (table.c.source == self.source, table.c.position > to.position)
                connection.execute(delete(table).where(*beyond))
            projection_versions.give_up_beyond(connection, before.projections_version, self.source, to.position)
            orphaned_events.open_cases(connection, self.source, compared.orphaned, by, at)
            moved = {"from_position": before.position, "from_epoch": before.epoch}
            moved |= {"to_position": to.position, "to_epoch": to.epoch}
            connection.execute(insert(checkpoints.RECONCILIATIONS).values(source=self.source, at=at, by=by, **moved))
            return True

        is_done = self.database.write(work)
        if is_done:
            logger.warning(
                "what was followed of %s after %s up to %s is taken back by %s", self.source, to.position, before.position, by
            )  # fmt: skip
        return is_done

    def _has_all(self, followed: Checkpoint, head: int) -> bool:
        """Whether the source's log begins with all that was followed, whatever its epochs are."""
        if followed.position == 0:
            return True
        return head >= followed.position and self.log.at(followed.position)[0].chain == followed.chain

    def _notes(self, connection: Connection, table: Table, position: int) -> int:
        query = select(func.count()).where(table.c.source == self.source, table.c.position > position)
        return connection.execute(query).scalar_one()
