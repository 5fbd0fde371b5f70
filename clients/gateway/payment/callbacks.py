"""Floods of callbacks: those of one payment are answered one after another, and for a few seconds as the first of them, without an RPC."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock
from time import monotonic, sleep
from typing import NamedTuple
from uuid import UUID

from shared.contract.refusals import Reason, Refused

ANSWERED_SECONDS = 5
"""As long as payment asks the bank no more about an attempt: each answer would be the first one again."""
ANSWERS_MAX = 1000
SLOTS = 4
"""Callbacks that are answered at once. All of one payment share one; which one nobody outside can tell."""
REST_SECONDS = 0.1
"""A slot rests after a callback that was answered before, or is of no payment: no flood of cheap ones takes all the time of the pages."""
WAIT_SECONDS = 5
"""For the others in a slot; then the browser is shown that the outcome is not known yet, and asks again."""


class Callback(NamedTuple):
    """What a browser comes back with: the bank's key of the attempt, our own, and whose session it has."""

    authority: str
    attempt: UUID | None
    session: str


class FifoLock:
    """A lock that goes to whoever waits longest.

    Those of `threading` go to whoever comes first when they are free, so that a flood overtakes a single payer.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._is_held = False
        self._waiting: deque[Event] = deque()

    def acquire(self, timeout: float) -> bool:
        """Whether it was handed over within `timeout` seconds."""
        turn = Event()
        with self._guard:
            if not self._is_held:
                self._is_held = True
                return True
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._guard:
            if turn.is_set():
                return True  # it was handed over after the wait had ended
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_held = False


class Callbacks:
    """The attempts of callbacks that were answered a moment ago, by what the browsers came back with."""

    def __init__(self, time_scale: int = 1) -> None:
        self._seconds = ANSWERED_SECONDS / time_scale
        self._slots = [FifoLock() for _ in range(SLOTS)]
        self._answers: dict[Callback, tuple[float, UUID]] = {}

    def attempt_of(self, callback: Callback, call: Callable[[], UUID]) -> UUID:
        """The attempt, from `call` at most once in a few seconds; `Refused(NO_ANSWER)` where its slot stays full."""
        with self.slot(callback.authority):
            answered_at, attempt = self._answers.get(callback, (0.0, None))
            if attempt is not None and monotonic() - answered_at <= self._seconds:
                sleep(REST_SECONDS)
                return attempt
            try:
                attempt = call()
            except Refused:
                sleep(REST_SECONDS)
                raise
            self.store(callback, attempt)
            return attempt

    def store(self, callback: Callback, attempt: UUID) -> None:
        self._answers.pop(callback, None)
        self._answers[callback] = (monotonic(), attempt)
        if len(self._answers) > ANSWERS_MAX:
            del self._answers[next(iter(self._answers))]  # the oldest

    @contextmanager
    def slot(self, authority: str) -> Iterator[None]:
        """The turn of a payment's callback."""
        slot = self._slots[hash(authority) % SLOTS]
        if not slot.acquire(WAIT_SECONDS):
            raise Refused(Reason.NO_ANSWER)
        try:
            yield
        finally:
            slot.release()
