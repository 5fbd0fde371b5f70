"""Background jobs in managed threads, for work longer than an RPC call; they stop with the program."""

from collections.abc import Callable
from typing import Any, Protocol

import eventlet
from nameko.extensions import DependencyProvider

STOP_SECONDS = 5
"""How long a job may take to notice that the program stops."""


class Jobs(Protocol):
    """What a service runs its long work with."""

    def run(self, work: Callable[[], None], name: str) -> None:
        """Run `work`, which must raise nothing, beside the calls."""
        ...

    def is_stopping(self) -> bool:
        """Whether the work should end, because the program does."""
        ...


class Background(DependencyProvider):
    """Gives a service its `Jobs`."""

    def setup(self) -> None:
        self._stopping = False
        self._threads: set[Any] = set()

    def run(self, work: Callable[[], None], name: str) -> None:
        thread = self.container.spawn_managed_thread(work, identifier=name)
        self._threads.add(thread)
        thread.link(self._threads.discard)

    def is_stopping(self) -> bool:
        return self._stopping

    def stop(self) -> None:
        self._stopping = True
        with eventlet.Timeout(STOP_SECONDS, False):
            for thread in list(self._threads):
                thread.wait()

    def get_dependency(self, _worker_ctx: Any) -> "Background":
        return self
