"""Goals 1 to 4: appending, on PostgreSQL and SQLite, one event and a hundred a commit, one writer and sixteen."""

from collections.abc import Iterator
from typing import Any

from bench.environment import Environment
from bench.findings import Finding, ratio_findings
from bench.runner import Side, compare

WRITERS = 16
MANY = 100
SIDES = "bench.implementations.appends"


def one_on_postgresql(environment: Environment) -> Iterator[Finding]:
    yield from against_raw_and_peer(environment, "1", "postgresql", 1, (0.7, 3))


def many_on_postgresql(environment: Environment) -> Iterator[Finding]:
    yield from against_raw_and_peer(environment, "3", "postgresql", MANY, (0.7, 4))


def on_sqlite(environment: Environment) -> Iterator[Finding]:
    yield from against_raw_and_peer(environment, "4", "sqlite", 1, (0.7, 1.1))
    yield from against_raw_and_peer(environment, "4", "sqlite", MANY, (0.8, 3))


def against_raw_and_peer(
    environment: Environment, goal: str, kind: str, batch: int, bounds: tuple[float, float]
) -> Iterator[Finding]:
    """One writer, with so many events a commit."""
    raw, peer = "raw driver", "eventsourcing"

    def arguments() -> dict[str, Any]:
        return {"url": environment.database_url(kind), "batch": batch}

    outcome = compare(
        environment,
        [
            Side("ours", f"{SIDES}:ours", arguments(), each=batch),
            Side(raw, f"{SIDES}:raw_{kind}", arguments(), each=batch),
            Side(peer, "appends", arguments(), program=environment.peer, each=batch),
        ],
    )
    what = f"append, {batch} a commit, {kind}"
    yield from ratio_findings(outcome, goal, what, {raw: bounds[0], peer: bounds[1]})


def green_threads(environment: Environment) -> Iterator[Finding]:
    """Sixteen writers: ours in one process, the limits in sixteen, the peer's in sixteen threads."""
    unordered, counter, peer = "unordered rows, 16 processes", "counter row, 16 processes", "eventsourcing, 16 threads"
    writers = {"writers": WRITERS}
    outcome = compare(
        environment,
        [
            Side("ours", f"{SIDES}:green_threads", {"url": environment.postgres_url(), **writers}, green=True),
            Side(unordered, f"{SIDES}:processes", {"url": environment.postgres_url(), "ordered": False, **writers}),
            Side(counter, f"{SIDES}:processes", {"url": environment.postgres_url(), "ordered": True, **writers}),
            Side(peer, "threads", {"url": environment.postgres_url(), **writers}, program=environment.peer),
        ],
    )
    what = "append, 16 writers, 1 a commit, postgresql"
    yield from ratio_findings(outcome, "2", what, {unordered: 1.3, counter: None, peer: 12})
