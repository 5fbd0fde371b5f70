"""Databases in memory, one a program: what is committed outlives a process, what is not is lost with its connection."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

import pytest
from sqlalchemy import Engine, MetaData, create_engine, event, update
from sqlalchemy.pool import ConnectionPoolEntry, Pool, StaticPool

from shared.event_store.database import Database
from shared.event_store.log import HEAD
from shared.event_store.sql import engines, schema
from shared.event_store.sql.group_commit import Unit
from tests.simulation.environment import Environment, InvariantViolated
from tests.support import compiled_statements

COPIES_MAX = 2
WRITES_MAX = 5_000
"""Transactions of one program in a run: many times what any has needed. Without a safeguard a loop may have no end."""
SLOTS = itertools.count()
"""A number for each: a database in memory lives on under its name for as long as anybody is connected."""
APPLIED = """
CREATE TABLE applied (
    number INTEGER PRIMARY KEY, source TEXT NOT NULL, position INTEGER NOT NULL, partition_key TEXT NOT NULL,
    event_id TEXT NOT NULL)
"""
"""What handlers were called with, one row a call, written in their transactions."""
REACTED = "CREATE TABLE reacted (position INTEGER NOT NULL)"
"""The same of what a program does on its own events beside the projections."""
ATTACH = "ATTACH DATABASE ? AS shared"
"""What is not among a connection's own tables is found there."""


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
    """The place of one program's database; its copies have a connection each.

    `projections` are the tables of each version of the projections, the declared one first: those of the next one lie in a database of
    their own, to which the first one is attached.
    """

    def __init__(
        self,
        program: str,
        tables: Sequence[MetaData],
        first: Callable[[Database], None],
        projections: Sequence[MetaData] = (),
    ) -> None:
        self.program = program
        self.declared, *following = [schema.version_of(one) for one in projections] or [1]
        self.versions = (self.declared, *following)
        self.environment: Environment | None = None
        self.writes = 0
        self.has_versions = False
        """Whether copies with the next version of the projections write in this run."""
        self._open_empty()
        self.engines = {version: [self.engine(version) for _ in range(COPIES_MAX)] for version in self.versions}
        """Of each version, one a copy."""
        with opened(self.engines[self.declared][0]):
            maker = Database("", self.declared)
        maker.create_tables(*tables)
        if projections:
            maker.write(lambda connection: connection.execute(update(HEAD).values(projections_version=self.declared)))
        maker.write(lambda connection: connection.exec_driver_sql(APPLIED))
        maker.write(lambda connection: connection.exec_driver_sql(REACTED))
        first(maker)
        maker.close()
        for version, made in zip(following, projections[1:], strict=True):
            made.create_all(self.engines[version][0])
            self.engines[version][0].dispose()
        self.templates = {version: sqlite3.connect(":memory:") for version in self.keepers}
        for version, keeper in self.keepers.items():
            keeper.backup(self.templates[version])

    def _open_empty(self) -> None:
        """Databases of new names: whoever is still connected to the former ones holds no lock on these."""
        number = next(SLOTS)
        self.addresses = {
            version: f"file:/simulation-{self.program}-{number}-{version}?vfs=memdb" for version in self.versions
        }
        self.keepers = {
            version: sqlite3.connect(address, uri=True, isolation_level=None, timeout=0)
            for version, address in self.addresses.items()
        }
        self.keeper = self.keepers[self.declared]
        for version in self.versions[1:]:
            self.keepers[version].execute(ATTACH, (self.addresses[self.declared],))

    def reset(self, environment: Environment | None) -> None:
        """As it was before anybody wrote to it, whoever is still connected."""
        self.environment = environment
        self.has_versions = False
        self.writes = 0
        for keeper in self.keepers.values():
            keeper.close()
        for engine in itertools.chain.from_iterable(self.engines.values()):
            engine.dispose()
        self._open_empty()
        for version, keeper in self.keepers.items():
            self.templates[version].backup(keeper)

    def rows(self, sql: str, *parameters: object) -> list[Any]:
        """Look from outside, without leaving a trace, at the projections of the version that wrote last."""
        return self._last_written().execute(sql, parameters).fetchall()

    def value(self, sql: str, *parameters: object) -> Any:
        """The first column of the first row, or None."""
        row = self._last_written().execute(sql, parameters).fetchone()
        return row and row[0]

    def _last_written(self) -> sqlite3.Connection:
        if not self.has_versions:
            return self.keeper
        (version,) = self.keeper.execute("SELECT projections_version FROM log_head").fetchone()
        return self.keepers[version]

    def _connect(self, version: int) -> Wire:
        wire = sqlite3.connect(
            self.addresses[version],
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
            factory=Wire,
        )
        if version != self.declared:
            wire.execute(ATTACH, (self.addresses[self.declared],))
        engines.prepare_sqlite(wire, cast("ConnectionPoolEntry", None))  # it looks at the connection only
        wire.environment = self.environment
        return wire

    def engine(self, version: int, pool: type[Pool] = StaticPool) -> Engine:
        """Connects as a copy with a version of the projections does."""
        engine = create_engine(
            "sqlite://", creator=partial(self._connect, version), poolclass=pool, hide_parameters=True
        )
        event.listen(engine, "begin", engines.begin_sqlite)
        return compiled_statements.kept(engine)


def copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy a whole database; where somebody who is left connected to it holds a lock, `backup` alone would wait without an end."""

    def fail_when_locked(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise InvariantViolated("a connection to a database that is restored was left open")

    source.backup(target, progress=fail_when_locked)


class InterceptableDatabase(Database):
    """A database at which others may wait for the same commit, as they do where several threads or green ones write."""

    slot: Slot
    concurrent_writers: Callable[[], list[Unit[Any]]] = list
    intercepting = False

    def write(self, work: Callable[[Any], Any]) -> Any:
        if self.intercepting:
            raise InterceptedWrite(work)
        self.slot.writes += 1
        if self.slot.writes > WRITES_MAX:
            raise InvariantViolated(f"{self.slot.writes} transactions of one program, and no end")
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
