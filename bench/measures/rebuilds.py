"""Goal 7: capacity rebuilt from its sources' logs."""

from collections.abc import Iterator, Mapping
from typing import Any

from bench.environment import Environment
from bench.findings import Finding, ratio_findings
from bench.implementations import member_histories
from bench.runner import Side, compare

SIDES = "bench.implementations.rebuilds"
MEMBERS, QUICK_MEMBERS = 50_000, 5_000
FEW = 10
"""How many times fewer events the comparison of memory has."""
PEER = "eventsourcing reading alone"


def rebuild(environment: Environment) -> Iterator[Finding]:
    for kind, raw in (("postgresql", "raw cursor, dict, COPY"), ("sqlite", "raw cursor, dict, executemany")):
        yield from rebuild_on(environment, kind, raw)


def rebuild_on(environment: Environment, kind: str, raw: str) -> Iterator[Finding]:
    """A round is a whole rebuild of all events."""
    members = QUICK_MEMBERS if environment.quick else MEMBERS
    events = members * member_histories.EVENTS_A_MEMBER
    sources = filled(environment, kind, members)
    outcome = compare(
        environment,
        [
            rebuilding(environment, "ours", kind, sources),
            Side(raw, f"{SIDES}:raw_{kind}", {"url": environment.database_url(kind), "sources": sources}),
            Side(PEER, "reads", {"url": environment.database_url(kind), "events": events}, program=environment.peer),
        ],
        count=events,
    )
    what = f"rebuild of {events:,} events, {kind}"
    yield from ratio_findings(outcome, "7", what, {raw: 0.5, PEER: 1})
    fewer = filled(environment, kind, members // FEW)
    small = compare(environment, [rebuilding(environment, "ours", kind, fewer)], count=events // FEW, rounds=1)
    growth = outcome.peak_mb("ours") / small.peak_mb("ours")
    figures = {"peak_mb": {"all": outcome.peak_mb("ours"), f"a {FEW}th": small.peak_mb("ours")}}
    yield Finding("7", f"{what}: peak memory / that of a {FEW}th of them", growth, "×", at_most=1.2, figures=figures)


def rebuilding(environment: Environment, name: str, kind: str, sources: Mapping[str, str]) -> Side:
    return Side(name, f"{SIDES}:ours", {"url": environment.database_url(kind), "sources": dict(sources)})


def filled(environment: Environment, kind: str, members: int) -> dict[str, Any]:
    """The sources' logs of so many members."""
    urls = {source: environment.database_url(kind) for source in member_histories.SOURCES}
    member_histories.write(urls, members)
    return urls
