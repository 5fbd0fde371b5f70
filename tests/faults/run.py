"""One run: a steady load, faults at random moments, rest, and the promises held against what is there."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.demo.event_logs import SERVICES
from tests.faults import cluster, faults, invariants
from tests.faults.cluster import Cluster
from tests.faults.faults import FAULTS, Fault
from tests.faults.invariants import Books
from tests.faults.load import Load, Renewal
from tests.faults.load import chance as chance_of

QUIET_SECONDS = (1.0, 5.0)
"""Between two faults."""
REST_SECONDS = 150
"""So soon after the last fault everything must be done and at rest."""
LOOK_SECONDS = 0.5

ReportLine = Callable[[str], None]


@dataclass
class Befallen:
    """A fault that happened."""

    at: float
    """Seconds after the first command."""
    name: str
    what: str
    seconds: float


@dataclass
class Report:
    """What was done, and what was found."""

    seed: int
    befallen: list[Befallen] = field(default_factory=list)
    renewals: list[Renewal] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    silence_seconds: float = 0.0
    rest_seconds: float = 0.0
    events: dict[str, int] = field(default_factory=dict)
    restarts: Counter[str] = field(default_factory=Counter)
    gave_up: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """How long, how hard, and by which seed."""

    seconds: float
    seed: int
    at_least: int = 0
    """So many faults happen, however long they take."""
    at_once: int = 4
    kinds: Sequence[Fault] = FAULTS
    quiet_seconds: tuple[float, float] = QUIET_SECONDS
    rest_seconds: float = REST_SECONDS
    logs: Path | None = None
    """Where what the programs said is kept."""


def run(plan: Plan, report_line: ReportLine) -> Report:
    """Carry a plan out on a cluster of its own."""
    report = Report(plan.seed)
    with cluster.running(report_line) as built, closing(Books(built.databases)) as books:
        with closing(Load(built.portal, plan.seed, plan.at_once)) as load:
            befall(plan, built, load, report, report_line)
            report_line("coming to rest")
            come_to_rest(plan, built, books, load, report)
        report.broken += invariants.broken(books, report.renewals)
        report.events = {source: books.head(source) for source in SERVICES}
        report.restarts, report.gave_up = built.supervisor.restarts, built.supervisor.gave_up
        if plan.logs is not None:
            built.keep_logs(plan.logs)
    return report


def befall(plan: Plan, built: Cluster, load: Load, report: Report, report_line: ReportLine) -> None:
    """Faults until the time is over."""
    chance = chance_of(plan.seed)
    draw = faults.shuffled(chance, plan.kinds)
    began = time.monotonic()
    while time.monotonic() - began < plan.seconds or len(report.befallen) < plan.at_least:
        quiet = chance.uniform(*plan.quiet_seconds)
        report_line(f"{load.through} renewals are through; all is quiet for {quiet:.1f} s")
        time.sleep(quiet)
        one = draw()
        report_line(f"{load.through} renewals are through; {one.name}")
        now = time.monotonic() - began
        what = one.happen(built, chance)
        report.befallen.append(Befallen(now, one.name, what, time.monotonic() - began - now))


def come_to_rest(plan: Plan, built: Cluster, books: Books, load: Load, report: Report) -> None:
    """No more faults, and no more new renewals: everything begun is finished, everything followed is heard."""
    began = time.monotonic()
    deadline = began + plan.rest_seconds
    unfinished = load.finish(plan.rest_seconds)
    report.broken += [
        f"the renewal of {one.member} stopped after {len(one.accepted)} commands: {one.trouble or 'it still waits'}"
        for one in unfinished
    ]
    try:
        built.wait_until_ready(max(1.0, deadline - time.monotonic()))
    except TimeoutError as error:
        report.broken.append(str(error))
    while (books.lags() or built.deaf()) and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
    report.broken += built.deaf()
    report.rest_seconds = time.monotonic() - began
    report.renewals, report.seen = load.renewals, load.tally.seen
    report.silence_seconds = load.tally.longest_silence
