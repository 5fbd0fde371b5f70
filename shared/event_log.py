"""The log: events in their order without holes, appended once and never changed; the truth that all else is derived from."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid5

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from shared.contract.envelope import Metadata, Recorded
from shared.contract.events import Event
from shared.database import Instant

TABLES = MetaData()

HEAD = Table(
    "log_head",
    TABLES,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("position", BigInteger, nullable=False),
)
EVENTS = Table(
    "events",
    TABLES,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("type", String(60), nullable=False),
    Column("data", Text, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("stream", "version", name="one_version_once"),
)
START_AT_ZERO = DDL("INSERT INTO log_head (id, position) VALUES (1, 0)")
event.listen(HEAD, "after_create", START_AT_ZERO)

FACTS_STAY_POSTGRESQL = DDL("""
CREATE OR REPLACE FUNCTION facts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$;
CREATE TRIGGER facts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION facts_stay()
""")
FACTS_STAY_SQLITE = [
    DDL(f"""
CREATE TRIGGER facts_stay_{act} BEFORE {act} ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END
""")
    for act in ("UPDATE", "DELETE")
]
event.listen(EVENTS, "after_create", FACTS_STAY_POSTGRESQL.execute_if(dialect="postgresql"))
for statement in FACTS_STAY_SQLITE:
    event.listen(EVENTS, "after_create", statement.execute_if(dialect="sqlite"))


class VersionConflict(Exception):  # noqa: N818 - no error: somebody else was first
    """Another append to the same stream came in between; decide again on what it left."""


class EventLog:
    """The log of one program. Every append is projected into the program's own views in the same transaction."""

    def __init__(self, source: str, project: Callable[[Connection, Recorded], None]) -> None:
        self.source = source
        self.project = project

    def append(  # noqa: PLR0913 - what an append is
        self,
        connection: Connection,
        stream: str,
        expected_version: int,
        events: Sequence[Event],
        metadata: Metadata,
        recorded_at: datetime,
    ) -> tuple[Recorded, ...]:
        """Append to a stream that must be at `expected_version` (0: new), or raise `VersionConflict`.

        The counter's row is locked until the commit: positions become visible in their order, a rollback gives them
        back, and a hole is a provable bug. Event ids follow from the causing message, so a repeated one cannot pass.
        """
        head: int = connection.execute(
            update(HEAD).values(position=HEAD.c.position + len(events)).returning(HEAD.c.position)
        ).scalar_one()
        first = head - len(events) + 1
        recorded = tuple(
            Recorded(
                source=self.source,
                position=first + index,
                stream=stream,
                version=expected_version + 1 + index,
                event_id=uuid5(metadata.causation_id, f"{stream}#{index}"),
                type=type(fact).__name__,
                data=fact.model_dump_json(),
                metadata=metadata,
                recorded_at=recorded_at,
            )
            for index, fact in enumerate(events)
        )
        try:
            connection.execute(insert(EVENTS), [as_row(one) for one in recorded])
        except IntegrityError as error:
            raise VersionConflict(stream) from error
        for one in recorded:
            self.project(connection, one)
        return recorded

    def stream(self, connection: Connection, stream: str) -> list[Recorded]:
        """All events of a stream, in their order."""
        query = select(EVENTS).where(EVENTS.c.stream == stream).order_by(EVENTS.c.version)
        return self._recorded(connection.execute(query))

    def read(self, connection: Connection, after: int, limit: int) -> list[Recorded]:
        """The first events after a position, in their order."""
        query = select(EVENTS).where(EVENTS.c.position > after).order_by(EVENTS.c.position).limit(limit)
        return self._recorded(connection.execute(query))

    def head(self, connection: Connection) -> int:
        """The position of the last event, 0 while there is none."""
        head: int = connection.execute(select(HEAD.c.position)).scalar_one()
        return head

    def _recorded(self, rows: Iterable[Any]) -> list[Recorded]:
        return [
            Recorded(self.source, position, stream, version, event_id, kind, data,
                     Metadata.model_validate_json(metadata), recorded_at)
            for position, stream, version, event_id, kind, data, metadata, recorded_at in rows
        ]  # fmt: skip


def as_row(recorded: Recorded) -> dict[str, object]:
    """The event as the log's table has it."""
    return {
        "position": recorded.position,
        "stream": recorded.stream,
        "version": recorded.version,
        "event_id": recorded.event_id,
        "type": recorded.type,
        "data": recorded.data,
        "metadata": recorded.metadata.model_dump_json(),
        "recorded_at": recorded.recorded_at,
    }
