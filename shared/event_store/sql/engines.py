"""Engines of SQLite and PostgreSQL, with the settings that the log's promises rest on."""

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 5_000
"""How long SQLite waits for another process that writes."""
POOL_SIZE, POOL_OVERFLOW = 10, 10
CONNECTIONS_OF_PROGRAM = POOL_SIZE + POOL_OVERFLOW
"""A copy of a program keeps the one number, and takes the other more while all are in use: so many must PostgreSQL allow to each."""
STATEMENTS_MAX = 512
"""Statements that a connection to SQLite keeps prepared."""
IDLE_SECONDS = 1
"""A connection idle for so long is tested before it is used; testing each time would double the cost of a query."""
DEADLOCK, LOCK_HELD = "40P01", "55P03"
"""PostgreSQL's error codes, where the driver has one; the second for a lock that was not to be waited for."""
DEADLOCKS_MAX = 4
Server = tuple[str, int]


def connect(url: str) -> Engine:
    """An engine with the settings that the log's promises rest on."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            connect_args={"check_same_thread": False, "cached_statements": STATEMENTS_MAX},
            pool_size=POOL_SIZE,
            hide_parameters=True,
        )
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "checkout", force_synchronous)
        event.listen(engine, "begin", begin_sqlite)
        return engine
    from shared.event_store.sql import postgres  # noqa: PLC0415 - SQLite runs without psycopg

    engine = create_engine(
        postgres.to_primary(url),
        hide_parameters=True,  # an error's text goes to the log, and its values may be a person's
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
    )
    event.listen(engine, "do_connect", postgres.connect)
    postgres.replace_when_lost(engine)
    return engine


def reading(dialect: Dialect) -> dict[str, Any]:
    """The options of a connection that only reads: on PostgreSQL it needs neither BEGIN nor ROLLBACK, two round trips."""
    return {"isolation_level": "AUTOCOMMIT"} if dialect.name == "postgresql" else {"tamdid_reads": True}


def prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """Set the pragmas under which readers do not wait for the writer, and what is deleted is overwritten."""
    connection.isolation_level = None  # begin_sqlite executes BEGIN
    for pragma in (
        "journal_mode = WAL",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def force_synchronous(connection: Any, _entry: ConnectionPoolEntry, _handed_out: object) -> None:
    """Make each commit durable when it returns, whatever its last user set on the connection."""
    connection.execute("PRAGMA synchronous = FULL")


def begin_sqlite(connection: Connection) -> None:
    """Begin a transaction; a writer locks at once, because a lock upgrade half-way would fail instead of wait."""
    reads = connection.get_execution_options().get("tamdid_reads")
    driver: Any = connection.connection.driver_connection  # SQLAlchemy's execution would cost ten times the statement
    try:
        driver.execute("BEGIN" if reads else "BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise OperationalError("BEGIN", None, error) from error


def retry_deadlocks(work: Callable[[], None]) -> None:
    """Run `work`, and again after each deadlock with another copy of the program, at most `DEADLOCKS_MAX` times."""
    for tries_left in reversed(range(DEADLOCKS_MAX)):
        try:
            return work()
        except DBAPIError as error:
            if not (tries_left and is_deadlock(error)):
                raise
    return None


def close_if_broken_off(connection: Connection, error: BaseException) -> None:
    """Close a connection whose statement has ended with its greenlet, or at a limit: the answer may still come. SQLite's has come by then."""
    if not isinstance(error, Exception) and not connection.closed and connection.dialect.name != "sqlite":
        connection.invalidate(error)


def has_standby(url: URL) -> bool:
    """Whether a URL names several servers: the standby acknowledges each commit that has written something."""
    return len(url.normalized_query.get("host", ())) > 1


def commit_a_message(connection: Connection) -> Server:
    """Write to PostgreSQL's log what nobody reads, so that the transaction's commit waits for the standby, as an empty one does not."""
    connection.execute(select(func.pg_logical_emit_message(True, "tamdid", "")))
    return server_of(connection)


def server_of(connection: Connection) -> Server:
    """Which PostgreSQL server a connection is to: its address and port."""
    info: Any = connection.connection.driver_connection.info  # type: ignore[union-attr]
    return info.hostaddr, info.port


def is_lost(connection: Connection) -> bool:
    """Whether SQLAlchemy or the driver has found the connection lost."""
    if connection.closed or connection.invalidated:
        return True
    return bool(getattr(connection.connection.driver_connection, "closed", False))


def is_alive(connection: Connection) -> bool:
    """Whether an idle connection still works; a SQLite file does not go away."""
    if connection.dialect.name == "sqlite":
        return True
    from shared.event_store.sql import postgres  # noqa: PLC0415 - SQLite runs without psycopg

    return postgres.responds(connection.connection.driver_connection)


def is_deadlock(error: BaseException) -> bool:
    """Whether PostgreSQL has broken a transaction off for a deadlock."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") == DEADLOCK
