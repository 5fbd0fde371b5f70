"""The log: events in their order without holes, appended once and never changed; the truth that all else is derived from."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

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
    select,
)

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
        ids = [uuid5(metadata.causation_id, f"{stream}#{index}") for index in range(len(events))]
        types = [type(fact).__name__ for fact in events]
        data = [fact.model_dump_json() for fact in events]
        insert = insert_into_postgresql if connection.dialect.name == "postgresql" else insert_into_sqlite
        try:
            head = insert(connection, stream, expected_version, ids, types, data, metadata, recorded_at)
        except connection.dialect.loaded_dbapi.IntegrityError as error:
            raise VersionConflict(stream) from error
        first = head - len(events) + 1
        recorded = tuple(
            Recorded(
                source=self.source,
                position=first + index,
                stream=stream,
                version=expected_version + 1 + index,
                event_id=ids[index],
                type=types[index],
                data=data[index],
                metadata=metadata,
                recorded_at=recorded_at,
            )
            for index in range(len(events))
        )
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


# An append is one statement of the driver's own: the log is the one table where SQLAlchemy's comfort costs too much.

APPEND_TO_POSTGRESQL = """
WITH head AS (UPDATE log_head SET position = position + %(count)s RETURNING position),
appended AS (
    INSERT INTO events (position, stream, version, event_id, type, data, metadata, recorded_at)
    SELECT head.position - %(count)s + one.ordinal, %(stream)s, %(version)s + one.ordinal,
           one.event_id, one.type, one.data, %(metadata)s, %(recorded_at)s
    FROM head, unnest(%(ids)s::uuid[], %(types)s::text[], %(data)s::text[])
               WITH ORDINALITY AS one (event_id, type, data, ordinal))
SELECT position FROM head
"""
MOVE_HEAD_OF_SQLITE = "UPDATE log_head SET position = position + ? RETURNING position"
APPEND_TO_SQLITE = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def insert_into_postgresql(  # noqa: PLR0913 - the columns of the log
    connection: Connection,
    stream: str,
    version: int,
    ids: Sequence[UUID],
    types: Sequence[str],
    data: Sequence[str],
    metadata: Metadata,
    recorded_at: datetime,
) -> int:
    """Append, and return the new head."""
    driver: Any = connection.connection.driver_connection
    parameters = {
        "count": len(ids),
        "stream": stream,
        "version": version,
        "ids": ids,
        "types": types,
        "data": data,
        "metadata": metadata.model_dump_json(),
        "recorded_at": recorded_at,
    }
    head: int = driver.execute(APPEND_TO_POSTGRESQL, parameters).fetchone()[0]
    return head


def insert_into_sqlite(  # noqa: PLR0913 - the columns of the log
    connection: Connection,
    stream: str,
    version: int,
    ids: Sequence[UUID],
    types: Sequence[str],
    data: Sequence[str],
    metadata: Metadata,
    recorded_at: datetime,
) -> int:
    """Append, and return the new head; values as SQLAlchemy's types write them, so that it can read them."""
    driver: Any = connection.connection.driver_connection
    (head,) = driver.execute(MOVE_HEAD_OF_SQLITE, (len(ids),)).fetchone()
    context = metadata.model_dump_json()
    at = recorded_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    first = head - len(ids)
    driver.executemany(
        APPEND_TO_SQLITE,
        [
            (first + index, stream, version + index, ids[index - 1].hex, types[index - 1], data[index - 1], context, at)
            for index in range(1, len(ids) + 1)
        ],
    )
    return int(head)
