"""One run: a steady load, faults at random moments, quiescence, then the invariants on what is stored."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy.exc import DBAPIError

from shared.services import SOURCES
from tests.faults import cluster, faults, invariants
from tests.faults.faults import FAULTS, Fault
from tests.faults.invariants import Databases
from tests.faults.load import Load, Renewal, seeded_rng

QUIET_SECONDS = (1.0, 5.0)
"""Between two faults."""
QUIESCENCE_SECONDS = 150
"""The time from the last fault within which everything must be done."""
POLL_SECONDS = 0.5

BACK_SECONDS_MAX = 120
"""Within which pages and lanes must be back after a fault."""

ReportLine = Callable[[str], None]


class Target(Protocol):
    """What faults are injected into: processes behind proxies, or a cluster of containers."""

    portal: str
    databases: dict[str, str]

    @property
    def restarts(self) -> Counter[str]:
        """How often each program was started again."""

    @property
    def crashes(self) -> Counter[str]:
        """How often it was for no fault."""

    def is_whole(self, part: str) -> bool:
        """Whether a part may be hit again."""

    def page_answers(self) -> bool:
        """Whether a page comes."""

    def queues_without_consumers(self) -> list[str]:
        """Queues that not every copy consumes."""

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until everything runs; raises `TimeoutError`."""

    def copy_logs(self, folder: Path) -> None:
        """Copy the programs' logs."""


@dataclass
class InjectedFault:
    """A fault that was injected."""

    at: float
    """Seconds after the first command."""
    name: str
    what: str
    seconds: float
    back_seconds: float = 0.0
    """From its end until a page answers and all lanes have applied what was recorded by then."""
    silence_seconds: float = 0.0
    """The longest time without an answered command, from its beginning until then."""


@dataclass
class Report:
    """The faults of a run and its results."""

    seed: int
    injected: list[InjectedFault] = field(default_factory=list)
    renewals: list[Renewal] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    silence_seconds: float = 0.0
    quiescence_seconds: float = 0.0
    events: dict[str, int] = field(default_factory=dict)
    restarts: Counter[str] = field(default_factory=Counter)
    crashes: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """The duration, load and seed of a run."""

    seconds: float
    seed: int
    at_least: int = 0
    """So many faults are injected, however long they take."""
    at_once: int = 4
    kinds: Sequence[Fault] = FAULTS
    build: Callable[[ReportLine], AbstractContextManager[Target]] = cluster.running
    waits_until_back: bool = False
    """Whether the next fault waits until pages and lanes are back, and this is measured."""
    quiet_seconds: tuple[float, float] = QUIET_SECONDS
    quiescence_seconds: float = QUIESCENCE_SECONDS
    logs: Path | None = None
    """The folder for the programs' logs."""


def run(plan: Plan, report_line: ReportLine) -> Report:
    """Run a plan on a cluster of its own."""
    report = Report(plan.seed)
    with plan.build(report_line) as built, closing(Databases(built.databases)) as databases:
        with closing(Load(built.portal, plan.seed, plan.at_once)) as load:
            inject_faults(plan, built, databases, load, report, report_line)
            report_line("waiting for quiescence")
            wait_for_quiescence(plan, built, databases, load, report)
        report.violations += invariants.violations(databases, report.renewals)
        report.events = {source: databases.head(source) for source in SOURCES}
        report.restarts, report.crashes = built.restarts, built.crashes
        if plan.logs is not None:
            built.copy_logs(plan.logs)
    return report


def inject_faults(  # noqa: PLR0913 - what a run has
    plan: Plan, built: Target, databases: Databases, load: Load, report: Report, report_line: ReportLine
) -> None:
    """Inject faults until the time is over."""
    rng = seeded_rng(plan.seed)
    draw = faults.shuffled(rng, plan.kinds, built.is_whole)
    began = time.monotonic()
    while time.monotonic() - began < plan.seconds or len(report.injected) < plan.at_least:
        quiet = rng.uniform(*plan.quiet_seconds)
        report_line(f"{load.completed} renewals are completed; no fault for {quiet:.1f} s")
        time.sleep(quiet)
        if (one := draw()) is None:
            continue
        report_line(f"{load.completed} renewals are completed; {one.name}")
        now = time.monotonic() - began
        load.tally.begin_silence()
        what = one.inject(built, rng)
        fault = InjectedFault(now, one.name, what, time.monotonic() - began - now)
        report.injected.append(fault)
        if plan.waits_until_back:
            fault.back_seconds = seconds_until_back(built, databases)
            fault.silence_seconds = load.tally.silence
            report_line(f"{one.name}: {what}; back after {fault.back_seconds:.1f} s")
            if fault.back_seconds >= BACK_SECONDS_MAX:
                report.violations.append(f"pages or lanes are not back {BACK_SECONDS_MAX} s after: {one.name}, {what}")


def seconds_until_back(built: Target, databases: Databases) -> float:
    """Wait until a page answers and every lane has applied what was recorded by then; at most `BACK_SECONDS_MAX`."""
    began, heads = time.monotonic(), dict[str, int]()
    while (waited := time.monotonic() - began) < BACK_SECONDS_MAX:
        with suppress(DBAPIError):
            if built.page_answers():
                heads = heads or databases.heads()
                if not databases.list_lags(heads):
                    break
        time.sleep(POLL_SECONDS)
    return waited


def wait_for_quiescence(plan: Plan, built: Target, databases: Databases, load: Load, report: Report) -> None:
    """Wait without faults and new renewals until everything begun is finished and every event is applied."""
    began = time.monotonic()
    deadline = began + plan.quiescence_seconds
    unfinished = load.finish(plan.quiescence_seconds)
    report.violations += [
        f"the renewal of {one.member} stopped after {len(one.accepted)} commands: {one.trouble or 'it still waits'}"
        for one in unfinished
    ]
    try:
        built.wait_until_ready(max(1.0, deadline - time.monotonic()))
    except TimeoutError as error:
        report.violations.append(str(error))
    while (databases.list_lags() or built.queues_without_consumers()) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    report.violations += built.queues_without_consumers()
    report.quiescence_seconds = time.monotonic() - began
    report.renewals, report.seen = load.renewals, load.tally.seen
    report.silence_seconds = load.tally.longest_silence
