"""A run of the fuzz: seeded cases against one private instance, the pages that others read in between, and its logs at the end."""

import itertools
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from shared.contract.operations import queries
from shared.services import FOLLOWERS
from tests.fuzz import checks, leaks, raw_http
from tests.fuzz.requests import bank, case, endpoints, forms, tokens
from tests.fuzz.requests.case import CALLERS, Case
from tests.fuzz.requests.placeholders import Filling
from tests.fuzz.users import STATES, Cast
from tests.support import system
from tests.support.servers import instance

BEHIND_A_PROXY = {"TAMDID_TRUSTED_PROXIES": "1"}
"""Each case comes from an address of its own: failed sign-ins must not shut everybody out who is seeded later."""
BATCH = 200
"""Cases between two looks at the pages that everybody reads."""
AT_AN_ENDPOINT = 4
"""Cases in a row to one endpoint."""
SHUT = frozenset({401, 403})
ROUNDS_OF_THE_SHUT = 4
BATCHES_OF_A_CAST = 10
READ_AT_A_LOOK = 60
LOG_LINES_SHOWN = 12
SAMPLE_MAX = 3


@dataclass(frozen=True)
class Failure:
    """A case that failed, what was wrong, the request as it can be typed, and what the program said at that moment."""

    case: Case
    what: str
    curl: str
    said: str
    is_of_a_page: bool = False
    """Whether it is a page that was opened in between, and so what an earlier case has left behind."""

    def __str__(self) -> str:
        later = " on a page that others read" if self.is_of_a_page else ""
        return f"{self.what}{later}: {self.case.who} {self.case.endpoint}\n{self.curl}\n{self.said}"


@dataclass
class Report:
    """What came of a run."""

    seed: int
    played: int = 0
    seconds: float = 0.0
    counts: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    """Answers by endpoint, role and status."""
    failures: list[Failure] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    """Lines of logs and fields of events with typed words."""

    @property
    def is_green(self) -> bool:
        return not self.failures and not self.leaks


