"""The steady load: so many renewals begin each second through the portal, as members and a manager do them, and every request is measured."""

import itertools
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from clients.admin.transport.client import InternalError
from shared.contract.base import Answer, Message
from shared.contract.refusals import Reason, Refused
from tests.demo import users
from tests.demo.users import Person
from tests.faults.load import PROVINCE, Applicant, Renewal, import_members, of_nobody, press, seeded_rng
from tests.support import retrying_client
from tests.support.retrying_client import AGAIN, HANG_SECONDS, Client, Tally, http_to

A = TypeVar("A", bound=Answer)
T = TypeVar("T")
RENEWALS_AT_ONCE_MAX = 60
"""Where more were to run at the same time, the machine is too slow for the rate; none is begun then."""
IMPORT_ROWS = 50
FINISH_SECONDS = 180
FAILURES = AGAIN | {Reason.BANK_BUSY}
"""Refusals that are no answer: the same again may be one."""
P95 = 18
"""The last of twenty parts of the requests begins there."""


@dataclass(frozen=True)
class Request:
    """One request as its client saw it."""

    what: str
    began: float
    seconds: float
    is_sent_again: bool
    """The connection broke before an answer, as where a copy ends: it was sent to the other copy at once, the same command under its id."""
    failure: str
    """Why no answer came; nothing where one did."""


@dataclass(frozen=True)
class Figures:
    """The requests of a time."""

    requests: int
    failures: Counter[str]
    sent_again: int
    p95_seconds: float


class Measurements:
    """All requests, noted by many threads."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def measure(self, what: str, send: Callable[[], T]) -> T:
        """Send a request, once more where its connection broke; an error that is no answer is noted as a failure, and raised."""
        began, is_sent_again, failure = time.monotonic(), False, ""
        try:
            try:
                return send()
            except httpx.TransportError as error:
                if isinstance(error, httpx.TimeoutException):
                    raise
                is_sent_again = True
                return send()
        except Refused as refused:
            failure = refused.reason.value if refused.reason in FAILURES else ""
            raise
        except (InternalError, httpx.HTTPError) as error:
            failure = f"{type(error).__name__} {error}".strip()
            raise
        finally:
            self.requests.append(Request(what, began, time.monotonic() - began, is_sent_again, failure))

    @property
    def count(self) -> int:
        return len(self.requests)

    def between(self, began: float, ended: float) -> Figures:
        chosen = [one for one in self.requests if began <= one.began < ended]
        failures = Counter(f"{one.what}: {one.failure}" for one in chosen if one.failure)
        return Figures(
            len(chosen), failures, sum(one.is_sent_again for one in chosen), p95([one.seconds for one in chosen])
        )


def p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[P95] if len(seconds) > 1 else 0.0


class MeasuredClient(Client):
    """A client of the portal's API whose every request is measured; one that failed is retried as by any other."""

    def __init__(self, http: httpx.Client, tally: Tally, address: str, measurements: Measurements) -> None:
        super().__init__(http, tally, seeded_rng(0), address)
        self.measurements = measurements

    def call(self, message: Message[A], seconds: float = HANG_SECONDS) -> A:
        return self.measurements.measure(message.method, lambda: Client.call(self, message, seconds))

    def persist(self, attempt: Callable[[], T], not_yet: frozenset[Reason] = frozenset()) -> T:
        return super().persist(attempt, not_yet | FAILURES)

    def call_and_leave(self, message: Message[Any]) -> None:
        """No client of this load is impatient."""


class MeasuredApplicant(Applicant):
    """A member who pays at the bank and is sent back, both measured."""

    client: MeasuredClient

    def pay(self, page: str) -> None:
        measure, http = self.client.measurements.measure, self.client.http
        answer = self.client.persist(lambda: measure("page of the bank", lambda: press(http, page, "pay")))
        back = answer.headers["location"]
        self.client.persist(lambda: measure("page of the way back", lambda: page_of(http, back)))


def page_of(http: httpx.Client, address: str) -> httpx.Response:
    return http.get(address, follow_redirects=True).raise_for_status()


class SteadyLoad:
    """Begins renewals at a rate, each in a thread of its own, until it is finished."""

    def __init__(self, portal: str, rate: float) -> None:
        self.portal = portal
        self.rate = rate
        """Renewals a second."""
        self.measurements = Measurements()
        self.tally = Tally()
        self.renewals: list[Renewal] = []
        self.not_begun = 0
        """Renewals that the machine had no room for."""
        self._over = threading.Event()
        self._numbers = itertools.count(10**8)
        self._http = http_to(portal)
        self.admin, self.manager = (
            MeasuredClient(self._http, self.tally, f"10.0.0.{n}", self.measurements) for n in (1, 2)
        )
        for client, role in ((self.admin, "admin"), (self.manager, "manager")):
            officer = users.officer(role, PROVINCE)
            client.sign_in("officer", officer.name, officer.secret)
        self._members = self._enrolled_members()
        self._pool = ThreadPoolExecutor(RENEWALS_AT_ONCE_MAX, thread_name_prefix="renewal")
        self._thread = threading.Thread(target=self._begin_renewals, name="load", daemon=True)
        self._thread.start()

    @property
    def under_way(self) -> int:
        return sum(not one.is_completed and not one.trouble for one in list(self.renewals))

    def finish(self) -> None:
        """Begin no more renewals, and wait for those under way."""
        self._over.set()
        self._thread.join()
        until = time.monotonic() + FINISH_SECONDS
        while self.under_way and time.monotonic() < until:
            time.sleep(retrying_client.PAUSE_SECONDS)

    def close(self) -> None:
        self._over.set()
        self.tally.is_over.set()
        self._thread.join()
        self._pool.shutdown(cancel_futures=True)
        self._http.close()

    def _begin_renewals(self) -> None:
        began = time.monotonic()
        for number in itertools.count():
            if self._over.wait(max(0.0, began + number / self.rate - time.monotonic())):
                return
            if self.under_way < RENEWALS_AT_ONCE_MAX:
                try:
                    person = next(self._members)
                except Exception as error:  # noqa: BLE001 - reported at the end
                    self.renewals.append(of_nobody(error))
                    return
                renewal = Renewal(person.name)
                self.renewals.append(renewal)
                self._pool.submit(self._renew, person, renewal)
            else:
                self.not_begun += 1

    def _renew(self, person: Person, renewal: Renewal) -> None:
        rng = random.Random(person.name)  # noqa: S311 - nothing secret hangs on it
        address = f"10.{rng.randrange(1, 255)}.{rng.randrange(255)}.{rng.randrange(1, 255)}"
        with http_to(self.portal) as http:
            client = MeasuredClient(http, self.tally, address, self.measurements)
            try:
                MeasuredApplicant(client, self.manager, renewal, rng).renew(person)
            except Exception as error:  # noqa: BLE001 - reported at the end
                renewal.trouble = f"{type(error).__name__}: {error}"

    def _enrolled_members(self) -> Iterator[Person]:
        """Made-up members; where nobody is left, more are imported."""
        while True:
            yield from import_members(self.admin, itertools.islice(self._numbers, IMPORT_ROWS))
