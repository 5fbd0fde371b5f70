"""AMQP connections with timeouts on every read and write, which no message closes: one that can't be read is a message without properties."""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import amqp
from amqp import serialization
from amqp.transport import SSLTransport
from kombu.transport import TRANSPORT_ALIASES, pyamqp

ANSWER_SECONDS_MAX = 5
"""How long the broker may take to answer, or to accept what is sent, where no other timeout is given."""
BODY_BYTES_MAX = 8 * 1024 * 1024
"""A thousand events in one answer are the largest message."""
READ_BYTES = 8 * 1024
"""What has arrived is read at once: py-amqp reads the socket three times a frame, and a message has three frames."""

FIRST_ARGUMENT, TAG_AND_FLAG_BYTES = 4, 9
"""Where the arguments of a method begin, behind its number; and what a delivery has between its two texts, the consumer and the exchange."""


def readable_properties(buffer: Any, offset: int) -> tuple[dict[str, Any], int]:
    """The properties of a message; none where one of them can't be read.

    py-amqp would end the connection, and get the same message again on the next one: whoever may send one would stop its receiver.
    """
    try:
        read: tuple[dict[str, Any], int] = serialization.decode_properties_basic(buffer, offset)
    except Exception:  # noqa: BLE001 - texts that are none, times beyond the calendar, types that it does not know
        return {}, offset
    return read


class Message(pyamqp.Message):
    """A message whose body is neither inflated, whatever its header says, nor kept where it is too long: it is then no message of ours."""

    def __init__(self, msg: Any, channel: Any = None, **options: Any) -> None:
        headers = msg.properties.get("application_headers") or {}
        if headers.pop("compression", None) is not None or len(msg.body) > BODY_BYTES_MAX:
            msg.body = b"refused"
        super().__init__(msg, channel, **options)


def with_readable_key(delivery: bytes) -> bytes:
    """The arguments of a delivery, without its routing key where that is no text: py-amqp would end the connection."""
    exchange = FIRST_ARGUMENT + 1 + delivery[FIRST_ARGUMENT] + TAG_AND_FLAG_BYTES
    key = exchange + 1 + delivery[exchange]
    try:
        delivery[key + 1 :].decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return bytes(delivery[:key]) + b"\x00"
    return delivery


class Channel(pyamqp.Channel):
    """A channel with these messages."""

    Message = Message

    def dispatch_method(self, method_sig: tuple[int, int], payload: bytes, content: Any) -> Any:
        """Take in a frame of the broker's."""
        if method_sig == amqp.spec.Basic.Deliver:
            payload = with_readable_key(payload)
        return super().dispatch_method(method_sig, payload, content)


class Connection(pyamqp.Connection):
    """A connection whose every wait has a limit.

    py-amqp waits for ever for the answer to a declaration, for a confirm, for the end of a connection: on a half-open one
    its thread would hang.
    """

    Channel = Channel
    reads_ahead = False
    """Whether one thread alone reads from it, all that is there at once: see `read_ahead`."""
    _is_being_read = False

    def connect(self, callback: Callable[[], object] | None = None) -> Any:
        """Connect, and let no read or write last longer than its limit; each may have a shorter one."""
        connected = super().connect(callback)
        self.transport.sock.settimeout(ANSWER_SECONDS_MAX)
        return connected

    def blocking_read(self, timeout: float | None = None) -> Any:
        """Read a frame. A publisher looks in passing (timeout 0) for what the broker may have sent.

        A TLS socket of eventlet would wait for it all the same, and fail where another greenlet waits for the socket: that
        one reads whatever comes.

        The rest of a frame that was read ahead in part comes without another timeout than the connection's own: to set one
        would take as long as the frame.
        """
        if self.reads_ahead and self.transport._read_buffer:  # noqa: SLF001 - see `read_ahead`
            return self.on_inbound_frame(self.transport.read_frame())
        if not isinstance(self.transport, SSLTransport):
            return super().blocking_read(timeout)
        if self._is_being_read and timeout == 0:
            raise TimeoutError
        self._is_being_read = True
        try:
            return super().blocking_read(timeout)
        finally:
            self._is_being_read = False


class Transport(pyamqp.Transport):
    """kombu's transport with these connections."""

    Connection = Connection


class TlsTransport(Transport):
    """For `amqps://`: the broker's certificate must be good for its host name, by our own CA or by one of the system's."""

    ca: Path | None = None

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)
        client.ssl = {
            "cert_reqs": ssl.CERT_REQUIRED,
            "ca_certs": self.ca and str(self.ca),
            "server_hostname": client.hostname,
            "tls_minimum_version": ssl.TLSVersion.TLSv1_2,
        }


def read_ahead(channel: Any) -> None:
    """Let the connection of a channel read all that is there at once; only where a single thread reads from it.

    What is read beyond a frame is buffered for the next one. Another thread would wait for it at the socket, where it is not.
    """
    if isinstance(channel, amqp.Channel):
        channel.connection.reads_ahead = True
        transport = channel.connection.transport
        receive = transport._quick_recv  # noqa: SLF001 - py-amqp reads no other way
        transport._quick_recv = lambda wanted: receive(max(wanted, READ_BYTES))  # noqa: SLF001


def register(ca: Path | None = None) -> None:
    """Make `amqp://` and `amqps://` use these connections in this process; `ca` signs the broker's certificate."""
    TRANSPORT_ALIASES["amqp"] = f"{__name__}:{Transport.__name__}"
    TRANSPORT_ALIASES["amqps"] = f"{__name__}:{TlsTransport.__name__}"
    TlsTransport.ca = ca
    serialization.PROPERTY_CLASSES[amqp.spec.Basic.CLASS_ID] = readable_properties
