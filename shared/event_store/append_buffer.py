"""The append buffer of a transaction: appended events have their positions at once, and are written together before the commit."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from shared.contract.envelope import Metadata, Recorded
from shared.event_store.sql import group_commit

COLUMNS = ("positions", "streams", "versions", "ids", "types", "data", "metadata", "recorded_at")
Row = tuple[object, ...]
LAST_HEAD, IS_SOLE_WRITER = "tamdid_log_last_head", "tamdid_log_is_sole_writer"
"""Keys of `Connection.info`: the head that this connection left, and whether nobody else has moved it since."""

# The statements are the driver's own: the log is the one table where SQLAlchemy's overhead is too large. On PostgreSQL
# arrays go out in binary: as text, the quotes of JSON would cost more than the insert.
LOCK_HEAD = "SELECT position, projections_version FROM log_head FOR UPDATE"
READ_HEAD = "SELECT position, projections_version FROM log_head"
APPEND_TO_POSTGRESQL = """
WITH free AS (SELECT FROM log_head WHERE position = %(head)s AND projections_version = %(projections)s FOR UPDATE NOWAIT),
    moved AS (UPDATE log_head SET position = position + %(count)s FROM free RETURNING %(head)s::bigint AS head)
INSERT INTO events (position, stream, version, event_id, type, data, metadata, recorded_at)
SELECT (SELECT head FROM moved) + ordinal, stream, version, event_id, type, data, metadata, recorded_at
FROM unnest(%(streams)b::text[], %(versions)b::int[], %(ids)b::uuid[], %(types)b::text[], %(data)b::text[],
            %(metadata)b::text[], %(recorded_at)b::timestamptz[])
     WITH ORDINALITY AS appended (stream, version, event_id, type, data, metadata, recorded_at, ordinal)
"""
"""Where the counter is not where it should be, or another version of the projections has written last, the position is NULL, which the table refuses.

Nobody waits for the counter here: this transaction's projections may be in the way of the copy that holds it.
"""
APPEND_ONE_TO_POSTGRESQL = """
WITH free AS (SELECT FROM log_head WHERE position = %s AND projections_version = %s FOR UPDATE NOWAIT),
    moved AS (UPDATE log_head SET position = position + 1 FROM free RETURNING position)
