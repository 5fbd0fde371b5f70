"""The AMQP topology: every exchange, queue and binding, declared idempotently by relay and subscribers."""

from collections.abc import Mapping
from typing import NamedTuple

from kombu import Connection, Exchange, Queue

SUBSCRIPTIONS: Mapping[str, tuple[str, ...]] = {
    "auth": ("renewal", "capacity"),
    "renewal": ("payment", "capacity"),
    "payment": ("capacity",),
    "bank": ("payment",),
}
"""Who follows whose log."""
ANSWERING = (*SUBSCRIPTIONS, "capacity")
"""Who answers calls. Their queues nameko declares, by its own convention; here they are only listed."""

SUBSCRIPTION_ARGUMENTS: Mapping[str, object] = {"x-queue-type": "quorum", "x-single-active-consumer": True}


class Binding(NamedTuple):
    """What an exchange puts into a queue."""

    exchange: str
    queue: str
    key: str


class Topology(NamedTuple):
    """What there must be on a broker, all of it durable."""

    exchanges: Mapping[str, str]
    """The type of each exchange."""
    queues: Mapping[str, Mapping[str, object]]
    """The arguments of each queue."""
    bindings: frozenset[Binding]


def exchange(source: str) -> Exchange:
    """Where a source's events come out, by nameko's own convention: a stock `@event_handler` receives them too."""
    return Exchange(f"{source}.events", type="topic", durable=True)


def subscription(subscriber: str, source: str) -> Queue:
    """One ordered subscription: all of a source's events for one subscriber, consumed by one copy at a time."""
    return Queue(
        f"{subscriber}.follows.{source}",
        exchange=exchange(source),
        routing_key="#",
        durable=True,
        queue_arguments=SUBSCRIPTION_ARGUMENTS,
    )


def declare(connection: Connection, source: str) -> None:
    """Make a source's exchange and all its subscriptions, so that no event goes out before its followers' queues are there."""
    with connection.channel() as channel:
        exchange(source)(channel).declare()
        for subscriber in SUBSCRIPTIONS.get(source, ()):
            subscription(subscriber, source)(channel).declare()


def calls(service: str) -> Queue:
    """The queue of the calls to a service."""
    return Queue(f"rpc-{service}", Exchange("nameko-rpc", type="topic", durable=True), f"{service}.*", durable=True)


def needed() -> Topology:
    """Everything, as plain data."""
    subscriptions = [
        subscription(subscriber, source) for source, subscribers in SUBSCRIPTIONS.items() for subscriber in subscribers
    ]
    queues = [*subscriptions, *map(calls, ANSWERING)]
    return Topology(
        exchanges={queue.exchange.name: queue.exchange.type for queue in queues},
        queues={queue.name: SUBSCRIPTION_ARGUMENTS if queue in subscriptions else {} for queue in queues},
        bindings=frozenset(Binding(queue.exchange.name, queue.name, queue.routing_key) for queue in queues),
    )
