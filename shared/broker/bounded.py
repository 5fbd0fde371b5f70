"""AMQP connections that wait so long for the broker and no longer: a silent one is given up, and the work tried on a new one."""

from collections.abc import Callable
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, pyamqp

ANSWER_SECONDS_MAX = 5
"""How long the broker may take to answer, or to take what is sent, where nothing else is said."""


class Connection(pyamqp.Connection):
    """A connection whose every wait has a limit.

    py-amqp waits for ever for the answer to a declaration, for a confirm, for the end of a connection: on one that leads
    nowhere without having been closed, its thread would never come back.
    """

    def connect(self, callback: Callable[[], object] | None = None) -> Any:
        """Connect, and let no read or write last longer than its limit; a shorter one may be said at each."""
        connected = super().connect(callback)
        self.transport.sock.settimeout(ANSWER_SECONDS_MAX)
        return connected


class Transport(pyamqp.Transport):
    """kombu's own, on such connections."""

    Connection = Connection


def register() -> None:
    """Let everything in this process that says `amqp://` mean these."""
    TRANSPORT_ALIASES["amqp"] = f"{__name__}:{Transport.__name__}"
