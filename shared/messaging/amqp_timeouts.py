"""AMQP connections with timeouts on every read and write: one that stays silent is closed, and the work retried on a new one."""

from collections.abc import Callable
from typing import Any

import amqp
from kombu.transport import TRANSPORT_ALIASES, pyamqp

ANSWER_SECONDS_MAX = 5
"""How long the broker may take to answer, or to accept what is sent, where no other timeout is given."""
BODY_BYTES_MAX = 8 * 1024 * 1024
"""A thousand events in one answer are the largest message."""
READ_BYTES = 16 * 1024
"""What has arrived is read at once: py-amqp reads the socket three times a frame, and a message has three frames."""


class Message(pyamqp.Message):
    """A message whose body is neither inflated, whatever its header says, nor kept where it is too long: it is then no message of ours."""

    def __init__(self, msg: Any, channel: Any = None, **options: Any) -> None:
        headers = msg.properties.get("application_headers") or {}
        if headers.pop("compression", None) is not None or len(msg.body) > BODY_BYTES_MAX:
            msg.body = b"refused"
        super().__init__(msg, channel, **options)


class Channel(pyamqp.Channel):
    """A channel with these messages."""

    Message = Message


class Connection(pyamqp.Connection):
    """A connection whose every wait has a limit.

    py-amqp waits for ever for the answer to a declaration, for a confirm, for the end of a connection: on a half-open one
    its thread would hang.
    """

    Channel = Channel

    def connect(self, callback: Callable[[], object] | None = None) -> Any:
        """Connect, and let no read or write last longer than its limit; each may have a shorter one."""
        connected = super().connect(callback)
        self.transport.sock.settimeout(ANSWER_SECONDS_MAX)
        return connected


class Transport(pyamqp.Transport):
    """kombu's transport with these connections."""

    Connection = Connection


def read_ahead(channel: Any) -> None:
    """Let the connection of a channel read all that is there at once; only where a single thread reads from it.

    What is read beyond a frame is buffered for the next one. Another thread would wait for it at the socket, where it is not.
    """
    if isinstance(channel, amqp.Channel):
        transport = channel.connection.transport
        receive = transport._quick_recv  # noqa: SLF001 - py-amqp reads no other way
        transport._quick_recv = lambda wanted: receive(max(wanted, READ_BYTES))  # noqa: SLF001


def register() -> None:
    """Make `amqp://` use these connections in this process."""
    TRANSPORT_ALIASES["amqp"] = f"{__name__}:{Transport.__name__}"
