"""The append-only event log, the system of record: streams with versions, and positions without holes in commit order."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha1
from itertools import count
from typing import Any
from uuid import UUID, uuid4

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
    bindparam,
    event,
    select,
    type_coerce,
)

from shared.contract.base import Event
from shared.contract.envelope import Metadata, Recorded
from shared.contract.refusals import Reason, Refused
from shared.event_store import append_buffer
from shared.event_store.database import Instant
from shared.event_store.sql import group_commit
from shared.event_store.sql.prepared import Prepared
from shared.event_store.sql.privileges import APPEND_ONLY, ONE_ROW
from shared.observability import tracing

STREAM_LENGTH_MAX = 120
EPOCH_LENGTH = 36  # of a UUID as text

logger = logging.getLogger(__name__)

TABLES = MetaData()

HEAD = Table(
    "log_head",
    TABLES,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("epoch", String(EPOCH_LENGTH), nullable=False, server_default=""),
    Column("epoch_began_at", BigInteger, nullable=False, server_default="0"),
    Column("projections_version", Integer, nullable=False, server_default="1"),
    info=ONE_ROW,
)
"""`epoch` is another one after each restore, which the log begins after the position `epoch_began_at`: see `shared.event_store.epoch`. `projections_version` is the last writer's: see `projection_versions`."""
EVENTS = Table(
    "events",
    TABLES,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", String(STREAM_LENGTH_MAX), nullable=False),
    Column("version", Integer, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("type", String(60), nullable=False),
    Column("data", Text, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("stream", "version", name="one_version_once"),
    # Behind its stream, an id is indexed beside its neighbours; alone it would need a page of the index for each event.
    UniqueConstraint("stream", "event_id", name="one_cause_once"),
    info=APPEND_ONLY,
)
event.listen(
    HEAD,
    "after_create",
    lambda _, connection, **__: connection.execute(HEAD.insert().values(id=1, position=0, epoch=str(uuid4()))).close(),
)

APPEND_ONLY_POSTGRESQL = DDL("""
CREATE OR REPLACE FUNCTION facts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$;
CREATE TRIGGER facts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION facts_stay()
""")
event.listen(EVENTS, "after_create", APPEND_ONLY_POSTGRESQL.execute_if(dialect="postgresql"))
for verb in ("UPDATE", "DELETE"):
    append_only_sqlite = DDL(f"""
CREATE TRIGGER facts_stay_{verb} BEFORE {verb} ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END
""")
    event.listen(EVENTS, "after_create", append_only_sqlite.execute_if(dialect="sqlite"))


OF_STREAM = Prepared(select(EVENTS).where(EVENTS.c.stream == bindparam("of")).order_by(EVENTS.c.version))
AFTER = select(EVENTS).where(EVENTS.c.position > bindparam("after")).order_by(EVENTS.c.position)
LIMITED = AFTER.limit(bindparam("limit", type_=Integer))
PAGE = Prepared(LIMITED)
RAW_PAGE = LIMITED.with_only_columns(
    EVENTS.c.position,
    EVENTS.c.metadata,
    type_coerce(EVENTS.c.event_id, String),
    type_coerce(EVENTS.c.recorded_at, String),
)
POSITION = Prepared(select(HEAD.c.position))


def event_ids(cause: UUID, stream: str) -> Iterator[UUID]:
    """`uuid5(cause, "<stream>#<index>")` for 0, 1, 2 …, with what they have in common hashed once."""
    common = sha1(cause.bytes + f"{stream}#".encode(), usedforsecurity=False)
    for index in count():
        hashed = common.copy()
        hashed.update(b"%d" % index)
        yield UUID(bytes=hashed.digest()[:16], version=5)


class VersionConflict(Exception):  # noqa: N818 - no error: the command is decided again
    """Another append to the same stream came in between; the command is decided again on the new state."""


def utc_now() -> datetime:
    return datetime.now(UTC)


OnEvent = Callable[[Connection, Recorded], None]


def react_to_nothing(_connection: Connection, _recorded: Recorded) -> None:
    """For a program in which nothing but rows follows from its own events."""


def require_known(history: Iterable[Recorded]) -> None:
    """Refuse where this program does not know one of the events."""
    if not all(recorded.is_known for recorded in history):
        raise Refused(Reason.NEWER_VERSION_NEEDED)


class EventLog:
    """The log of one program. Every append is projected into the program's own views in the same transaction.

    `project` is a pure function of the log, and can be replayed. `react` is the program's process manager: what it does
    (reservations, timers, alerts) is done once, after the projection of its event and before that of the next one.
    """

    def __init__(
        self, source: str, project: OnEvent, react: OnEvent = react_to_nothing, now: Callable[[], datetime] = utc_now
    ) -> None:
        self.source = source
        self.project = project
        self.react = react
        self.now = now  # the time of recording; a command's own time is in its events
        self.unknown_types: set[str] = set()
        """What a later version of the program has recorded in it, as far as this one has seen."""
        self.recordable: Callable[[Sequence[Event]], Sequence[Event]] = lambda events: events
        """Those of some events that may be recorded: all, unless the version before may start again (see `recorded_types`)."""

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

        The counter's row is locked from the write to the commit: positions become visible in their order, and a rollback gives them
        back, so that a missing one is a fault and no failed append. Event ids follow from the causing message and the stream, so a repeated one cannot pass.
        """
        events = self.recordable(events)
        if not events:
            return ()
        with tracing.append(self.source, events, metadata) as carried:
            buffer = append_buffer.current(connection)
            recorded = self._at_positions(buffer.head, stream, expected_version, events, carried, recorded_at)
            buffer.add(recorded)
            if group_commit.before_commit(connection) is None:
                try:
                    buffer.write()
                except group_commit.MustRunAlone as error:
                    raise VersionConflict(stream) from error
            for appended in recorded:
                self.project(connection, appended)
                self.react(connection, appended)
            return recorded

    def _at_positions(  # noqa: PLR0913 - what an append is
        self, head: int, stream: str, version: int, events: Sequence[Event], metadata: Metadata, recorded_at: datetime
    ) -> tuple[Recorded, ...]:
        """The events as they follow the log's head and the stream's version."""
        numbered = zip(count(head + 1), count(version + 1), event_ids(metadata.causation_id, stream), events)
        return tuple([
            Recorded(
                self.source, position, stream, its_version, event_id, type(happened).__name__, happened.model_dump_json(),
                metadata, recorded_at,
            )
            for position, its_version, event_id, happened in numbered
        ])  # fmt: skip

    def lock(self, connection: Connection) -> None:
        """Prevent other appends until the commit: for decisions on more than one stream.

        What is read from now on is still current at the append; where it is not, the append is undone and decided again.
        """
        append_buffer.current(connection)

    def stream(self, connection: Connection, stream: str) -> list[Recorded]:
        """All events of a stream, in their order; refused where a later version has recorded one that this program does not know.

        Whatever were decided without that event could contradict it.
        """
        unwritten = [recorded for recorded in append_buffer.unwritten(connection) if recorded.stream == stream]
        history = self._recorded(OF_STREAM.rows(connection, {"of": stream})) + unwritten
        require_known(history)
        return history

    def read(self, connection: Connection, after: int, limit: int) -> list[Recorded]:
        """The first events after a position, in their order."""
        unwritten = [recorded for recorded in append_buffer.unwritten(connection) if recorded.position > after]
        return (self._recorded(PAGE.rows(connection, {"after": after, "limit": limit})) + unwritten)[:limit]

    def altered(self, connection: Connection, after: int, count: int) -> list[int]:
        """The positions of rows that mean an event, and are not written as `append` writes them."""
        rows = connection.execute(RAW_PAGE, {"after": after, "limit": count})
        return [position for position, *texts in rows if not append_buffer.is_canonical(*texts)]

    def head(self, connection: Connection) -> int:
        """The position of the last event, 0 while there is none."""
        unwritten = append_buffer.unwritten(connection)
        head: int = unwritten[-1].position if unwritten else POSITION.first(connection).position
        return head

    def mark_unknown(self, name: str, version: int) -> None:
        """Remember a type that only a later version knows, and log it once."""
        unknown = f"{name} (version {version})"
        if unknown not in self.unknown_types:
            self.unknown_types.add(unknown)
            logger.error("%s: its log holds %s, which this version of the program does not know", self.source, unknown)

    def _recorded(self, rows: Iterable[Any]) -> list[Recorded]:
        found = [
            Recorded(self.source, position, stream, version, event_id, kind, data,
                     Metadata.model_validate_json(metadata), recorded_at)
            for position, stream, version, event_id, kind, data, metadata, recorded_at in rows
        ]  # fmt: skip
        for recorded in found:
            if not recorded.is_known:
                self.mark_unknown(recorded.type, recorded.schema_version)
        return found
