"""A retrying client of the portal's API: the same command again under the same id, until an answer comes."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import httpx
from pydantic import SecretStr

from clients.admin.transport import client
from shared.contract.auth import commands
from shared.contract.base import Answer, Command, Message
from shared.contract.refusals import Reason, Refused

A = TypeVar("A", bound=Answer)
T = TypeVar("T")
DEADLINE_SECONDS = 10
HANG_SECONDS = 45
"""The gateway times out twice after 10 s at most (a passport, then the call); with room for a busy machine, later is a hang."""
PATIENCE_SECONDS = 180
PAUSE_SECONDS = 0.3
PART_IMPATIENT = 0.2
IMPATIENT_SECONDS = (0.01, 0.2)
AGAIN = frozenset({Reason.NO_ANSWER, Reason.DEADLINE_PASSED, Reason.CONFLICT, Reason.BANK_UNREACHABLE})
"""Errors that do not tell whether the command was handled."""


class GaveUp(Exception):  # noqa: N818 - says what happened
    """A call was retried for so long that something must be stuck."""


class Tally:
    """The outcomes of all clients, counted from many threads."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.longest_silence = 0.0
        """Seconds in which no command at all was answered."""
        self.silence = 0.0
        """The longest since `begin_silence`."""
        self.last_answer = time.monotonic()
        self.is_over = threading.Event()
        """The clients are stopped."""
        self._lock = threading.Lock()

    def note(self, what: str) -> None:
        with self._lock:
            self.seen[what] += 1

    def begin_silence(self) -> None:
        """Measure from now on."""
        with self._lock:
            self.silence = 0.0

    def answered(self) -> None:
        with self._lock:
            now = time.monotonic()
            self.silence = max(self.silence, now - self.last_answer)
            self.longest_silence = max(self.longest_silence, now - self.last_answer)
            self.last_answer = now
            self.seen["answered"] += 1


class Client:
    """One user of the portal, with an address of its own, so that no user's failures lock another out."""

    def __init__(self, http: httpx.Client, tally: Tally, luck: random.Random, address: str) -> None:
        self.http = http
        self.tally = tally
        self.luck = luck
        self.headers = {"Content-Type": "application/json", "X-Forwarded-For": address}

    def sign_in(self, principal_kind: str, name: str, password: str) -> None:
        """Open a session, under a new id each time: a session whose answer was lost is useless."""

        def sign_in() -> str:
            one = fresh(
                commands.SignIn, principal_kind=principal_kind, name=name, password=SecretStr(password), address=""
            )  # fmt: skip
            return self.call(one).token

        self.headers["Authorization"] = f"Bearer {self.persist(sign_in, frozenset({Reason.WRONG_CREDENTIALS}))}"

    def carry(
        self, kind: type[Command[A]], not_yet: frozenset[Reason] = frozenset(), **fields: Any
    ) -> tuple[A, Command[A]]:
        """Send a command until it is answered: one id, a new deadline each time; `not_yet` are the refusals of a subscription that is behind."""
        command = fresh(kind, **fields)
        if self.luck.random() < PART_IMPATIENT:
            self.call_and_leave(command)
        answer = self.persist(lambda: self.call(command.model_copy(update={"deadline": soon()})), not_yet)
        self.tally.answered()
        return answer, command

    def wait_for(self, query: Message[A], is_so: Callable[[A], bool], not_yet: frozenset[Reason] = frozenset()) -> A:
        """Query until the answer is as expected."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not is_so(answer := self.persist(lambda: self.call(query), not_yet)):
            if self.tally.is_over.wait(PAUSE_SECONDS) or time.monotonic() > until:
                raise GaveUp(f"{query} is still answered {answer}")
        return answer

    def persist(self, attempt: Callable[[], T], not_yet: frozenset[Reason] = frozenset()) -> T:
        """Try until it is answered, or refused for a permanent reason."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return attempt()
            except Refused as refused:
                if refused.reason not in AGAIN | not_yet:
                    raise
                trouble = refused.reason.value
            except client.InternalError as error:
                trouble = f"internal error ({error})"
            except httpx.ReadTimeout:
                trouble = "hung"
            except httpx.TransportError:
                trouble = "connection lost"
            self.tally.note(trouble)
            if self.tally.is_over.wait(PAUSE_SECONDS) or time.monotonic() > until:
                raise GaveUp(f"the last trouble was: {trouble}")

    def call_and_leave(self, message: Message[Any]) -> None:
        """Send a message and disconnect before the answer, as a double click does."""
        try:
            self.call(message, self.luck.uniform(*IMPATIENT_SECONDS))
        except httpx.TimeoutException:
            self.tally.note("impatience")
        except (httpx.TransportError, Refused, client.InternalError):
            pass  # the same will be asked again

    def call(self, message: Message[A], seconds: float = HANG_SECONDS) -> A:
        """Send a message once."""
        service, method = message.service, message.method
        body, path = message.model_dump_json(exclude_defaults=True), f"/api/{service}/{method}"
        response = self.http.post(path, content=body, headers=self.headers, timeout=seconds)
        try:
            answer_body = response.json()
        except ValueError:
            answer_body = {}
        if response.is_success:
            return client.read_answer(message, answer_body, "")
        if "refused" in answer_body:
            raise client.refusal_from(answer_body["refused"], answer_body.get("details"), "")
        raise client.InternalError(f"HTTP {response.status_code}", "")


def fresh(kind: type[Command[A]], **fields: Any) -> Command[A]:
    return kind.model_validate({"id": uuid4(), "deadline": soon(), **fields})


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=DEADLINE_SECONDS)


def http_to(portal: str) -> httpx.Client:
    """An HTTP client with its own connections to the portal."""
    return httpx.Client(base_url=portal, timeout=HANG_SECONDS, trust_env=False, verify=False)  # noqa: S501 - plain http
