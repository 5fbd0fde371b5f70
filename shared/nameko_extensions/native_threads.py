"""Native thread pool with admission: long computations off eventlet's hub, and a refusal at once where too many wait."""

import os
from collections.abc import Callable
from typing import Any

from eventlet import tpool
from eventlet.semaphore import Semaphore

from shared.contract.refusals import Reason, Refused

NICENESS = 10
"""Of native threads, above the hub's."""


class NativeThreads:
    """So many of the native threads, for computations of one kind: those of other kinds need not wait for them."""

    def __init__(self, threads: int) -> None:
        self._limit = Semaphore(threads)

    def run(self, function: Callable[..., Any], *arguments: object) -> Any:
        """Run a long computation in a native thread, so that the hub does not wait for it."""
        with self._limit:
            return tpool.execute(run_niced, function, *arguments)

    def require_room(self, waiting_max: int) -> None:
        """Refuse at once where so many wait already: all other calls need workers too."""
        if self._limit.balance <= -waiting_max:
            raise Refused(Reason.NO_ANSWER)


def run_niced(function: Callable[..., Any], *arguments: object) -> Any:
    """Run at a low priority: whoever waits for a page comes before whoever waits for a computation."""
    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)  # on Linux the thread's own, for as long as it lives
    return function(*arguments)
