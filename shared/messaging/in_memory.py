"""An in-memory broker (`in-memory://<name>`): kombu's memory transport with blocking consumers, mandatory returns and publisher confirms.

It forgets everything when the process ends; followers pull what it forgot from the logs.
"""

import socket
from collections import defaultdict
from queue import Empty, SimpleQueue
from threading import Event
from time import monotonic
from typing import Any

from amqp.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, memory, virtual

SCHEME = "in-memory"


class Broker:
    """What the connections to one in-memory broker share."""

    def __init__(self) -> None:
        self.state = virtual.BrokerState()
        self.queues: dict[str, SimpleQueue[Any]] = defaultdict(SimpleQueue)
        self.listening: dict[str, set[Event]] = defaultdict(set)
        self.routes: dict[tuple[str, str], Any] = {}
        """The queues of an exchange and a routing key, until another binding is made: to find them, kombu compares the key with each."""


BROKERS: dict[str, Broker] = defaultdict(Broker)


class Channel(memory.Channel):
    """A channel with mandatory returns, publisher confirms and wake-ups of consumers."""

    body_encoding: Any = None

    def __init__(self, connection: "Transport", **options: Any) -> None:
        self.broker = connection.broker
        self.queues = self.broker.queues
        self.events = defaultdict(set)
        self._confirming = False
        self._published = 0
        super().__init__(connection, **options)

    def _queue_for(self, queue: str) -> SimpleQueue[Any]:
        found: SimpleQueue[Any] = self.queues[queue]
        return found

    def _lookup(self, exchange: str, routing_key: str, default: Any = None) -> Any:
        key = exchange, routing_key
        if key not in self.broker.routes:
            self.broker.routes[key] = super()._lookup(exchange, routing_key, default)
        return self.broker.routes[key]

    def _queue_bind(self, *_binding: Any) -> None:
        self.broker.routes.clear()

    def queue_unbind(self, *arguments: Any, **options: Any) -> None:
        super().queue_unbind(*arguments, **options)
        self.broker.routes.clear()

    def _new_queue(self, queue: str, **_options: Any) -> None:
        self._queue_for(queue)

    def _put(self, queue: str, message: Any, **_options: Any) -> None:
        self._queue_for(queue).put(message)
        for waiting in self.broker.listening[queue]:
            waiting.set()

    def _purge(self, queue: str) -> int:
        size = self._queue_for(queue).qsize()
        self.queues[queue] = SimpleQueue()
        return size

    def confirm_select(self) -> None:
        """Confirm each publish from now on, as RabbitMQ does."""
        self._confirming = True

    def prepare_message(self, *arguments: Any, **options: Any) -> Any:
        """As kombu's, and with the content type among the properties, where nameko looks for it."""
        message = super().prepare_message(*arguments, **options)
        message["properties"]["content_type"] = message["content-type"]
        return message

    def basic_publish(self, message: Any, exchange: str, routing_key: str, mandatory: bool = False, **_: Any) -> None:
        """Route a message; a mandatory one without a queue is returned, or raises `ChannelError` where nobody listens for returns."""
        self._published += 1
        if mandatory and not self._lookup(exchange, routing_key):
            error = ChannelError("NO_ROUTE", (60, 40), "312")
            if not self.events["basic_return"]:
                raise error
            for returned in self.events["basic_return"]:
                returned(error, exchange, routing_key, message)
        super().basic_publish(message, exchange, routing_key)
        if self._confirming:
            for acked in self.events["basic_ack"]:
                acked(self._published, False)

    def basic_consume(self, queue: str, *arguments: Any, **options: Any) -> None:
        super().basic_consume(queue, *arguments, **options)
        self.broker.listening[queue].add(self.connection.ready)
        self.connection.ready.set()

    def basic_cancel(self, consumer_tag: str) -> None:
        queue = self._tag_to_queue.get(consumer_tag)
        if queue is not None:
            self.broker.listening[queue].discard(self.connection.ready)
        super().basic_cancel(consumer_tag)

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        """Acknowledge a delivery, or with `multiple` all of this channel up to it."""
        if multiple:
            delivered = list(self.qos._delivered)  # noqa: SLF001 - the order is nowhere else
            for earlier in delivered[: delivered.index(delivery_tag)]:
                self.qos.ack(earlier)
        self.qos.ack(delivery_tag)
        self.connection.ready.set()

    def close(self) -> None:
        virtual.Channel.close(self)


class Transport(memory.Transport):
    """A connection to an in-memory broker, woken by messages instead of polling for them."""

    Channel = Channel
    recoverable_connection_errors = ()
    recoverable_channel_errors = ()
    """No retry would help here: an error is raised as it is."""

    def __init__(self, client: Any, **options: Any) -> None:
        self.broker = BROKERS[client.hostname or "default"]
        self.ready = Event()
        super().__init__(client, **options)
        self.state = self.broker.state

    def drain_events(self, connection: Any, timeout: float | None = None, **_options: Any) -> None:  # noqa: ARG002 - kombu's signature
        """Deliver one message, waiting up to `timeout` seconds for it; raises `socket.timeout`."""
        cycle: Any = self.cycle
        until = None if timeout is None else monotonic() + timeout
        while True:
            self.ready.clear()
            try:
                cycle.get(self._deliver)
            except Empty:
                remaining = None if until is None else until - monotonic()
                if (remaining is not None and remaining <= 0) or not self.ready.wait(remaining):
                    raise socket.timeout from None  # noqa: UP041 - the name that kombu documents
            else:
                return


def register() -> None:
    """Register the URL scheme with kombu."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:{Transport.__name__}"
