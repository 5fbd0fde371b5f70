"""The revisions (migrations) of a program by their file names, against the one that its database is at; Alembic is not imported for that."""

import logging
import re
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, inspect, text

from shared.event_store.sql.schema import TablesOutOfDate

FORMER_TABLES = {"capacity_rebuilds"}
"""Tables that only programs of 0.1.0 use, which may run beside those of today: they are dropped in a later release."""
VERSION_TABLE = "alembic_version"
ANY_TABLE = "checkpoints"
"""Every program's database has had it from the first version on."""
REVISION = re.compile(r"[0-9]{4}(_from_[0-9]{4})?")
"""The id of each of ours."""
COMMAND = "tamdid database upgrade"

logger = logging.getLogger(__name__)


class MigrationsPending(TablesOutOfDate):
    """The database has to be migrated first, by somebody's decision or as the tables' owner."""


class DatabaseTooNew(TablesOutOfDate):
    """A later version has changed the database in a way that this one can't work with."""


class ForeignDatabase(TablesOutOfDate):
    """The database is under revisions of another product, or of several."""


class State(NamedTuple):
    """Where a database is: its revision (None: under none yet), and the names of those that are to run."""

    current: str | None
    pending: tuple[str, ...]
    is_empty: bool


def names(folder: Path) -> list[str]:
    """The revisions of a program in their order: `r0001_…` is revision 0001."""
    return sorted(file.stem for file in folder.glob("r[0-9]*.py"))


def number(revision: str) -> int:
    """The number of a revision by its name or its id."""
    return int(revision.removeprefix("r")[:4])


def oldest_that_works(revision: str) -> int:
    """`0005_from_0003` works with every program whose newest revision is 0003 or later; a bare `0005` from itself on."""
    return int(revision[-4:])


def state(connection: Connection, folder: Path) -> State:
    """Compare a database with the revisions of this version; one of a later version is accepted where it only adds to this one's.

    Raises `DatabaseTooNew` and `ForeignDatabase`.
    """
    known = names(folder)
    tables = inspect(connection)
    if not tables.has_table(VERSION_TABLE):
        return State(None, tuple(known), is_empty=not tables.has_table(ANY_TABLE))
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars().all()  # noqa: S608 - a constant
    if not found:
        return State(None, tuple(known), is_empty=not tables.has_table(ANY_TABLE))
    database, current = connection.engine.url.database, ", ".join(found)
    if not REVISION.fullmatch(current):
        raise ForeignDatabase(f"{database} is at revision {current}, which is none of this program's")
    newest = number(known[-1])
    if number(current) > newest:
        if oldest_that_works(current) > newest:
            raise DatabaseTooNew(
                f"{database} is at revision {current}; this version knows those up to {newest:04} and can't work with it"
            )
        logger.warning("%s is at revision %s of a later version, which only adds to %04d", database, current, newest)
    return State(current, tuple(name for name in known if number(name) > number(current)), is_empty=False)
