"""Two copies of the program on one PostgreSQL database, whose transactions come between each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from time import monotonic
from typing import TypeVar

from sqlalchemy import Connection, text

from shared.event_store.database import Database

T = TypeVar("T")
SECONDS_MAX = 20
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def interleaved(url: str, first: Callable[[Connection], object], second: Callable[[Connection], T]) -> T:
    """What the second returns whose transaction begins before that of the first is committed, and waits for it."""
    with closing(Database(url)) as one, closing(Database(url)) as other, ThreadPoolExecutor(1) as thread:
        with one.engine.begin() as connection:
            first(connection)
            found = thread.submit(other.write, second)
            deadline = monotonic() + SECONDS_MAX
            while not found.done() and not connection.execute(WAITING).scalar():
                assert monotonic() < deadline, "the second neither ends nor waits"
        return found.result(SECONDS_MAX)
