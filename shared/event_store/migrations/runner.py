"""The runner of migrations: each in a transaction of its own, one runner at a time, and never long in the way of readers."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationInfo
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from shared.event_store.migrations import revisions
from shared.event_store.sql import engines
from shared.event_store.sql.schema import TablesOutOfDate, columns_lacking, existing_columns

RUNNER_LOCK = 1408
"""PostgreSQL's advisory lock, any number: while migrations run."""
LOCK_TIMEOUT = "2s"
"""How long a statement may wait for a table, and all that come after it behind it; then the revision is tried again."""
TRIES_MAX = 30
PAUSE_SECONDS = 1.0
FIRST = "0001"


class LockNotFree(TablesOutOfDate):
    """A table was in use by others at every try."""


def engine_for(url: str) -> Engine:
    """An engine without the programs' limit on one statement: an index on a large table takes as long as it takes.

    The server ends the session of a runner that is lost, or the programs would wait for its locks.
    """
    if url.startswith("sqlite"):
        return engines.connect(url)
    from shared.event_store.sql import postgres  # noqa: PLC0415 - SQLite runs without psycopg

    return create_engine(
        postgres.to_primary(url), hide_parameters=True, poolclass=NullPool, connect_args=postgres.SETTINGS
    )


def config_for(folder: Path, **attributes: Any) -> Config:
    """Alembic's configuration for a program's folder of revisions."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("version_locations", str(folder))
    config.set_main_option("path_separator", "os")
    config.attributes.update(attributes)
    return config


def upgrade(
    url: str, folder: Path, report: Callable[[str], object], sleep: Callable[[float], None] = time.sleep
) -> None:
    """Run what is pending, and report each revision's name when it has run.

    It may be interrupted at any time: the revision that runs is undone, those before it stay. Raises `TablesOutOfDate`.
    """
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            take_turn(connection)
            if pending := pending_after_adoption(connection, folder):
                run(connection, folder, dict(zip(map(revisions.number, pending), pending, strict=True)), report, sleep)
    finally:
        engine.dispose()


def take_turn(connection: Connection) -> None:
    """Wait until no other runner is at this database; a SQLite file's own lock excludes the other."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_lock({RUNNER_LOCK})"))
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()


def pending_after_adoption(connection: Connection, folder: Path) -> Sequence[str]:
    """The names of what is to run. A database of 0.1.0, which had no migrations, counts as at revision 0001 when it has all of its tables."""
    found = revisions.state(connection, folder)
    connection.commit()
    if found.current is not None or found.is_empty:
        return found.pending
    config = config_for(folder, connection=connection)
    first: Any = ScriptDirectory.from_config(config).get_revision(FIRST).module
    tables: MetaData = first.TABLES
    lacking = columns_lacking(tables.sorted_tables, existing_columns(connection, tables.sorted_tables))
    connection.commit()
    if lacking:
        raise TablesOutOfDate(
            f"{connection.engine.url.database} is no whole database of 0.1.0, and under no revision; it lacks {', '.join(lacking)}"
        )
    command.stamp(config, FIRST)
    return found.pending[1:]


def run(
    connection: Connection,
    folder: Path,
    names: Mapping[int, str],
    report: Callable[[str], object],
    sleep: Callable[[float], None],
) -> None:
    """Run revisions, each in a transaction, and again from the one on whose tables others held too long."""

    def has_run(*, step: MigrationInfo, **_: object) -> None:
        report(names[revisions.number(str(step.up_revision_id))])

    config = config_for(folder, connection=connection, on_version_apply=has_run)
    for tries_left in reversed(range(TRIES_MAX)):
        try:
            return command.upgrade(config, "head")
        except CommandError as error:  # it is at no revision of ours, though it has such a number
            raise revisions.ForeignDatabase(f"{connection.engine.url.database}: {error}") from error
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") not in (engines.LOCK_HELD, engines.DEADLOCK):
                raise
            connection.rollback()
            if not tries_left:
                raise LockNotFree(
                    f"{connection.engine.url.database}: others held its tables at each of {TRIES_MAX} tries; try again later"
                ) from error
            sleep(PAUSE_SECONDS)
    return None
