"""A program's own database, SQLite or PostgreSQL: read transactions, and writes with group commit."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial
from sqlite3 import SQLITE_ERROR
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection, DateTime, Dialect, MetaData, func, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.types import TypeDecorator

from shared.event_store.sql import engines, schema
from shared.event_store.sql.group_commit import (
    APPENDED,
    PROJECTIONS_VERSION,
    LostBeforeCommit,
    ProjectionsBehind,
    Unit,
    driver_errors_as_sqlalchemy,
    run_each,
    run_together,
    waiting,
)
from shared.event_store.sql.readers import Readers
from shared.observability import tracing

T = TypeVar("T")

COMMIT_BATCH_MAX = 64  # units of work that may share one commit
RETRY_WITHIN_SECONDS = 1
"""A connection found lost sooner is replaced, and the units run again; after a longer wait the callers get the error."""
STARTUP_LOCK = 1406
"""PostgreSQL's advisory lock, any number: while a copy runs its first tasks."""


class Instant(TypeDecorator[datetime]):
    """A moment: aware going in, UTC coming out, on databases that keep the zone and on those that do not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Database:
    """A program's own database. All changes go through `write`, which orders them and makes them durable."""

    def __init__(self, url: str, projections_version: int = 1) -> None:
        self.engine = engines.connect(url)
        self.projections_version = projections_version
        if projections_version > 1:
            schema.find_first(self.engine, schema.of_projections(projections_version))
        self.catch_up: Callable[[Connection], None] | None = None
        """Projects, under the log's lock, what another version of the projections has written before."""
        self.has_other_versions = False
        """Whether copies of another version may write: state and projections then agree only once this one has caught up."""
        self.before_reading: Callable[[], object] = lambda: None
        """Is called then before each read."""
        self._readers = Readers(self.engine)
        self._waiting: deque[Unit[Any]] = deque()
        self.write_lock = Lock()  # held by each `write`, and by whoever writes on another connection
        self._writer: Connection | None = None
        self._idle_since = 0.0
        self._after_append: list[Callable[[float], object]] = []

    def create_tables(self, *tables: MetaData) -> None:
        """Create missing tables where this user may; existing ones stay as they are, or raise `TablesOutOfDate`. Copies that start at once take turns."""
        with self.engine.begin() as connection:
            for metadata in tables:
                schema.create_missing(connection, metadata, metadata.sorted_tables)

    def require_tables(self, *tables: MetaData) -> None:
        """Raise `TablesOutOfDate` where a migration has not made all columns of the tables."""
        with self.engine.begin() as connection:
            for metadata in tables:
                schema.require(connection, metadata.sorted_tables)

    @contextmanager
    def startup_lock(self) -> Iterator[None]:
        """Exclude within the block other copies of this program that start at once."""
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(STARTUP_LOCK)))
                yield
                return
        yield  # a SQLite file belongs to one process

    def on_append(self, react: Callable[[float], object]) -> None:
        """Call `react` after every commit of events with the seconds that it took; it must not block."""
        self._after_append.append(react)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that changes nothing; each of its statements sees one moment, on SQLite all of them the same."""
        if self.has_other_versions:
            self.before_reading()
        with self.read_as_it_is() as connection:
            yield connection

    def read_as_it_is(self) -> AbstractContextManager[Connection]:
        """The same, while this version of the projections may be behind another one."""
        return self._readers.connection()

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction and return what it returned, after the commit.

        The holder of the lock commits for all that wait: one flush to disk carries many units, each still accepted or
        refused on its own (a unit that raises is undone alone). `work` must not wait for anything but the database.
        """
        unit = Unit(work)
        with waiting(unit, self._waiting), tracing.transaction(self.engine.url), self.write_lock:
            while not unit.done:
                self._commit_those_waiting()
            return unit.outcome()

    def write_unflushed(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction that a power cut may undo, not a crash: for data that can be rebuilt, without a flush to disk."""
        unit = Unit(work)
        with self.write_lock:
            connection = self._writing_connection()
            if connection.dialect.name != "sqlite":
                self._commit([unit])
                return unit.outcome()
            driver: Any = connection.connection.driver_connection
            try:
                with driver_errors_as_sqlalchemy(connection):
                    driver.execute("PRAGMA synchronous = NORMAL")
                    self._commit([unit])
                    driver.execute("PRAGMA synchronous = FULL")
            except BaseException:
                connection.close()  # its next checkout makes it flush again: engines.force_synchronous
                raise
            return unit.outcome()

    def _commit_those_waiting(self) -> None:
        units = [self._waiting.popleft() for _ in range(min(len(self._waiting), COMMIT_BATCH_MAX))]
        try:
            self._commit(units)
        except Exception as error:  # noqa: BLE001 - each unit's caller raises it
            for unit in units:
                unit.error = error
        except BaseException:
            for unit in units:
                unit.error = OperationalError(
                    "COMMIT", None, InterruptedError("broken off; it may or may not have happened")
                )
            raise
        finally:
            for unit in units:
                unit.done = True

    def _commit(self, units: list[Unit[Any]]) -> None:
        """Run units in one transaction; those that never began, because the idle connection was lost, once more."""
        began = monotonic()
        try:
            self._commit_together(units)
        except LostBeforeCommit as lost:
            if monotonic() - began > RETRY_WITHIN_SECONDS:
                raise lost.__cause__ or lost from None
            self._readers.close_idle()  # they are lost as well
            try:
                self._commit_together(units)
            except LostBeforeCommit as again:
                raise again.__cause__ or again from None

    def _commit_together(self, units: list[Unit[Any]]) -> None:
        """Run units together, and between savepoints only when one of them has failed."""
        connection, began = self._writing_connection(), monotonic()
        try:
            if self.has_other_versions:  # a unit that appends nothing would not notice what they wrote
                self._run_after_catching_up(units, connection)
            else:
                self._run_together(units, connection)
            for react in self._after_append if connection.info.pop(APPENDED, False) else ():
                react(monotonic() - began)
        except BaseException:
            connection.close()  # a commit that failed may have left its transaction open: the pool registers it back
            raise
        finally:
            self._idle_since = monotonic()

    def _run_together(self, units: list[Unit[Any]], connection: Connection) -> None:
        try:
            run_together(units, connection)
        except ProjectionsBehind:
            self._run_after_catching_up(units, connection)

    def _run_after_catching_up(self, units: list[Unit[Any]], connection: Connection) -> None:
        if self.catch_up is None:
            raise LookupError("another version of the projections has written, and this program cannot catch up")
        engines.retry_deadlocks(partial(run_each, units, connection, self.catch_up))

    def _writing_connection(self) -> Connection:
        """The one connection that writes, held from commit to commit; one that was lost, also while idle, is replaced."""
        writer = self._writer
        if writer is not None and not engines.is_lost(writer):
            if monotonic() - self._idle_since < engines.IDLE_SECONDS or engines.is_alive(writer):
                return writer
            self._readers.replace(writer)
        self._writer = self.engine.connect()
        self._writer.info[PROJECTIONS_VERSION] = self.projections_version
        return self._writer

    def empty_write_ahead_log(self) -> bool:
        """Move SQLite's write-ahead log into the database and empty it, so that deleted rows are in neither; False while somebody reads.

        PostgreSQL recycles its own, and overwrites deleted rows at the next VACUUM.
        """
        with self.write_lock:
            connection = self._writing_connection()
            if connection.dialect.name != "sqlite":
                return True
            driver: Any = connection.connection.driver_connection
            try:
                with driver_errors_as_sqlalchemy(connection):
                    driver.execute("PRAGMA busy_timeout = 0")  # a reader of this very process would wait in vain
                    is_busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                driver.execute(f"PRAGMA busy_timeout = {engines.BUSY_TIMEOUT_MS}")
            return not is_busy

    def close(self) -> None:
        """Close all connections."""
        if self._writer is not None:
            self._writer.close()
        self._readers.close_idle()


def is_unavailable(error: BaseException) -> bool:
    """Whether an error means that the database is unreachable or has closed the connection, and nothing about the statement."""
    if isinstance(error, OperationalError | InterfaceError):
        return getattr(error.orig, "sqlite_errorcode", 0) != SQLITE_ERROR  # which is SQLite's for a missing table
    return isinstance(error, DBAPIError) and error.connection_invalidated