class Fuzz:
    """Plays cases one after the other, and looks at what each leaves behind."""

    def __init__(self, cast: Cast, report: Report, on_news: Callable[[str | Failure], None]) -> None:
        self.cast = cast
        self.report = report
        self.on_news = on_news
        self.apps = endpoints.applications()
        self.learned = forms.learn(cast, self.apps["portal"])
        self.urls = {"portal": cast.cluster.portal, "bank": cast.cluster.bank_url}
        self.wires = {host: (raw_http.Wire(url), raw_http.Wire(url)) for host, url in self.urls.items()}
        self.pool = ThreadPoolExecutor(2)
        self.log = cast.cluster.running.processes[0].log
        self.read_to = self.log.stat().st_size
        self.statuses: dict[tuple[str, str], set[int]] = defaultdict(set)
        """Of the answers by endpoint and role."""

    def pages_of_both(self) -> endpoints.RequestsByEndpoint:
        """Every endpoint of the two programs beside the JSON API, with everybody before it."""
        portal = self.apps["portal"]
        return {
            **endpoints.pages(portal, "portal"),
            **endpoints.posts(portal, self.learned),
            **tokens.requests_by_endpoint(),
            **bank.requests_by_endpoint(self.apps["bank"]),
        }

    def play(self, one: Case) -> None:
        """Send a case, and hold its answers against what is promised."""
        number = self.report.played = self.report.played + 1
        sent = Filling(self.cast, one, number, f"{self.report.seed}").sent()
        wires = self.wires[one.host]
        answers = [wires[0].send(sent)] if one.times == 1 else list(self.pool.map(lambda kept: kept.send(sent), wires))
        for answer in answers:
            self.report.counts[one.endpoint, one.role, answer.status] += 1
            self.statuses[one.endpoint, one.role].add(answer.status)
            if what := checks.wrong(one, answer):
                self.fail(one, what, sent)
        if one.endpoint.startswith("bank PUT"):
            self.cast.cluster.bank.delete("/sandbox/faults")
        if one.endpoint == "POST /sign-out" and one.method == "POST":
            self.cast.reopen(one.who)
        if number % BATCH == 0:
            self.look(number // BATCH)

    def is_shut(self, endpoint: str, role: str) -> bool:
        """Whether somebody was never let in at a endpoint."""
        statuses = self.statuses[endpoint, role]
        return bool(statuses & SHUT) and not statuses & {200, 202}

    def fail(self, one: Case, what: str, sent: raw_http.Sent, *, is_of_a_page: bool = False) -> None:
        failure = Failure(one, what, raw_http.curl(self.urls[one.host], sent), self.said(), is_of_a_page)
        self.report.failures.append(failure)
        self.on_news(failure)

    def said(self) -> str:
        """The last lines that the instance has said since it was looked at, and their typed words noted."""
        with self.log.open("rb") as log:
            log.seek(self.read_to)
            text = log.read().decode(errors="replace")
        self.read_to += len(text.encode())
        self.report.leaks += leaks.in_text(text, self.report.played + 1)[:SAMPLE_MAX]
        if self.cast.program_secret in text:
            self.report.leaks.append("the secret of the program account, in the log")
        return "\n".join(text.splitlines()[-LOG_LINES_SHOWN:])

    def look(self, batch: int) -> None:
        """Open pages as their readers, so that what was accepted and breaks a page later is found."""
        self.on_news(f"{self.report.played} cases, {len(self.report.failures)} failed")
        self.cast.look()
        every = list(forms.pages(self.apps["portal"], STATES))
        step = max(1, len(every) // READ_AT_A_LOOK)
        for one in every[batch % step :: step]:
            self.open(one)
        self.said()
        if batch % BATCHES_OF_A_CAST == 0:
            self.cast.replace_members()

    def open(self, one: Case) -> None:
        sent = Filling(self.cast, one, 0, "reading").sent()
        answer = self.wires[one.host][0].send(sent)
        self.report.counts[f"then {one.endpoint}", one.role, answer.status] += 1
        if what := checks.wrong(one, answer) or checks.wrong_of_page(answer):
            self.fail(one, what, sent, is_of_a_page=True)

    def finish(self) -> None:
        """Every page once more, what the followers could not apply, and what stands in logs and events."""
        self.cast.look()
        for one in forms.pages(self.apps["portal"], STATES):
            self.open(one)
        for service in FOLLOWERS:
            parked = self.cast.cluster.admin.call(queries.ListParked(), service=service)
            self.report.leaks += [
                f"{service} could not apply {one.source} {one.position}: {one.type}" for one in parked.parked
            ]
        self.said()
        self.report.leaks += leaks.in_events(self.cast.cluster.running.var, self.report.played + 1)
        self.pool.shutdown()
        for pair in self.wires.values():
            for kept in pair:
                kept.close()


def run(seed: int, cases: int, on_news: Callable[[str | Failure], None]) -> Report:
    """Play the regressions, then so many new cases of the JSON API as each role and as many of pages; each failure is reported when it is seen."""
    report, began = Report(seed), time.monotonic()
    with (
        instance.standalone(**system.SETTINGS, **BEHIND_A_PROXY) as running,
        closing(system.Cluster(running)) as portal,
    ):
        cast = Cast(portal)
        cast.enter()
        fuzz = Fuzz(cast, report, on_news)
        for one in case.regressions():
            fuzz.play(one)
        api, pages = endpoints.api(), fuzz.pages_of_both()
        turns = [in_turn(fuzz, {key: one for key, one in api.items() if key[1] == role}, seed) for role in CALLERS]
        turns.append(in_turn(fuzz, pages, seed))
        for number in range(0, cases, AT_AN_ENDPOINT):
            for place, turn in enumerate(turns):
                play(fuzz, next(turn), seed + number * len(turns) + place)
        fuzz.finish()
        cast.close()
    report.seconds = time.monotonic() - began
    return report


def in_turn(fuzz: Fuzz, every: endpoints.RequestsByEndpoint, seed: int) -> Iterator[st.SearchStrategy[Case]]:
    """All endpoints in an order of chance, over and over; those that were shut to somebody, in each fourth round only."""
    names = sorted(every)
    luck = random.Random(seed)  # noqa: S311 - nothing secret hangs on it
    for round_ in itertools.count():
        luck.shuffle(names)
        yield from (every[name] for name in names if round_ % ROUNDS_OF_THE_SHUT == 0 or not fuzz.is_shut(*name))


def play(fuzz: Fuzz, requests: st.SearchStrategy[Case], seed: int) -> None:
    """A few requests to one endpoint. Nothing is raised on a failure, so that it is not tried to be made smaller: the instance has moved on."""

    @hypothesis.seed(seed)
    @settings(
        max_examples=AT_AN_ENDPOINT,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(requests)
    def few(one: Case) -> None:
        fuzz.play(one)

    few()
