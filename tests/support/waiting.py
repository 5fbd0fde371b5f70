"""Concurrent transactions in tests: one that waits for another's lock, as PostgreSQL reports."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, text

from shared.event_store.database import Database

PATIENCE_SECONDS = 20
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")

T = TypeVar("T")


@contextmanager
def behind(first: Database, act: Callable[[Connection], object], second: Callable[[], T]) -> Iterator[Future[T]]:
    """Run `act` in a transaction that commits only when `second`, run by another copy, waits for it; then run the block."""
    with ThreadPoolExecutor(1) as pool:
        with first.engine.begin() as connection:
            act(connection)
            outcome = pool.submit(second)
            until_waiting(first)
        yield outcome


def until_waiting(database: Database) -> None:
    """Wait until some session of the database waits for another's lock."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    with database.read() as connection:
        while connection.execute(WAITING).scalar_one() == 0:
            assert time.monotonic() < give_up, "nobody waits"
