"""The programs' databases: what is to be migrated in each, and migrating them, as their tables' owner where that is another role."""

import warnings
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

warnings.filterwarnings("ignore", "\\s*Eventlet is deprecated")  # see deploy/run.py

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError

from deploy import instance_lock
from deploy.programs import PROGRAMS, OnDemand
from shared.event_store import projection_tables
from shared.event_store.database import Database, is_unavailable
from shared.event_store.migrations import revisions
from shared.event_store.migrations.revisions import COMMAND, MigrationsPending
from shared.event_store.sql import privileges, schema
from shared.nameko_extensions import EventStore
from shared.services import SERVICES
from shared.settings import Settings


def store_of(program: str) -> EventStore:
    """The event store that a program declares."""
    [store] = [declared for declared in vars(PROGRAMS[program]).values() if isinstance(declared, EventStore)]
    return store


STORES = OnDemand(SERVICES, store_of)
"""The event store of each program that has one."""

REACHABLE_SECONDS_MAX = 60
"""As long as a failover may take: a supervisor waits longer each time before it starts an ended program again."""
RETRY_SECONDS = 1

Report = Callable[[str, str], object]
"""Is given a program, and a revision that has run."""


class Found(NamedTuple):
    """A program's database as it is, and whether this user may migrate it."""

    program: str
    state: revisions.State
    may_migrate: bool
    lacks_projections: int | None = None
    """The version of the projections whose tables their owner has to make, as `upgrade` does."""

    @property
    def pending(self) -> tuple[str, ...]:
        """What `upgrade` would do."""
        lacking = () if self.lacks_projections is None else (f"projections of version {self.lacks_projections}",)
        return (*self.state.pending, *lacking)


class DatabaseFailed(Exception):  # noqa: N818 - the name is the state
    """A program's database can't be used: it is not reachable, locked, read-only, of another owner, or no database."""


@contextmanager
def named(program: str) -> Any:
    """The driver's errors within the block, with the program's name."""
    try:
        yield
    except DBAPIError as error:
        raise DatabaseFailed(f"{program}: {str(error.orig).strip()}") from error


def folder_of(program: str) -> Path:
    """Where a program's revisions are."""
    folder = STORES[program].migrations
    if folder is None:
        raise LookupError(program)
    return folder


@contextmanager
def opened(url: str) -> Any:
    """A connection to a database that only reads: a program that runs on it is not held up."""
    database = Database(url)
    try:
        with database.read() as connection:
            yield connection
    finally:
        database.close()


def find(program: str, url: str) -> Found:
    """Look at a database without changing it; raises `DatabaseTooNew` and `DatabaseFailed`."""
    connection: Connection
    if not exists(url):
        return Found(
            program, revisions.State(None, tuple(revisions.names(folder_of(program))), is_empty=True), may_migrate=True
        )
    with named(program), opened(url) as connection:
        state = revisions.state(connection, folder_of(program))
        may_create = schema.may_create(connection)  # perhaps in a schema of its own, where the tables are not
        return Found(
            program, state, may_create if state.is_empty else schema.may_alter(connection, revisions.ANY_TABLE)
        )


def find_when_reachable(program: str, url: str, say: Callable[[str], object]) -> Found:
    """The same; a server that cannot be connected to is tried again for `REACHABLE_SECONDS_MAX`: also for a wrong password, which the driver does not tell apart."""
    until, is_said = monotonic() + REACHABLE_SECONDS_MAX, False
    while True:
        try:
            return find(program, url)
        except DatabaseFailed as error:
            is_server = make_url(url).get_backend_name() != "sqlite"
            if not (is_server and error.__cause__ and is_unavailable(error.__cause__)) or monotonic() > until:
                raise
            if not is_said:
                say(f"{error}; trying again for {REACHABLE_SECONDS_MAX} seconds")
            is_said = True
            sleep(RETRY_SECONDS)


