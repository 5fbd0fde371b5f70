"""Our own sides on logs that have grown already: the same work, with so many events behind it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import insert

from bench.implementations import appends, follows, sample_logs
from bench.implementations.relays import SOURCE, TYPE
from shared.contract.seal import GENESIS
from shared.subscriptions.checkpoints import CHECKPOINTS

ROWS_AT_ONCE = 5_000


@contextmanager
def appending(url: str, batch: int, events: int) -> Iterator[Callable[[int], list[float]]]:
    """Append to a log that has so many events."""
    with sample_logs.log_in(url) as (database, log):
        sample_logs.fill(database, log, events)
    with appends.ours(url, batch) as run:
        yield run


@contextmanager
def following(url: str, broker_url: str, events: int) -> Iterator[Any]:
    """Follow a log of which so many events are in the view."""
    with follows.ours(url, broker_url) as run:
        database = run.subscription.follower.database

        def rows(connection: Any) -> None:
            for first in range(1, events + 1, ROWS_AT_ONCE):
                last = min(first + ROWS_AT_ONCE - 1, events)
                connection.execute(insert(follows.ROWS), [row(position) for position in range(first, last + 1)])
            connection.execute(insert(CHECKPOINTS), {"source": SOURCE, "position": events, "chain": GENESIS})

        database.write(rows)
        run.source.head = events
        yield run


def row(position: int) -> dict[str, object]:
    """A row of the view as it was written long ago."""
    data = sample_logs.fact().model_dump_json()
    return {"position": position, "stream": f"renewal/{position}", "type": TYPE, "data": data}
