"""The rows that copies of a program share for one subscription: its checkpoint, and which partition keys are parked."""

from datetime import datetime

from sqlalchemy import Connection

from shared.event_store.database import Database
from shared.subscriptions import checkpoints, parking
from shared.subscriptions.checkpoints import Checkpoint, CheckpointMoved


class SubscriptionRows:
    """Reads, locks and moves what other copies read and move too."""

    def __init__(self, database: Database, source: str) -> None:
        self.database = database
        self.source = source

    def _first_of(self, partition_key: str) -> parking.Parked | None:
        with self.database.read() as connection:
            return parking.first(connection, self.source, partition_key)

    def _partition_keys(self, connection: Connection) -> set[str]:
        return parking.partition_keys(connection, self.source)

    def _locked_partition_keys(self, connection: Connection) -> set[str]:
        """The parked partition keys, under a lock that excludes retries until this transaction's end."""
        self._lock_checkpoint(connection)
        return self._partition_keys(connection)

    def last_taken_back_at(self, connection: Connection) -> datetime | None:
        """When something of the source was last taken back, which rows hold until a rebuild has ended."""
        return checkpoints.last_taken_back_at(connection, self.source)

    def _present_checkpoint(self) -> Checkpoint:
        with self.database.read() as connection:
            return self._checkpoint(connection)

    def _lock_checkpoint(self, connection: Connection) -> None:
        checkpoints.lock(connection, self.source)

    def _checkpoint(self, connection: Connection) -> Checkpoint:
        return checkpoints.read(connection, self.source)

    def _move(self, connection: Connection, before: int, after: Checkpoint) -> None:
        if not checkpoints.move(connection, self.source, before, after):
            raise CheckpointMoved
