"""A faulty broker in memory: it loses, duplicates, reorders, delays and refuses messages, and may be emptied."""

import socket
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.simulation.adversary import Adversary
from tests.simulation.environment import Environment
from tests.simulation.fixtures import SUBSCRIPTIONS

FOREIGN_MESSAGE = '{"hello": "from a stranger"}'


@dataclass(frozen=True)
class Message:
    """A message in a queue."""

    body: str
    headers: Mapping[str, str]
    tag: int


class Broker:
    """Queues by their subscription's (subscriber, source), and who holds which messages without having acknowledged them."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.queues: dict[tuple[str, str], list[Message]] = {
            (subscriber, source): [] for source, subscribers in SUBSCRIPTIONS.items() for subscriber in subscribers
        }
        self.delayed: list[tuple[tuple[str, str], Message]] = []
        self.held: dict[object, list[Message]] = defaultdict(list)
        self.active: dict[tuple[str, str], object] = {}
        self.count = 0
        self.adversary: Adversary | None = None
        self.routed: dict[str, list[tuple[str, Mapping[str, str]]]] = defaultdict(list)
        """All messages of a source, which whoever has a broker account of it has seen."""

    def route(self, exchange: str, body: str, headers: Mapping[str, str]) -> None:
        """Put a message into the queues of all subscriptions, as well as this broker does."""
        random, fault_rates = self.environment.random, self.environment.fault_rates
        source = exchange.removesuffix(".events")
        self.routed[source].append((body, headers))
        for subscriber in SUBSCRIPTIONS[source]:
            if random.occurs(fault_rates.foreign_message):
                self.put((subscriber, source), FOREIGN_MESSAGE, {})
            if self.adversary and self.adversary.source == source and random.occurs(fault_rates.event_forged):
                self.put((subscriber, source), *self.adversary.forged(body, headers))
            if random.occurs(fault_rates.lost):
                self.environment.tally["messages lost"] += 1
            else:
                self.put((subscriber, source), body, headers)
            if random.occurs(fault_rates.duplicated):
                self.environment.tally["messages doubled"] += 1
                self.put((subscriber, source), body, headers)

    def put(self, subscription: tuple[str, str], body: str, headers: Mapping[str, str]) -> None:
        random, fault_rates = self.environment.random, self.environment.fault_rates
        self.count += 1
        message = Message(body, headers, self.count)
        queue = self.queues[subscription]
        if random.occurs(fault_rates.delayed):
            self.delayed.append((subscription, message))
        elif random.occurs(fault_rates.reordered):
            queue.insert(random.randint(0, len(queue)), message)
        else:
            queue.append(message)

    def release_delayed(self) -> None:
        """What was delayed arrives."""
        for subscription, message in self.delayed:
            self.queues[subscription].append(message)
        self.delayed.clear()

    def empty(self) -> None:
        """All is forgotten, also who held what."""
        self.environment.tally["broker emptied"] += 1
        for queue in self.queues.values():
            queue.clear()
        self.delayed.clear()
        self.held.clear()
        self.active.clear()

    def deliver(self, subscription: tuple[str, str], consumer: object, most: int) -> list[Message]:
        """The next messages for a consumer; only the active one gets any, unless the fault of two consumers is drawn."""
        active = self.active.setdefault(subscription, consumer)
        if active is not consumer and not self.environment.random.occurs(self.environment.fault_rates.two_consumers):
            return []
        queue = self.queues[subscription]
        messages, queue[:] = queue[:most], queue[most:]
        self.held[consumer] += messages
        return messages

    def acknowledge(self, consumer: object, messages: list[Message]) -> None:
        """Forget messages for good."""
        done = {message.tag for message in messages}
        self.held[consumer] = [one for one in self.held[consumer] if one.tag not in done]

    def disconnect(self, subscription: tuple[str, str], consumer: object) -> None:
        """What a consumer held comes again."""
        self.queues[subscription][:0] = self.held.pop(consumer, [])
        if self.active.get(subscription) is consumer:
            del self.active[subscription]

    @property
    def is_empty(self) -> bool:
        return not any((*self.queues.values(), *self.held.values(), self.delayed))


@dataclass(frozen=True)
class Prepared:
    """A message before it is published."""

    body: str
    headers: Mapping[str, str]


class Channel:
    """As much of py-amqp's channel as `ConfirmingChannel` uses; what the broker says waits in `sayings` until it is drained."""

    def __init__(self, broker: Broker, confirmed: Callable[[str], None]) -> None:
        self.broker = broker
        self.environment = broker.environment
        self.confirmed = confirmed
        self.events: dict[str, set[Callable[..., None]]] = defaultdict(set)
        self.sayings: deque[tuple[str, tuple[Any, ...], tuple[str, ...]]] = deque()
        self.tag = 0
        self.may_merge = True

    def confirm_select(self) -> None:
        """All messages are confirmed here."""

    def prepare_message(self, body: str, headers: Mapping[str, str] | None, **_properties: object) -> Prepared:
        return Prepared(body, headers or {})

    def basic_publish(self, message: Prepared, *, exchange: str, routing_key: str, mandatory: bool) -> None:
        """Take a message, and say later what became of it."""
        assert mandatory, "an event that no queue takes would be lost"
        self.environment.point(f"it publishes {routing_key}")
        self.tag += 1
        if not self.environment.random.occurs(self.environment.fault_rates.not_confirmed):
            self.broker.route(exchange, message.body, message.headers)
            self.confirm_now(message.body)
            return
        match self.environment.random.choice(["refused", "returned", "silent", "broken"]):
            case "refused":
                self.sayings.append(("basic_nack", (self.tag, False), ()))
            case "returned":
                self.sayings.append(("basic_return", (None, exchange, routing_key, message), ()))
                self.sayings.append(("basic_ack", (self.tag, False), ()))
            case "silent":
                self.broker.route(exchange, message.body, message.headers)
                self.may_merge = False  # a later confirm of many would be this one's as well
            case _:
                raise ConnectionResetError("the broker is gone")

    def confirm_now(self, body: str) -> None:
        """One by one or many at once, and not always in order."""
        last = self.sayings[-1] if self.sayings and self.may_merge else None
        if last is not None and last[0] == "basic_ack" and last[2] and self.environment.random.occurs(0.5):
            self.sayings[-1] = ("basic_ack", (self.tag, True), (*last[2], body))
            return
        self.sayings.append(("basic_ack", (self.tag, False), (body,)))
        if len(self.sayings) > 1 and self.environment.random.occurs(0.2):
            self.swap_last_two()

    def swap_last_two(self) -> None:
        (kind, arguments, bodies), last = self.sayings[-2], self.sayings[-1]
        if kind == "basic_ack" and not arguments[1]:
            self.sayings[-2], self.sayings[-1] = last, (kind, arguments, bodies)


class BrokerConnection:
    """As much of kombu's connection as `ConfirmingChannel` uses."""

    def __init__(self, broker: Broker, confirmed: Callable[[str], None]) -> None:
        self.opened = Channel(broker, confirmed)

    def channel(self) -> Channel:
        return self.opened

    def drain_events(self, timeout: float) -> None:
        """One thing that the broker has to say; a relay waits for it, and others go on."""
        assert timeout > 0
        self.opened.environment.interleave()
        if not self.opened.sayings:
            raise socket.timeout  # noqa: UP041 - the name that py-amqp documents
        kind, arguments, bodies = self.opened.sayings.popleft()
        for body in bodies:
            self.opened.confirmed(body)
        for callback in self.opened.events[kind]:
            callback(*arguments)
