"""Batch publishing over AMQP: the frames of many messages are buffered and written to the socket together."""

from collections.abc import Iterable
from typing import Any

from amqp import Channel, spec
from amqp.method_framing import frame_writer
from amqp.serialization import dumps

METHOD = 1
"""The type of a frame that begins a message."""
WRITE_BYTES = 32 * 1024
"""Enough to be worth a write, and few enough that the broker begins while the rest is still being made."""
PUBLISH_ARGUMENTS = "Bssbb"
"""Their types: a byte that means nothing, exchange, routing key, mandatory, immediate."""


class FrameBuffer:
    """Stands where py-amqp expects the socket, and writes to it once there is enough."""

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self.gathered = bytearray()

    def write(self, frame: memoryview) -> None:
        self.gathered += frame
        if len(self.gathered) >= WRITE_BYTES:
            self.flush()

    def flush(self) -> None:
        self.transport.write(self.gathered)
        self.gathered = bytearray()


def publish(channel: Any, exchange: str, messages: Iterable[tuple[Any, str]], seconds: float) -> None:
    """Publish messages, each with its routing key, as mandatory; `socket.timeout` when the broker does not take them in time.

    py-amqp looks at the socket before each message and writes it by itself, which costs more than all the rest.
    """
    if not isinstance(channel, Channel):
        for message, routing_key in messages:
            channel.basic_publish(message, exchange=exchange, routing_key=routing_key, mandatory=True)
        return
    frames = FrameBuffer(channel.connection.transport)
    write_frame = frame_writer(channel.connection, frames)
    with frames.transport.having_timeout(seconds):
        for message, routing_key in messages:
            arguments = dumps(PUBLISH_ARGUMENTS, (0, exchange, routing_key, True, False))
            write_frame(METHOD, channel.channel_id, spec.Basic.Publish, arguments, message)
        frames.flush()
