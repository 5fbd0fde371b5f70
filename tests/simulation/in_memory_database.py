"""Databases in memory, one a program: what is committed outlives a process, what is not is lost with its connection."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import pytest
from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from shared.event_store.database import Database
from shared.event_store.sql import engines
from shared.event_store.sql.group_commit import Unit
from tests.simulation.environment import Environment

COPIES_MAX = 2
SLOTS = itertools.count()
"""A number for each: a database in memory lives on under its name for as long as anybody is connected."""
APPLIED = """
CREATE TABLE applied (
    number INTEGER PRIMARY KEY, source TEXT NOT NULL, position INTEGER NOT NULL, partition_key TEXT NOT NULL,
    event_id TEXT NOT NULL)
"""
"""What handlers were called with, one row a call, written in their transactions."""


class Cursor(sqlite3.Cursor):
    """Has a crash point before each statement."""

    connection: "Wire"

    def execute(self, sql: str, *parameters: Any) -> "Cursor":
        self.connection.before(sql)
        return super().execute(sql, *parameters)

    def executemany(self, sql: str, *parameters: Any) -> "Cursor":
        self.connection.before(sql)
        return super().executemany(sql, *parameters)


class Wire(sqlite3.Connection):
    """A process's connection to its database: it can break before any statement, and while a commit is answered."""

    environment: Environment | None = None

    def before(self, sql: str) -> None:
        if self.environment is not None:
            self.environment.statement(sql)

    def cursor(self, factory: Any = Cursor) -> Any:
        return super().cursor(factory)

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        self.before(sql)
        return super().execute(sql, *parameters)

    def executemany(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        self.before(sql)
        return super().executemany(sql, *parameters)

    def commit(self) -> None:
        if not self.in_transaction:
            return
        self.before("COMMIT")
        super().commit()
        if self.environment is not None:
            self.environment.point("anything after its commit")
            if self.environment.commit_is_unclear():
                raise sqlite3.OperationalError("the connection was lost while it committed")


class Slot:
    """The place of one program's database; its copies have a connection each."""

    def __init__(self, program: str, tables: Sequence[MetaData], first: Callable[[Database], None]) -> None:
        self.address = f"file:/simulation-{program}-{next(SLOTS)}?vfs=memdb"
        self.environment: Environment | None = None
        self.keeper = sqlite3.connect(self.address, uri=True, isolation_level=None)
        self.engines = [self._engine() for _ in range(COPIES_MAX)]
        with opened(self.engines[0]):
            maker = Database("")
        maker.create_tables(*tables)
        maker.write(lambda connection: connection.exec_driver_sql(APPLIED))
        first(maker)
        maker.close()
        self.template = sqlite3.connect(":memory:")
        self.keeper.backup(self.template)

    def reset(self, environment: Environment | None) -> None:
        """As it was before anybody wrote to it; no process may be connected."""
        self.environment = environment
        self.template.backup(self.keeper)

    def rows(self, sql: str, *parameters: object) -> list[Any]:
        """Look from outside, without leaving a trace."""
        return self.keeper.execute(sql, parameters).fetchall()

    def value(self, sql: str, *parameters: object) -> Any:
        """The first column of the first row, or None."""
        row = self.keeper.execute(sql, parameters).fetchone()
        return row and row[0]

    def _connect(self) -> Wire:
        wire = sqlite3.connect(
            self.address, uri=True, isolation_level=None, check_same_thread=False, cached_statements=512, factory=Wire
        )
        engines.prepare_sqlite(wire, cast("ConnectionPoolEntry", None))  # it looks at the connection only
        wire.environment = self.environment
        return wire

    def _engine(self) -> Engine:
        engine = create_engine("sqlite://", creator=self._connect, poolclass=StaticPool, hide_parameters=True)
        event.listen(engine, "begin", engines.begin_sqlite)
        return engine


class InterceptableDatabase(Database):
    """A database at which others may wait for the same commit, as they do where several threads or green ones write."""

    concurrent_writers: Callable[[], list[Unit[Any]]] = list
    intercepting = False

    def write(self, work: Callable[[Any], Any]) -> Any:
        if self.intercepting:
            raise InterceptedWrite(work)
        self._waiting.extend(self.concurrent_writers())
        return super().write(work)


class InterceptedWrite(BaseException):
    """What somebody wanted to write; it waits now."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self.work = work


@contextmanager
def opened(engine: Engine) -> Iterator[None]:
    """Whoever opens a database within the block gets this engine, whatever the address."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "connect", lambda _url: engine)
        yield