def exists(url: str) -> bool:
    """Whether a database is there; a file would be made by opening it."""
    parsed = make_url(url)
    return parsed.get_backend_name() != "sqlite" or Path(str(parsed.database)).exists()


def owners_url(program: str, settings: Settings) -> str:
    """The URL with which a program's tables are changed: their owner's, or else the program's own."""
    return settings.migration_url.format(program=program) or settings.database_of(program)


def check(programs: Sequence[str], settings: Settings) -> list[Found]:
    """What each database is at, and what is to run; also the projections' tables, where they have an owner of their own."""
    found = [find(program, owners_url(program, settings)) for program in programs]
    if not settings.migration_url:
        return found
    return [one._replace(lacks_projections=projections_lacking(one, settings)) for one in found]


def projections_lacking(found: Found, settings: Settings) -> int | None:
    """The declared version of a program's projections where tables of it are missing; an empty database only lacks its revisions."""
    projections = STORES[found.program].projections
    tables = [table for table in projections.sorted_tables if not privileges.is_replaced(table)]
    version = schema.version_of(projections)
    if found.state.is_empty:
        return None
    with named(found.program), opened(owners_url(found.program, settings)) as connection:
        existing = schema.existing_columns(connection, tables, schema.of_projections(version))
    return version if schema.columns_lacking(tables, existing) else None


def prepare(programs: Sequence[str], settings: Settings, say: Callable[[str], object]) -> None:
    """At the start of programs: set up empty databases, and migrate others where `migrate_at_start` says so.

    Raises `MigrationsPending`, which names the revisions and the command, and `DatabaseFailed`.
    """
    for program in STORES:
        if program not in programs:
            continue
        found = find_when_reachable(program, settings.database_of(program), say)
        if not found.state.pending:
            continue
        may_run = found.may_migrate and (found.state.is_empty or settings.migrate_at_start)
        if not may_run:
            raise MigrationsPending(
                f"{program}: the database is to be migrated first ({', '.join(found.state.pending)}); run `{COMMAND} {program}`"
            )
        if not found.state.is_empty:
            say(f"{program}: migrating the database: {', '.join(found.state.pending)}")
        migrate(program, settings.database_of(program))


def migrate(program: str, url: str, report: Callable[[str], object] = lambda _: None) -> None:
    """Run what is pending in one database, and report each name."""
    from shared.event_store.migrations import runner  # noqa: PLC0415 - Alembic is slow to load, and mostly not needed

    with named(program):
        runner.upgrade(url, folder_of(program), report)


def upgrade(programs: Sequence[str], settings: Settings, report: Report, *, contracts: bool = False) -> None:
    """Migrate databases. Where the tables have an owner of their own, create projections too, and grant the program's role what it needs.

    With `contracts`, drop what only other versions of the projections use.

    Raises `TablesOutOfDate` and `DatabaseFailed`, and `InUse` where programs run on the files.
    """
    if not settings.migration_url:
        instance_lock.acquire_to_run(settings, alone=True)
    for program in programs:
        url = owners_url(program, settings)
        migrate(program, url, partial(report, program))
        if settings.migration_url:
            with named(program):
                grant(program, url, make_url(settings.database_of(program)).username or program)
        if contracts:
            with named(program):
                contract(program, url, partial(report, program))


def contract(program: str, url: str, report: Callable[[str], object]) -> None:
    """Drop the tables of all other versions of a program's projections, and report each version."""
    database = Database(url)
    try:
        for version in projection_tables.drop_others(database, STORES[program].projections):
            report(f"projections of version {version} dropped")
    finally:
        database.close()


def grant(program: str, url: str, role: str) -> None:
    """What the owner does after the migration, again at each run."""
    database, store = Database(url), STORES[program]
    try:
        privileges.create_tables_for(
            database.engine,
            role,
            store.tables,
            [store.projections],
            {revisions.VERSION_TABLE: "SELECT", **dict.fromkeys(revisions.FORMER_TABLES, privileges.ANY_ROWS)},
        )
    finally:
        database.close()
