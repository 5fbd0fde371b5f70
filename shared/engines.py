"""Engines of SQLite and PostgreSQL, with the settings that the log's promises rest on."""

from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 5_000
"""How long SQLite waits for another process that writes."""
POOL_SIZE = 10


def connect(url: str) -> Engine:
    """An engine with the settings that the log's promises rest on."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url, connect_args={"check_same_thread": False}, pool_size=POOL_SIZE, hide_parameters=True
        )
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", begin_sqlite)
        return engine
    from shared import postgres  # noqa: PLC0415 - a SQLite file needs nothing of it

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
    """A commit is on disk when it returns, and readers do not wait for the writer."""
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: a reader that turns writer half-way would fail instead of wait."""
    reads = connection.get_execution_options().get("tamdid_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
