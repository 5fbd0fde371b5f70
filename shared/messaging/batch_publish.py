"""Batch publishing over AMQP: the frames of many messages are buffered and written to the socket together."""

from collections.abc import Iterable
from typing import Any

from amqp import Channel, spec
from amqp.method_framing import frame_writer
from amqp.serialization import dumps

METHOD = 1
"""The type of a frame that begins a message."""
WRITE_BYTES = 32 * 1024
"""Enough to be worth a write, and few enough that the broker can begin while the rest is encoded."""
PUBLISH_ARGUMENTS = "Bssbb"
"""Their types: a reserved byte, exchange, routing key, mandatory, immediate."""


class FrameBuffer:
    """Replaces the socket that py-amqp writes to, and writes to it in larger parts."""

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self.buffer = bytearray()

    def write(self, frame: memoryview) -> None:
        self.buffer += frame
        if len(self.buffer) >= WRITE_BYTES:
            self.flush()

    def flush(self) -> None:
        self.transport.write(self.buffer)
        self.buffer = bytearray()


def publish(
    channel: Any, exchange: str, messages: Iterable[tuple[Any, str]], seconds: float, *, mandatory: bool = True
) -> None:
    """Publish messages, each with its routing key; `socket.timeout` when the broker does not accept them in time.

    py-amqp polls the socket before each message and writes each alone, which costs more than all the rest.
    """
    if not isinstance(channel, Channel):
        for message, routing_key in messages:
            channel.basic_publish(message, exchange=exchange, routing_key=routing_key, mandatory=mandatory)
        return
    frames = FrameBuffer(channel.connection.transport)
    write_frame = frame_writer(channel.connection, frames)
    with frames.transport.having_timeout(seconds):
        for message, routing_key in messages:
            arguments = dumps(PUBLISH_ARGUMENTS, (0, exchange, routing_key, mandatory, False))
            write_frame(METHOD, channel.channel_id, spec.Basic.Publish, arguments, message)
        frames.flush()
