"""nameko as it comes: an event handler that writes a row each, and an echo."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import eventlet.event
from nameko.containers import ServiceContainer
from nameko.events import event_handler
from nameko.rpc import rpc

from bench.implementations.follows import Rows, Source, row_of, writer
from bench.implementations.relays import SOURCE, TYPE, subscriptions

WORKERS = 10
"""nameko's own default."""


class Hearing:
    """A service with nameko's own event handler; `write` is set before it starts."""

    name = "bench"
    write: Callable[[Rows], None]
    gate = eventlet.event.Event()
    received = 0

    @event_handler(SOURCE, TYPE)
    def on_event(self, envelope: dict[str, Any]) -> None:
        Hearing.gate.wait()
        Hearing.write([row_of(envelope)])
        Hearing.received += 1


class Handling:
    """Starts the handler, and waits until it has handled every event."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def prepare(self, count: int) -> None:
        Hearing.gate = eventlet.event.Event()
        self.source.publish(count)

    def __call__(self, _count: int) -> None:
        Hearing.gate.send()
        while Hearing.received < self.source.head:
            eventlet.sleep(0.002)


@contextmanager
def event_handlers(url: str, broker_url: str) -> Iterator[Handling]:
    Hearing.write = staticmethod(writer(url))
    container = ServiceContainer(Hearing, {"AMQP_URI": broker_url, "max_workers": WORKERS})
    with subscriptions(broker_url) as broker:
        container.start()
        yield Handling(Source(broker))
        container.stop()


class Echo:
    """A service that returns its argument."""

    name = "bench"

    @rpc
    def echo(self, payload: object) -> object:
        return payload
