"""The `eventsourcing` library doing what our log does, in an environment of its own; speaks as `bench.worker` does.

Runs where nothing of ours is installed, so it imports nothing of ours.
"""

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

PAGE = 500
WITHDRAWN_AT = datetime(2026, 4, 1, 8, 0, tzinfo=UTC).isoformat()


class Renewal(Aggregate):
    """An aggregate whose events carry what ours do."""

    @event("Started")
    def __init__(self, member: str, year: int, at: str) -> None:
        self.member, self.year, self.at = member, year, at

    @event("Withdrawn")
    def withdraw(self, member: str, year: int, at: str) -> None:
        self.member, self.year, self.at = member, year, at


def application(url: str) -> Application:
    """The library's own store on PostgreSQL or on a SQLite file, as it comes."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return Application(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": parts.path})
    return Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": parts.path.lstrip("/"),
            "POSTGRES_HOST": str(parts.hostname),
            "POSTGRES_PORT": str(parts.port),
            "POSTGRES_USER": str(parts.username),
            "POSTGRES_PASSWORD": str(parts.password),
            "POSTGRES_POOL_SIZE": "16",
        }
    )


def save(app: Application, batch: int) -> None:
    """One commit of a new aggregate with so many events."""
    renewal = Renewal("0123456", 1405, WITHDRAWN_AT)
    for _ in range(batch - 1):
        renewal.withdraw("0123456", 1405, WITHDRAWN_AT)
    app.save(renewal)


def appends(url: str, batch: int) -> Callable[[int], list[float]]:
    app = application(url)

    def run(count: int) -> list[float]:
        latencies = []
        for _ in range(count):
            started = perf_counter()
            save(app, batch)
            latencies.append(perf_counter() - started)
        return latencies

    return run


def threads(url: str, writers: int) -> Callable[[int], list[float]]:
    """So many writers at the same time, each with a connection of the library's pool."""
    app = application(url)
    pool = ThreadPoolExecutor(writers)

    def timed(_: int) -> float:
        started = perf_counter()
        save(app, 1)
        return perf_counter() - started

    return lambda count: list(pool.map(timed, range(count)))


def reads(url: str, events: int) -> Callable[[int], None]:
    """Read the log from its start and make events of it: the first half of any rebuild."""
    app = application(url)
    for _ in range(events // PAGE):
        save(app, PAGE)

    def run(count: int) -> None:
        read = 0
        while read < count:
            position = 1
            while page := app.recorder.select_notifications(position, PAGE):
                for notification in page:
                    app.mapper.to_domain_event(notification)
                position = int(page[-1].id) + 1
                read += len(page)
                if read >= count:
                    return

    return run


MAKES: dict[str, Callable[..., Callable[[int], list[float] | None]]] = {
    "appends": appends,
    "threads": threads,
    "reads": reads,
}


def main(make: str, arguments: dict[str, Any]) -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    run = MAKES[make](**arguments)
    print(json.dumps("ready"), file=answers, flush=True)
    for line in sys.stdin:
        started = perf_counter()
        latencies = run(int(line))
        answer = {"count": int(line), "seconds": perf_counter() - started, "latencies": latencies or []}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
