"""The measures by name, in the order of the goals."""

from collections.abc import Callable, Iterator, Mapping

from bench.environment import Environment
from bench.findings import Finding
from bench.measures import (
    appends,
    calls,
    desks,
    follows,
    growth,
    overhead,
    pages,
    portal_renewals,
    rebuilds,
    relays,
    renewals,
    seals,
    starts,
)

Measure = Callable[[Environment], Iterator[Finding]]
MEASURES: Mapping[str, Measure] = {
    "append": appends.one_on_postgresql,
    "threads": appends.green_threads,
    "bulk": appends.many_on_postgresql,
    "sqlite": appends.on_sqlite,
    "relay": relays.relay,
    "follow": follows.follow,
    "rebuild": rebuilds.rebuild,
    "rpc": calls.calls,
    "renewals": renewals.renewals,
    "growth": growth.growth,
    "pages": pages.pages,
    "start": starts.starts,
    "seals": seals.seals,
    "desk": desks.desks,
    "portal": portal_renewals.portal_renewals,
    "overhead": overhead.overhead,
}
