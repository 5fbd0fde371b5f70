"""A source of events for tests of followers, whose log can be backed up, and restored with a new epoch."""

from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from uuid import UUID

from shared.contract.operations.answers import FoundEvents, RecordedEvents
from shared.contract.operations.queries import FindEvents, ReadEvents
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.seal import Delivery, EpochSigner
from shared.event_store.command_handler import Records
from shared.event_store.epoch import begin_epoch, epoch_of
from shared.event_store.seals import insert_seals
from shared.messaging.relay import SealedMessage, sealed_messages
from shared.messaging.relay_cursor import next_batch
from shared.subscriptions.reconciliation.source_log import SourceLog
from shared.subscriptions.source_signatures import SourceSignatures
from tests.support.sample_log import LOG, append, database
from tests.support.seals import is_signed, sign

PROGRAM = Passport(principal_kind=PrincipalKind.PROGRAM, subject="capacity")
EPOCH = UUID("aaaaaaaa-0000-4000-8000-000000000000")
"""Of the log after its restore."""


class Source:
    """A source on a SQLite file, which can be backed up and restored, and answers as `read_events` does."""

    def __init__(self, folder: Path) -> None:
        self.file, self.copy = folder / "source.db", folder / "backup"
        self.signatures = SourceSignatures("renewal", is_signed)
        self.version = 0
        self.open()

    def open(self) -> None:
        self.database = database(f"sqlite:///{self.file}")
        self.records = Records(self.database, LOG, epochs=EpochSigner("renewal", sign))

    def record(self, count: int = 1, member: str = "001") -> list[Delivery]:
        """Record and seal events; returned as they arrive."""
        return [self.signatures.delivery(one.body, one.headers or {}) for one in self.messages(count, member)]

    def messages(self, count: int = 1, member: str = "001") -> list[SealedMessage]:
        """Record and seal events; returned as they are published."""
        with self.database.read() as connection:
            version = len(LOG.stream(connection, f"renewal/{member}"))
        append(self.database, member, version, count=count)
        return self.seal()

    def seal(self) -> list[SealedMessage]:
        assert self.records.epochs is not None
        with next_batch(self.database, LOG, 500) as batch:
            assert batch is not None
            messages = sealed_messages(batch.chain, batch.events, sign, self.records.epochs.signed(batch.epoch))
            seals = [one.seal for one in messages if one.seal]
            self.database.write(lambda connection: insert_seals(connection, seals))
            batch.publish_confirmed(seals[-1])
        return messages

    def back_up(self, name: str = "db") -> None:
        with closing(connect(self.file)) as file, closing(connect(self.copy.with_suffix(f".{name}"))) as copy:
            file.backup(copy)

    def restore(self, epoch: UUID | None = EPOCH, name: str = "db") -> None:
        """As it was, with a new epoch; without one as somebody restores it who knows of none."""
        self.database.close()
        with closing(connect(self.copy.with_suffix(f".{name}"))) as copy, closing(connect(self.file)) as file:
            copy.backup(file)
        self.open()
        if epoch:
            self.database.write(lambda connection: begin_epoch(connection, epoch))

    def answer(self, after: int, limit: int) -> RecordedEvents:
        return self.records.read_events(ReadEvents(after=after, limit=limit), PROGRAM)

    def log(self) -> SourceLog:
        """As a reconciliation reads it."""
        return SourceLog(
            self.signatures, self.answer_verifying, lambda ids: self.records.find_events(FindEvents(ids=tuple(ids)))
        )

    def call(self, query: ReadEvents | FindEvents, service: str) -> RecordedEvents | FoundEvents:
        """As an RPC client."""
        assert service == LOG.source
        if isinstance(query, FindEvents):
            return self.records.find_events(query)
        return self.records.read_events(query, PROGRAM)

    def answer_verifying(self, after: int, limit: int) -> RecordedEvents:
        return self.records.read_events(ReadEvents(after=after, limit=limit, verifying=True), PROGRAM)

    @property
    def epoch(self) -> str:
        with self.database.read() as connection:
            return epoch_of(connection).epoch
