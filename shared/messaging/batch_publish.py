"""Batch publishing over AMQP: the frames of many messages are written to the socket together, and what messages have in common is encoded once."""

from collections.abc import Iterable, Mapping
from struct import Struct
from typing import Any, NamedTuple

from amqp import Channel, Message, spec
from amqp.serialization import dumps

METHOD, HEADER, BODY = 1, 2, 3
"""The types of frames: a message has one of each, and more of the last if its body is large."""
FRAME, FRAME_END = Struct(">BHI"), b"\xce"
"""Before a frame's payload are its type, channel and size."""
FRAME_OVERHEAD = FRAME.size + len(FRAME_END)
METHOD_ID = Struct(">HH")
CONTENT = Struct(">HHQ")
"""Before the properties are the class of the content, a reserved number, and the size of the body."""
WRITE_BYTES = 32 * 1024
"""Enough to be worth a write, and few enough that the broker can begin while the rest is encoded."""
PUBLISH_ARGUMENTS = "Bssbb"
"""Their types: a reserved byte, exchange, routing key, mandatory, immediate."""
KIND = {"content_type": "application/json", "content_encoding": "utf-8"}
PERSISTENT = 2
"""As every message of ours is marked."""


class Outgoing(NamedTuple):
    """A persistent message of JSON to be published."""

    routing_key: str
    message_id: str
    body: bytes
    headers: Mapping[str, str] | None = None


class FrameBuffer:
    """Replaces the socket that py-amqp writes to, and writes to it in larger parts."""

    def __init__(self, connection: Any, channel: int) -> None:
        self.connection = connection
        self.channel = channel
        self.body_max = connection.frame_max - FRAME_OVERHEAD
        self.buffer = bytearray()

    def frame(self, kind: int, payload: bytes) -> bytes:
        return b"".join((FRAME.pack(kind, self.channel, len(payload)), payload, FRAME_END))

    def add(self, method: bytes, properties: bytes, body: bytes) -> None:
        """Write the frames of a message, once they are enough."""
        header = CONTENT.pack(spec.Basic.CLASS_ID, 0, len(body)) + properties
        self.buffer += method
        self.buffer += self.frame(HEADER, header)
        for start in range(0, len(body), self.body_max):
            self.buffer += self.frame(BODY, body[start : start + self.body_max])
        if len(self.buffer) >= WRITE_BYTES:
            self.flush()

    def flush(self) -> None:
        self.connection.transport.write(self.buffer)
        self.connection.bytes_sent += 1
        self.buffer = bytearray()


def publish(
    channel: Any, exchange: str, messages: Iterable[Outgoing], seconds: float, *, mandatory: bool = True
) -> None:
    """Publish messages; `socket.timeout` when the broker does not accept them in time.

    py-amqp polls the socket before each message, encodes all of it and writes it alone, which costs more than all the rest.
    """
    if not isinstance(channel, Channel):
        for one in messages:
            about = {"delivery_mode": PERSISTENT, "message_id": one.message_id}
            message = channel.prepare_message(one.body, headers=one.headers, properties=about, **KIND)
            channel.basic_publish(message, exchange=exchange, routing_key=one.routing_key, mandatory=mandatory)
        return
    frames = FrameBuffer(channel.connection, channel.channel_id)
    methods: dict[str, bytes] = {}
    without_headers = encoded_before_id(None)
    with channel.connection.transport.having_timeout(seconds):
        for routing_key, message_id, body, headers in messages:
            if routing_key not in methods:
                arguments = dumps(PUBLISH_ARGUMENTS, (0, exchange, routing_key, mandatory, False))
                methods[routing_key] = frames.frame(METHOD, METHOD_ID.pack(*spec.Basic.Publish) + arguments)
            before_id = without_headers if headers is None else encoded_before_id(headers)
            frames.add(methods[routing_key], before_id + short_string(message_id), body)
        frames.flush()


def encoded_before_id(headers: Mapping[str, str] | None) -> bytes:
    """The encoded properties of a message but for its id, which is the last of them."""
    message = Message(application_headers=headers, delivery_mode=PERSISTENT, message_id="", **KIND)
    encoded: bytes = message._serialize_properties()  # noqa: SLF001 - py-amqp encodes them nowhere else
    return encoded.removesuffix(short_string(""))


def short_string(text: str) -> bytes:
    """AMQP's encoding of at most 255 bytes."""
    encoded = text.encode()
    return bytes((len(encoded),)) + encoded
