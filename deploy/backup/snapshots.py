"""Copies of running SQLite databases that all show one moment, no follower further than its source."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import make_url

from deploy.backup.archive import Advance
from deploy.backup.errors import BackupError
from shared.services import SUBSCRIPTIONS
from shared.settings import Settings

PAGES_AT_ONCE = 256
"""Between two of these steps Ctrl-C is noticed and progress shown."""
BUSY_TIMEOUT_SECONDS = 5


def programs() -> tuple[str, ...]:
    """The programs with a database, each before those that it follows."""
    return tuple(TopologicalSorter(SUBSCRIPTIONS).static_order())


def programs_of(folder: Path, keys: Path) -> tuple[str, ...]:
    """The programs that an instance has run, in that order: each leaves a key and a database, a version before the program came leaves neither."""
    return tuple(one for one in programs() if (keys / f"{one}.pub").exists() or (folder / f"{one}.db").exists())


def databases(settings: Settings) -> dict[str, Path]:
    """The file of each program's database, in the order in which their moments are fixed."""
    files = {}
    for program in programs_of(settings.var, settings.keys_folder) or programs():
        url = make_url(settings.database_of(program))
        if url.get_backend_name() != "sqlite" or not url.database:
            raise BackupError("backup_not_sqlite")
        files[program] = Path(url.database)
        if not files[program].is_file():
            raise BackupError("backup_no_instance", file=files[program])
    return files


@contextmanager
def snapshots(files: Mapping[str, Path]) -> Iterator[dict[str, sqlite3.Connection]]:
    """A connection to each database, in a read transaction: what is committed from now on is in none of them.

    A follower's transaction begins before its source's. What it has applied by then was in the source before.
    """
    with ExitStack() as stack:
        connections = {}
        for program, file in files.items():
            # Not read-only: a database that was not closed cleanly is recovered first, and that writes.
            url = f"file:{quote(str(file.absolute()))}?mode=rw"
            connection = sqlite3.connect(url, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_SECONDS)
            connections[program] = stack.enter_context(closing(connection))
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master")  # the first read fixes the moment
        yield connections


def size_of(connection: sqlite3.Connection) -> int:
    """The bytes of a database."""
    (pages,), (page_bytes,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    return int(pages) * int(page_bytes)


def has_log(snapshot: sqlite3.Connection) -> bool:
    """Whether a database has a log: that of a program which came to keep one later has none before it is migrated."""
    found = snapshot.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'log_head'").fetchone()
    return found is not None


def head_of(snapshot: sqlite3.Connection) -> int:
    """The position of the last event in a database's log."""
    (position,) = snapshot.execute("SELECT position FROM log_head").fetchone()
    return int(position)


def copy(snapshot: sqlite3.Connection, path: Path, advance: Advance) -> None:
    """Copy a database as its open read transaction sees it into a new file."""
    page_bytes = snapshot.execute("PRAGMA page_size").fetchone()[0]
    copied = 0

    def show(_status: int, remaining: int, total: int) -> None:
        nonlocal copied
        advance((total - remaining - copied) * page_bytes)
        copied = total - remaining

    with closing(sqlite3.connect(path, isolation_level=None)) as target:
        snapshot.backup(target, pages=PAGES_AT_ONCE, progress=show)
