"""Databases that are made ready once for many tests: each test finds the same rows, and what it leaves is undone."""

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from shared.event_store.database import Database
from tests.support.servers.server_handles import Postgres

Prepare = Callable[[Database], None]
"""Creates tables, and writes what each test finds in them."""

OTHERS_LEAVE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
"""Finds nobody once they are gone, with their temporary tables."""
LEAVING_SECONDS, LEAVING_SECONDS_MAX = 0.001, 5
SCHEMA = """
SELECT count(*), max(xmin::text::bigint) FROM pg_class WHERE oid >= 16384 UNION ALL
SELECT count(*), max(xmin::text::bigint) FROM pg_attribute WHERE attrelid >= 16384 UNION ALL
SELECT count(*), max(xmin::text::bigint) FROM pg_constraint WHERE oid >= 16384 UNION ALL
SELECT count(*), max(xmin::text::bigint) FROM pg_trigger WHERE oid >= 16384 UNION ALL
SELECT count(*), max(xmin::text::bigint) FROM pg_proc WHERE oid >= 16384 UNION ALL
SELECT count(*), max(xmin::text::bigint) FROM pg_namespace WHERE oid >= 16384 AND nspname !~ '^pg_(toast_)?temp_'
"""
"""Is another one after whatever creates, changes or drops a table, a column, a trigger, a function or a schema: smaller numbers are of what every database has.

The schemas of temporary tables stay, empty, when their connections have ended."""
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
SEQUENCES = """
SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
NO_TRIGGERS = "-c session_replication_role=replica"
"""Neither what keeps events from being deleted nor foreign keys, whose order is then no matter."""


@dataclass(frozen=True)
class PreparedDatabase:
    """A database of PostgreSQL with a connection that stays open, from which its rows are put back."""

    name: str
    connection: psycopg.Connection
    rows_as_before: sql.Composed
    schema: list[tuple[int, int]]

    @classmethod
    def made(cls, server: Postgres, name: str, prepare: Prepare) -> "PreparedDatabase":
        with closing(Database(server.create_database(name))) as database:
            prepare(database)
        connection = server.connect(name, NO_TRIGGERS)
        return cls(name, connection, rows_as_now(connection), schema_of(connection))

    def undo(self) -> bool:
        """Put back the rows; False where the schema is another one, or somebody comes back."""
        until = time.monotonic() + LEAVING_SECONDS_MAX
        while self.connection.execute(OTHERS_LEAVE).fetchone():
            if time.monotonic() > until:
                return False
            time.sleep(LEAVING_SECONDS)
        if schema_of(self.connection) != self.schema:
            return False
        self.connection.execute(self.rows_as_before)
        return True


def schema_of(connection: psycopg.Connection) -> list[tuple[int, int]]:
    return connection.execute(SCHEMA).fetchall()


def rows_as_now(connection: psycopg.Connection) -> sql.Composed:
    """Statements after which all tables have the rows that they have now, and sequences begin anew."""
    statements: list[sql.Composable] = []
    for (name,) in connection.execute(TABLES).fetchall():
        table = sql.Identifier(name)
        statements.append(sql.SQL("DELETE FROM {}").format(table))
        rows = connection.execute(sql.SQL("SELECT * FROM {}").format(table)).fetchall()
        values = (sql.SQL(", ").join(map(sql.Literal, row)) for row in rows)
        statements.extend(sql.SQL("INSERT INTO {} VALUES ({})").format(table, row) for row in values)
    for (name,) in connection.execute(SEQUENCES).fetchall():
        [last] = connection.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name)))
        statements.append(sql.SQL("SELECT setval({}, {}, {})").format(*map(sql.Literal, (name, *last))))
    return sql.SQL("; ").join(statements)


class PreparedDatabases:
    """Those of one server, lent to one test at a time."""

    def __init__(self, server: Postgres, fresh_name: Callable[[], str]) -> None:
        self._server, self._fresh_name = server, fresh_name
        self._free: dict[Prepare, list[PreparedDatabase]] = defaultdict(list)
        self._connections = ExitStack()

    @contextmanager
    def lent(self, prepare: Prepare) -> Iterator[str]:
        """The SQLAlchemy URL of one."""
        one = self._free[prepare].pop() if self._free[prepare] else self._make(prepare)
        yield self._server.database_url(one.name)
        if one.undo():
            self._free[prepare].append(one)
        else:
            one.connection.close()
            self._server.drop_database(one.name)

    def _make(self, prepare: Prepare) -> PreparedDatabase:
        one = PreparedDatabase.made(self._server, self._fresh_name(), prepare)
        self._connections.push(closing(one.connection))
        return one

    def close(self) -> None:
        self._connections.close()


@cache
def sqlite_file(prepare: Prepare) -> bytes:
    """The file of a prepared database, to be copied."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "prepared.db"
        with closing(Database(f"sqlite:///{file}")) as database:
            prepare(database)
        return file.read_bytes()
