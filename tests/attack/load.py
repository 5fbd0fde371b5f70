"""Strangers' load against a running instance: how pages are answered meanwhile, and what the load brings about."""

import http.client
import json
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from deploy import demonstration
from tests.demo import steps, users
from tests.demo.__main__ import SESSION_COOKIE
from tests.demo.steps import Scenario
from tests.journeys import driver
from tests.support.servers import instance

PAGE_SECONDS_MAX = 0.5
"""At the 95th percentile, under each load."""
PAGES = ("/", "/member")
ANSWER_SECONDS = 60
EVERY_SECONDS = 0.1
LOADS = {
    "phrases": "60 clients ask for security phrases and their sounds",
    "drips": "500 connections send a byte every 12 s",
    "callbacks": "one payment's callback comes 1,000 times",
    "forgeries": "1,000 callbacks come of payments that there are not",
    "sign-ins": "20 sign-ins a second hash a password",
}


class Row(NamedTuple):
    """A line of the report: what was tried, whether it was held off, and what was seen."""

    tried: str
    held: bool
    seen: str


@dataclass
class Load:
    """The pages of a signed-in member, loaded one after another while a load runs."""

    statuses: dict[str, int] = field(default_factory=dict)
    failures: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    unanswered: int = 0

    @property
    def p95(self) -> float:
        """Of pages wanted each tenth of a second: those that would have waited behind a slow one count too."""
        waits = [
            latency - EVERY_SECONDS * missed
            for latency in self.latencies
            for missed in range(1 + int(latency / EVERY_SECONDS))
        ]
        return sorted(waits)[int(0.95 * len(waits))]

    def seen(self, alone: "Load") -> str:
        answered = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        return (
            f"pages p95 {1000 * self.p95:.0f} ms, {self.p95 / alone.p95:.1f} × alone; "
            f"{self.unanswered} of {len(self.latencies)} unanswered {dict(self.failures)}; strangers got {answered}"
        )


def pages_alone(portal: str, session: str, count: int = 100) -> Load:
    load = Load()
    for number in range(count):
        load_page(portal, PAGES[number % len(PAGES)], session, load)
    return load


def pages_under(portal: str, session: str, kind: str, seconds: float, *arguments: str) -> Load:
    """Load pages until a load of strangers ends."""
    load = Load()
    with strangers(kind, portal, seconds, *arguments) as process:
        number = 0
        while process.poll() is None or not load.latencies:
            load_page(portal, PAGES[number % len(PAGES)], session, load)
            number += 1
            time.sleep(0.02)
        assert process.stdout is not None
        load.statuses = json.loads(process.stdout.read())
    return load


@contextmanager
def strangers(kind: str, portal: str, seconds: float, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.attack.strangers", kind, portal, str(seconds), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def load_page(portal: str, path: str, session: str, load: Load) -> None:
    """Load a page on a connection of its own, as whoever comes new needs one."""
    address = urlsplit(portal)
    started = time.perf_counter()
    browser = http.client.HTTPConnection(address.hostname or "", address.port, timeout=ANSWER_SECONDS)
    with closing(browser):
        try:
            browser.request("GET", path, headers={"Cookie": f"{SESSION_COOKIE}={session}"})
            response = browser.getresponse()
            response.read()
            status = response.status
        except (OSError, http.client.HTTPException):
            status = 0
    load.latencies.append(time.perf_counter() - started)
    if status != http.client.OK:
        load.unanswered += 1
        load.failures[status] += 1


@dataclass(frozen=True)
class Target:
    """A running instance that is nobody else's, and a member who has gone to the bank."""

    running: instance.Instance
    scenario: Scenario

    @property
    def session(self) -> str:
        return self.scenario.members_browser.cookie(SESSION_COOKIE)

    @property
    def authority(self) -> str:
        return self.scenario.members_browser.address.rsplit("/", 1)[-1]

    def arguments(self, kind: str) -> list[str]:
        """What a load needs to know: the key of the attempt, or who can sign in."""
        members = [(row["membership_no"], row["national_code"]) for row in demonstration.rows("register.csv")]
        return {"callbacks": [self.authority], "sign-ins": [json.dumps(members)]}.get(kind, [])

    def count(self, program: str, query: str, *values: str) -> int:
        """A number from the database of a program."""
        with closing(sqlite3.connect(self.running.var / f"{program}.db", timeout=ANSWER_SECONDS)) as database:
            return int(database.execute(query, values).fetchone()[0])

    @property
    def exchanges(self) -> int:
        """How many questions to the bank about the attempt are on record."""
        return self.count("payment", "SELECT count(*) FROM bank_exchanges WHERE authority = ?", self.authority)


@contextmanager
def target(**settings: str) -> Iterator[Target]:
    """A standalone instance that nobody has to solve a phrase for, so that sign-ins only hash."""
    with instance.standalone(TAMDID_CHALLENGE="never", **settings) as running:
        with closing(demonstration.signed_in(running.portal, "admin", demonstration.admin_password())) as admin:
            scenario = Scenario(running.portal, users.newcomer(admin), users.officer("manager"))
        with closing(scenario):
            driver.until(scenario, steps.go_to_bank)
            yield Target(running, scenario)


def attacks(goal: Target, seconds: float, kinds: Sequence[str] = tuple(LOADS)) -> Iterator[Row]:
    """These loads of strangers, one after another."""
    alone = pages_alone(goal.running.portal, goal.session)
    for kind in kinds:
        before = goal.exchanges
        load = pages_under(goal.running.portal, goal.session, kind, seconds, *goal.arguments(kind))
        held = load.unanswered == 0 and load.p95 <= PAGE_SECONDS_MAX
        inquiries = f"; the bank was asked {goal.exchanges - before} times" if kind == "callbacks" else ""
        yield Row(LOADS[kind], held, load.seen(alone) + inquiries)


def main(seconds: str = "20", *kinds: str) -> int:
    with target() as goal:
        for row in attacks(goal, float(seconds), kinds or tuple(LOADS)):
            print("held" if row.held else "NOT HELD", "|", row.tried, "|", row.seen, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
