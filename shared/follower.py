"""Follow another's log: in order, each event once, none lost, whatever the broker does."""

from collections.abc import Callable, Sequence
from enum import Enum, auto

from sqlalchemy import BigInteger, Column, Connection, MetaData, String, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.contract.envelope import Recorded
from shared.database import Database

PULL_MAX = 500
"""Events pulled at once from the source."""

TABLES = MetaData()
CHECKPOINTS = Table(
    "checkpoints",
    TABLES,
    Column("source", String(40), primary_key=True),
    Column("position", BigInteger, nullable=False),
)

Apply = Callable[[Connection, Recorded], None]
Pull = Callable[[int, int], Sequence[Recorded]]


class Verdict(Enum):
    """What a delivery is, held against the checkpoint."""

    NEXT = auto()
    """Apply it."""
    DUPLICATE = auto()
    """It was applied before: drop it."""
    AHEAD = auto()
    """Something before it was lost on the way: pull that from the source first."""
    MISMATCH = auto()
    """Another copy of this program has moved the checkpoint: undo, and look again."""


def judge(checkpoint: int, position: int) -> Verdict:
    """Hold a delivery's position against the checkpoint."""
    if position <= checkpoint:
        return Verdict.DUPLICATE
    return Verdict.NEXT if position == checkpoint + 1 else Verdict.AHEAD


class CheckpointMoved(Exception):  # noqa: N818 - no error: another copy was first
    """The compare-and-set failed, so the whole batch is undone."""


class Follower:
    """One ordered lane from a source into this program's own rows.

    The checkpoint moves in the transaction of the effect, by compare-and-set: that, not the broker, is what makes each
    event count once even when two copies believe that they are alone.
    """

    def __init__(self, database: Database, source: str, apply: Apply, pull: Pull) -> None:
        self.database = database
        self.source = source
        self.apply = apply
        self.pull = pull

    def checkpoint(self) -> int:
        """The position of the last event applied."""
        with self.database.read() as connection:
            return self._checkpoint(connection)

    def receive(self, batch: Sequence[Recorded]) -> None:
        """Apply a batch of deliveries, in one transaction where nothing is missing. They may be acknowledged afterwards."""
        while self._apply(batch) in (Verdict.AHEAD, Verdict.MISMATCH):
            self.catch_up()

    def catch_up(self) -> int:
        """Pull from the source until nothing is left, and return how many events that were.

        Start-up, a long outage, an emptied broker and a rebuild are this same act.
        """
        pulled = 0
        while events := self.pull(self.checkpoint(), PULL_MAX):
            if self._apply(events) is Verdict.AHEAD:
                raise LookupError(f"the log of {self.source} has a hole after {self.checkpoint()}")
            pulled += len(events)
        return pulled

    def _apply(self, batch: Sequence[Recorded]) -> Verdict:
        try:
            return self.database.write(lambda connection: self._apply_within(connection, batch))
        except CheckpointMoved:
            return Verdict.MISMATCH

    def _apply_within(self, connection: Connection, batch: Sequence[Recorded]) -> Verdict:
        before = position = self._checkpoint(connection)
        verdict = Verdict.NEXT
        for delivery in batch:
            verdict = judge(position, delivery.position)
            if verdict is Verdict.AHEAD:
                break
            if verdict is Verdict.NEXT:
                self.apply(connection, delivery)
                position = delivery.position
        if position != before:
            self._move(connection, before, position)
        return verdict

    def _checkpoint(self, connection: Connection) -> int:
        query = select(CHECKPOINTS.c.position).where(CHECKPOINTS.c.source == self.source)
        return connection.execute(query).scalar() or 0

    def _move(self, connection: Connection, before: int, after: int) -> None:
        if before == 0:
            try:
                connection.execute(insert(CHECKPOINTS).values(source=self.source, position=after))
            except IntegrityError as error:
                raise CheckpointMoved from error
            return
        moved = connection.execute(
            update(CHECKPOINTS)
            .where(CHECKPOINTS.c.source == self.source, CHECKPOINTS.c.position == before)
            .values(position=after)
        )
        if moved.rowcount != 1:
            raise CheckpointMoved
