"""Goal 19: a whole renewal through the pages, by a member's and a manager's browser: its CPU over all programs and its RPCs, by page."""

import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from statistics import median

import httpx

from bench.environment import Environment
from bench.findings import Finding
from deploy import demonstration
from tests.demo import users
from tests.demo.steps import Scenario, steps
from tests.support.servers import instance
from tests.support.servers.free_ports import free_ports
from tests.support.servers.instance import Instance

WARM_UP = 3
RENEWALS, QUICK_RENEWALS = 15, 5
QUIET_SECONDS, QUIET_SHARE, QUIET_WAITS_MAX = 0.03, 0.1, 40
"""A page has had its effects once the programs leave so much of the processor unused; but it is not waited for longer."""
CPU_MS_MAX = {"standalone": 200, "distributed": 350}
CALLS = re.compile(r"^tamdid_command_duration_seconds_count\{.*\} ([\d.e+]+)$", re.MULTILINE)
NAMED = re.compile(r"[^/]*\d[^/]*")
"""What of a path is not the same in each renewal."""


def portal_renewals(environment: Environment) -> Iterator[Finding]:
    (health,) = free_ports(1)
    with instance.standalone(TAMDID_HEALTH_PORT=str(health)) as running:
        yield from measured(environment, running, "standalone", [f"http://127.0.0.1:{health}/metrics"])
    with instance.distributed(environment.rabbitmq, environment.postgres) as running:
        pages = [f"http://127.0.0.1:{one.environment['TAMDID_HEALTH_PORT']}/metrics" for one in running.processes]
        yield from measured(environment, running, "distributed", pages)


class Meter:
    """The CPU and the RPCs of some programs, by the page that was requested before."""

    def __init__(self, pids: Sequence[int], metrics: Sequence[str]) -> None:
        self.pids, self.metrics = pids, metrics
        self.http = httpx.Client(trust_env=False)
        self.cpu_ms: dict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()

    def begin(self) -> None:
        """Count from now on."""
        self._wait_for_quiet()
        self._called_before = self._called()
        self._spent_before = self._spent_ms()

    def note(self, response: httpx.Response) -> None:
        """Count for an answered request, and all that follows from it, what was used since the one before."""
        page = f"{response.request.method} {NAMED.sub('…', response.request.url.path)}"
        self._wait_for_quiet()
        self.cpu_ms[page] += self._spent_ms() - self._spent_before
        self.calls[page] += (called := self._called()) - self._called_before
        self.requests[page] += 1
        self._called_before, self._spent_before = called, self._spent_ms()

    def _spent_ms(self) -> float:
        return 1000 * sum(time.clock_gettime(~pid << 3 | 2) for pid in self.pids)  # Linux' clock of a process's CPU

    def _called(self) -> int:
        return sum(int(float(count)) for url in self.metrics for count in CALLS.findall(self.http.get(url).text))

    def _wait_for_quiet(self) -> None:
        for _ in range(QUIET_WAITS_MAX):
            before = self._spent_ms()
            time.sleep(QUIET_SECONDS)
            if self._spent_ms() - before < 1000 * QUIET_SECONDS * QUIET_SHARE:
                return


def measured(environment: Environment, running: Instance, on: str, metrics: Sequence[str]) -> Iterator[Finding]:
    """The median renewal; by page the mean of all."""
    pids = [int(process.pid_file.read_text()) for process in running.processes]
    count = QUICK_RENEWALS if environment.quick else RENEWALS
    with closing(demonstration.signed_in(running.portal, "admin", demonstration.admin_password())) as admin:
        persons = [users.newcomer(admin) for _ in range(WARM_UP + count)]
    for person in persons[:WARM_UP]:
        renew(running.portal, person, Meter(pids, metrics))
    meters = [Meter(pids, metrics) for _ in range(count)]
    with environment.progress.step(count) as advance:
        for person, meter in zip(persons[WARM_UP:], meters, strict=True):
            renew(running.portal, person, meter)
            advance()
    pages = {
        page: {
            "ms": round(sum(one.cpu_ms[page] for one in meters) / count, 2),
            "RPCs": round(sum(one.calls[page] for one in meters) / count, 2),
        }
        for page in meters[0].requests
    }
    what = f"CPU of a whole renewal through the pages, {on}"
    cpu_ms = median(sum(one.cpu_ms.values()) for one in meters)
    yield Finding("19", what, cpu_ms, "ms", at_most=CPU_MS_MAX[on], figures={on: pages})
    calls, requests = (median(found.total() for found in kind) for kind in
                       ((one.calls for one in meters), (one.requests for one in meters)))  # fmt: skip
    yield Finding("19", f"RPCs of a whole renewal through the pages, {on}", calls, "")
    yield Finding("19", f"requests of a whole renewal through the pages, {on}", requests, "")


def renew(portal: str, person: users.Person, meter: Meter) -> None:
    """All steps of the demo, in two browsers that know nothing yet."""
    scenario = Scenario(portal, person, users.officer("manager"))
    for browser in (scenario.members_browser, scenario.managers_browser):
        browser.on_answer(meter.note)
    meter.begin()
    for step in steps():
        step.do(scenario)
    scenario.close()
