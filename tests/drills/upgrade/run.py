"""The drill: a release under a steady load, its databases migrated, each copy replaced by the present version and then by the release again."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from shared.services import SOURCES, WITH_MEMBERS
from tests.drills.upgrade import checks, copies, release
from tests.drills.upgrade.copies import Cluster
from tests.drills.upgrade.load import Figures, SteadyLoad
from tests.drills.upgrade.release import Version
from tests.faults import invariants
from tests.faults.invariants import Databases

RELEASE = release.last()
ORDER = ("capacity", "payment", "renewal", "auth", "bank", "notification", "gateway")
"""Followers before their sources, because only a new one notes what it does not know; a new follower after its sources, because only a new one lets
it read the log; whoever calls services last, because only a new one takes a message's new fields. Back it goes the other way round."""
WARM_UP_SECONDS = 15
QUIESCENCE_SECONDS = 120
POLL_SECONDS = 0.5

ReportLine = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How long and how fast."""

    rate: float = 2
    """Renewals that begin each second."""
    measured_seconds: float = 30
    """With one version alone."""
    hold_seconds: float = 5
    """After each copy, with both versions live."""
    warm_up_seconds: float = WARM_UP_SECONDS
    replaced: Sequence[str] = ORDER
    """The programs that have two copies, which are replaced; the others have one, which stays."""
    logs: Path | None = None
    """The folder for the programs' logs."""


@dataclass
class Step:
    """A part of the drill, the versions that ran at its end, and the requests that began in it."""

    name: str
    live: str
    seconds: float
    figures: Figures


class Time(NamedTuple):
    """When a step was."""

    name: str
    live: str
    began: float
    ended: float


@dataclass
class Report:
    """The steps of a drill and its results."""

    packages: str = ""
    """How those of the release's lock differ from those that it ran with."""
    steps: list[Step] = field(default_factory=list)
    renewals: int = 0
    completed: int = 0
    not_begun: int = 0
    events: dict[str, int] = field(default_factory=dict)
    ended_late: list[str] = field(default_factory=list)
    """Copies that did not end in time, and broke off what they were at."""
    verified: list[str] = field(default_factory=list)
    """What was found in order, in a sentence each."""
    violations: list[str] = field(default_factory=list)

    @property
    def failures(self) -> int:
        return sum(step.figures.failures.total() for step in self.steps)


@dataclass
class Drill:
    """A running drill."""

    plan: Plan
    cluster: Cluster
    load: SteadyLoad
    report: Report
    report_line: ReportLine
    times: list[Time] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.report_line(f"{self.load.measurements.count} requests; {name}")
        began = time.monotonic()
        yield
        self.times.append(Time(name, self.cluster.live, began, time.monotonic()))

    def add_up(self) -> None:
        """The figures of all steps, once their last requests have ended too."""
        for name, live, began, ended in self.times:
            figures = self.load.measurements.between(began, ended)
            self.report.steps.append(Step(name, live, ended - began, figures))

    def replace(self, version: Version, programs: Sequence[str]) -> None:
        """Replace the copies of programs one by one."""
        for program in programs:
            for copy in self.cluster.copies_of(program):
                with self.step(f"{copy.name} → {version.name}"):
                    if copy.replace(version):
                        self.report.ended_late.append(copy.name)
                    time.sleep(self.plan.hold_seconds)

    def measure(self, name: str) -> None:
        with self.step(name):
            time.sleep(self.plan.measured_seconds)


def run(plan: Plan, report_line: ReportLine) -> Report:
    """Run a plan on a cluster of its own."""
    report = Report()
    with release.checked_out(RELEASE) as old, copies.running(old, plan.replaced, report_line) as cluster:
        report.packages = release.lock_differences(old, release.present())
        try:
            with closing(SteadyLoad(cluster.portal, plan.rate)) as load:
                drill = Drill(plan, cluster, load, report, report_line)
                upgrade_and_back(drill, old, release.present())
                with drill.step(f"the last {load.under_way} renewals"):
                    load.finish()
                drill.add_up()
                report_line("checking what is recorded")
                check(drill, old)
        finally:
            if plan.logs is not None:
                cluster.copy_logs(plan.logs)
    return report


def upgrade_and_back(drill: Drill, old: Version, new: Version) -> None:
    """All steps under load."""
    drill.report_line("warming up")
    time.sleep(drill.plan.warm_up_seconds)
    drill.measure("before")
    with drill.step("keys, databases, users and queues"):
        drill.cluster.make_room(new)
    with drill.step("tamdid database upgrade"):
        drill.cluster.run_as_owner(new, "database", "upgrade")
    drill.replace(new, drill.plan.replaced)
    drill.measure("after the upgrade")
    with drill.step("log verify, projections check"):
        verify(drill, old, new)
    drill.replace(old, drill.plan.replaced[::-1])
    drill.measure("after the way back")


def verify(drill: Drill, old: Version, version: Version) -> None:
    """A version that runs beside the old one finds the logs unaltered, and the rows of each replaced service equal to a replay of the logs."""
    replaced = {one for one in drill.plan.replaced if version.has(one)}
    running = dict.fromkeys(drill.cluster.databases, old) | dict.fromkeys(replaced, version)
    logs = [f"--service={one}" for one in SOURCES if one in running and running[one].keeps_log(one)]
    checked = [one for one in WITH_MEMBERS if one in replaced]
    for command in (("log", "verify", *logs), *(("projections", "check", service) for service in checked)):
        violations = list(checks.verified(drill.cluster, version, command))
        drill.report.violations += violations
        if not violations:
            drill.report.verified.append(f"tamdid {' '.join(command)} of version {version.name}")


def check(drill: Drill, old: Version) -> None:
    """Check what is recorded when everything that was begun is applied."""
    report, renewals = drill.report, drill.load.renewals
    # the last event of another log waits for the next upgrade
    published = [source for source in SOURCES if old.keeps_log(source)]
    first = dict.fromkeys(drill.cluster.databases, 1)  # what the version before wrote last
    with closing(Databases(drill.cluster.databases, published, first)) as databases:
        deadline = time.monotonic() + QUIESCENCE_SECONDS
        while databases.list_lags() and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        verify(drill, old, old)
        logs = databases.logs()
        report.events = checks.count_events(logs)
        report.renewals, report.completed = len(renewals), sum(one.is_completed for one in renewals)
        report.not_begun = drill.load.not_begun
        report.violations += chain(
            (
                f"the renewal of {one.member} has stopped: {one.trouble or 'it still waits'}"
                for one in renewals
                if not one.is_completed
            ),
            invariants.violations(databases, renewals),
            checks.logged_errors(drill.cluster),
        )
