"""The AMQP topology: every exchange, queue and binding, and which program calls which service."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from amqp.exceptions import ChannelError
from kombu import Connection, Exchange, Queue

from shared.services import SERVICES, SUBSCRIPTIONS

CALLERS_FOR_PERSONS = ("gateway", "admin")
"""Programs that call every method of every service, as the person who uses them."""

UNIQUE = "[0-9a-f-]+"
"""The pattern of the random ends of reply keys."""

SUBSCRIPTION_ARGUMENTS: Mapping[str, object] = {"x-queue-type": "quorum", "x-single-active-consumer": True}


class Binding(NamedTuple):
    """A binding of a queue to an exchange."""

    exchange: str
    queue: str
    key: str


class Topology(NamedTuple):
    """Everything that a broker must have, all of it durable."""

    exchanges: Mapping[str, str]
    """The type of each exchange."""
    queues: Mapping[str, Mapping[str, object]]
    """The arguments of each queue."""
    bindings: frozenset[Binding]


def exchange(source: str) -> Exchange:
    """The exchange of a source's events, by nameko's own convention: a stock `@event_handler` receives them too."""
    return Exchange(f"{source}.events", type="topic", durable=True, no_declare=True)


def subscription(subscriber: str, source: str) -> Queue:
    """One ordered subscription: all of a source's events for one subscriber, consumed by one copy at a time."""
    return Queue(
        f"{subscriber}.follows.{source}",
        exchange=exchange(source),
        routing_key="#",
        durable=True,
        queue_arguments=SUBSCRIPTION_ARGUMENTS,
    )


def rpc_exchange() -> Exchange:
    """The exchange of all calls and replies."""
    return Exchange("nameko-rpc", type="topic", durable=True, no_declare=True)


def sources_of(subscriber: str) -> list[str]:
    """The sources that a program follows."""
    return [source for source, subscribers in SUBSCRIPTIONS.items() if subscriber in subscribers]


def callers_of(service: str) -> tuple[str, ...]:
    """The programs that call a service, and so wait for its replies."""
    return (*CALLERS_FOR_PERSONS, *SUBSCRIPTIONS.get(service, ()))


def reply_key(program: str, unique: object) -> str:
    """The routing key of the replies to one copy of a program, which the broker lets nobody else receive.

    It is one word: a key with a dot would also match the calls to the service.
    """
    return f"{program}-reply-{unique}"


def is_reply_key(key: str, service: str) -> bool:
    """Whether a routing key is one to which the broker lets a service send replies."""
    return any(re.fullmatch(reply_key(re.escape(caller), UNIQUE), key) for caller in callers_of(service))


def declare(connection: Connection, source: str) -> None:
    """Declare a source's exchange and all its subscriptions, so that no event is published before its followers' queues exist."""
    ensure_exchange(connection, exchange(source))
    for subscriber in SUBSCRIPTIONS.get(source, ()):
        ensure_queue(connection, subscription(subscriber, source))


def ensure_queue(connection: Connection, needed: Queue) -> None:
    """Create and bind a queue where it does not exist yet; a source may not where each program has a user of its own."""
    try:
        with connection.channel() as channel:
            channel.queue_declare(needed.name, passive=True)
    except ChannelError:
        with connection.channel() as channel:
            needed(channel).declare()


def ensure_exchange(connection: Connection, needed: Exchange) -> None:
    """Create an exchange where it does not exist yet. One that does needs no permission, and programs have none for a shared one."""
    try:
        with connection.channel() as channel:
            channel.exchange_declare(needed.name, needed.type, passive=True)
    except ChannelError:
        with connection.channel() as channel:
            channel.exchange_declare(needed.name, needed.type, durable=True, auto_delete=False)


def calls(service: str) -> Queue:
    """The queue of the calls to a service."""
    return Queue(f"rpc-{service}", rpc_exchange(), f"{service}.*", durable=True)


def needed() -> Topology:
    """The whole topology as plain data."""
    subscriptions = [
        subscription(subscriber, source) for source, subscribers in SUBSCRIPTIONS.items() for subscriber in subscribers
    ]
    queues = [*subscriptions, *map(calls, SERVICES)]
    return Topology(
        exchanges={one.name: one.type for one in (rpc_exchange(), *map(exchange, SUBSCRIPTIONS))},
        queues={queue.name: SUBSCRIPTION_ARGUMENTS if queue in subscriptions else {} for queue in queues},
        bindings=frozenset(Binding(queue.exchange.name, queue.name, queue.routing_key) for queue in queues),
    )
