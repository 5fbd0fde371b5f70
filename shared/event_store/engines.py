"""Engines of SQLite and PostgreSQL, with the settings that the log's promises rest on."""

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 5_000
"""How long SQLite waits for another process that writes."""
POOL_SIZE = 10
REST_SECONDS = 1
"""A connection that has not been used for so long is tried before it is; else that would double what a question costs."""
DEADLOCK = "40P01"
"""PostgreSQL's error code, where the driver has one."""
DEADLOCKS_MAX = 4


def connect(url: str) -> Engine:
    """An engine with the settings that the log's promises rest on."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url, connect_args={"check_same_thread": False}, pool_size=POOL_SIZE, hide_parameters=True
        )
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "checkout", flush_always)
        event.listen(engine, "begin", begin_sqlite)
        return engine
    from shared.event_store import postgres  # noqa: PLC0415 - a SQLite file needs nothing of it

    engine = create_engine(
        url,
        hide_parameters=True,  # an error's text goes to the log, and its values may be a person's
        pool_size=POOL_SIZE,
    )
    event.listen(engine, "do_connect", postgres.connect)
    postgres.try_rested(engine)
    return engine


def reading(dialect: Dialect) -> dict[str, Any]:
    """The options of a connection that only reads: on PostgreSQL it needs neither BEGIN nor ROLLBACK, two round trips."""
    return {"isolation_level": "AUTOCOMMIT"} if dialect.name == "postgresql" else {"tamdid_reads": True}


def prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """Readers do not wait for the writer."""
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode = WAL",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def flush_always(connection: Any, _entry: ConnectionPoolEntry, _handed_out: object) -> None:
    """A commit is on disk when it returns, whatever was said to the connection the last time that it was used."""
    connection.execute("PRAGMA synchronous = FULL")


def begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: a reader that turns writer half-way would fail instead of wait."""
    reads = connection.get_execution_options().get("tamdid_reads")
    driver: Any = connection.connection.driver_connection  # SQLAlchemy's own way would cost ten times the statement
    try:
        driver.execute("BEGIN" if reads else "BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise OperationalError("BEGIN", None, error) from error


def again_after_deadlock(act: Callable[[], None]) -> None:
    """Act, and once more where two copies of a program waited for each other and this one was broken off: the other goes on."""
    for tries_left in reversed(range(DEADLOCKS_MAX)):
        try:
            return act()
        except DBAPIError as error:
            if not (tries_left and is_deadlock(error)):
                raise
    return None


def is_lost(connection: Connection) -> bool:
    """Whether a connection is gone, whoever found that out."""
    if connection.closed or connection.invalidated:
        return True
    return bool(getattr(connection.connection.driver_connection, "closed", False))


def rests_well(connection: Connection) -> bool:
    """Whether a connection that has rested still leads anywhere; a SQLite file does not go away."""
    if connection.dialect.name == "sqlite":
        return True
    from shared.event_store import postgres  # noqa: PLC0415 - a SQLite file needs nothing of it

    return postgres.answers(connection.connection.driver_connection)


def is_deadlock(error: BaseException) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") == DEADLOCK