INSERT INTO events (position, stream, version, event_id, type, data, metadata, recorded_at)
VALUES ((SELECT position FROM moved), %s, %s, %s, %s, %s, %s, %s)
"""
"""The same for a single event: arrays of one would take longer to make than the rest."""
MOVE_HEAD_OF_SQLITE = "UPDATE log_head SET position = ?"
APPEND_TO_SQLITE = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class AppendBuffer:
    """The events that a transaction has appended and not yet written."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.driver: Any = connection.connection.driver_connection
        self.is_postgresql = connection.dialect.name == "postgresql"
        self.info = connection.info
        self.projections: int = self.info.get(group_commit.PROJECTIONS_VERSION, 1)
        self.written = self._head()
        self.unwritten: list[Recorded] = []
        self.rows: list[Row] = []

    @property
    def head(self) -> int:
        """The position of the last event appended."""
        return self.written + len(self.unwritten)

    def add(self, events: Sequence[Recorded]) -> None:
        """Append events of one cause that have the positions after the head."""
        self.unwritten += events
        metadata, at = events[0].metadata.model_dump_json(), events[0].recorded_at
        if self.is_postgresql:
            self.rows += [(e.position, e.stream, e.version, e.event_id, e.type, e.data, metadata, at) for e in events]
        else:  # as SQLAlchemy's types write them, so that it can read them
            text = at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
            self.rows += [
                (e.position, e.stream, e.version, e.event_id.hex, e.type, e.data, metadata, text) for e in events
            ]

    def write(self) -> None:
        """Insert the buffered events and move the counter; `MustRunAlone` where a constraint or another copy is in the way."""
        if not self.unwritten:
            return
        with group_commit.driver_errors_as_sqlalchemy(self.connection):
            if self.is_postgresql:
                self._write_to_postgresql()
            else:
                self.driver.execute(MOVE_HEAD_OF_SQLITE, (self.head,))
                self.driver.executemany(APPEND_TO_SQLITE, self.rows)
        self.info[LAST_HEAD] = self.written = self.head
        self.info[group_commit.APPENDED] = True
        self.unwritten, self.rows = [], []

    def _write_to_postgresql(self) -> None:
        with autocommit_if_idle(self.connection):
            if len(self.rows) == 1:
                self.driver.execute(APPEND_ONE_TO_POSTGRESQL, (self.written, self.projections, *self.rows[0][1:]))
                return
            columns = dict(zip(COLUMNS, map(list, zip(*self.rows, strict=True)), strict=True))
            here = {"head": self.written, "count": len(self.rows), "projections": self.projections}
            self.driver.execute(APPEND_TO_POSTGRESQL, {**columns, **here})

    def _head(self) -> int:
        """The counter's value: as this connection left it, or, where others write too, read under its row lock.

        A remembered value is compared with the counter by the statement that moves it. `ProjectionsBehind` where another version
        of the projections has written last: nothing may be decided before what it wrote is projected.
        """
        is_buffered = group_commit.before_commit(self.connection) is not None
        if self.is_postgresql and is_buffered and self.info.get(IS_SOLE_WRITER):
            return int(self.info[LAST_HEAD])
        with group_commit.driver_errors_as_sqlalchemy(self.connection):
            statement = LOCK_HEAD if self.is_postgresql else READ_HEAD  # SQLite's writer has locked everything
            head: int
            head, version = self.driver.execute(statement).fetchone()
        if version != self.projections:
            raise group_commit.ProjectionsBehind
        self.info[IS_SOLE_WRITER] = head == self.info.get(LAST_HEAD)
        return head


def current(connection: Connection) -> AppendBuffer:
    """The buffer of this transaction: written just before its commit, or by the caller where nothing runs before the commit."""
    hooks = group_commit.before_commit(connection)
    if hooks is None:
        return AppendBuffer(connection)
    buffer = next((hook for hook in hooks if isinstance(hook, AppendBuffer)), None)
    if buffer is None:
        hooks.append(buffer := AppendBuffer(connection))
    return buffer


def unwritten(connection: Connection) -> list[Recorded]:
    """The events that this transaction has appended and not yet written."""
    hooks = group_commit.before_commit(connection) or ()
    return [event for hook in hooks if isinstance(hook, AppendBuffer) for event in hook.unwritten]


@contextmanager
def autocommit_if_idle(connection: Connection) -> Iterator[None]:
    """Run the block in autocommit where it is the whole transaction: PostgreSQL then needs no BEGIN and no COMMIT."""
    driver: Any = connection.connection.driver_connection
    pq: Any = connection.dialect.loaded_dbapi.pq
    if driver.pgconn.transaction_status != pq.TransactionStatus.IDLE:
        yield
        return
    driver.autocommit = True
    try:
        yield
    finally:
        if driver.pgconn.transaction_status == pq.TransactionStatus.IDLE:  # one that was broken off is to be closed
            driver.autocommit = False


def is_canonical(metadata: str, event_id: object, recorded_at: object) -> bool:
    """Whether texts are spelled as `append` spells them. PostgreSQL has types for two of them, where there is one spelling only."""
    try:
        return (
            Metadata.model_validate_json(metadata).model_dump_json(exclude_unset=True) == metadata
            and (not isinstance(event_id, str) or UUID(event_id).hex == event_id)
            and (
                not isinstance(recorded_at, str)
                or datetime.fromisoformat(recorded_at).isoformat(" ", "microseconds") == recorded_at
            )
        )
    except ValueError:
        return False
