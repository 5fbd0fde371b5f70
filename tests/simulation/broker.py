"""A broker in memory that keeps no promise it can break: it loses, doubles, reorders, delays, refuses, and forgets everything."""

import socket
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.messaging import topology
from tests.simulation.environment import Scene

NOT_OURS = '{"hello": "from a stranger"}'


@dataclass(frozen=True)
class Message:
    """What lies in a queue."""

    body: str
    tag: int


class Broker:
    """Queues by their subscription's (subscriber, source), and who holds which messages without having acknowledged them."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.queues: dict[tuple[str, str], list[Message]] = {
            (subscriber, source): []
            for source, subscribers in topology.SUBSCRIPTIONS.items()
            for subscriber in subscribers
        }
        self.delayed: list[tuple[tuple[str, str], Message]] = []
        self.held: dict[object, list[Message]] = defaultdict(list)
        self.active: dict[tuple[str, str], object] = {}
        self.count = 0

    def route(self, exchange: str, body: str) -> None:
        """Put a message into the queues of all subscriptions, as well as this broker does."""
        chance, weather = self.scene.chance, self.scene.weather
        source = exchange.removesuffix(".events")
        for subscriber in topology.SUBSCRIPTIONS[source]:
            if chance.happens(weather.not_ours):
                self.put((subscriber, source), NOT_OURS)
            if chance.happens(weather.lost):
                self.scene.tally["messages lost"] += 1
            else:
                self.put((subscriber, source), body)
            if chance.happens(weather.doubled):
                self.scene.tally["messages doubled"] += 1
                self.put((subscriber, source), body)

    def put(self, subscription: tuple[str, str], body: str) -> None:
        chance, weather = self.scene.chance, self.scene.weather
        self.count += 1
        message = Message(body, self.count)
        queue = self.queues[subscription]
        if chance.happens(weather.delayed):
            self.delayed.append((subscription, message))
        elif chance.happens(weather.reordered):
            queue.insert(chance.randint(0, len(queue)), message)
        else:
            queue.append(message)

    def let_go(self) -> None:
        """What was delayed arrives."""
        for subscription, message in self.delayed:
            self.queues[subscription].append(message)
        self.delayed.clear()

    def empty(self) -> None:
        """All is forgotten, also who held what."""
        self.scene.tally["broker emptied"] += 1
        for queue in self.queues.values():
            queue.clear()
        self.delayed.clear()
        self.held.clear()
        self.active.clear()

    def deliver(self, subscription: tuple[str, str], consumer: object, most: int) -> list[Message]:
        """The next messages for a consumer; only the active one gets any, if the broker keeps to that."""
        active = self.active.setdefault(subscription, consumer)
        if active is not consumer and not self.scene.chance.happens(self.scene.weather.two_consumers):
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


class Channel:
    """As much of py-amqp's channel as `ConfirmingChannel` uses; what the broker says waits in `sayings` until it is drained."""

    def __init__(self, broker: Broker, confirmed: Callable[[str], None]) -> None:
        self.broker = broker
        self.scene = broker.scene
        self.confirmed = confirmed
        self.events: dict[str, set[Callable[..., None]]] = defaultdict(set)
        self.sayings: deque[tuple[str, tuple[Any, ...], tuple[str, ...]]] = deque()
        self.tag = 0
        self.may_merge = True

    def confirm_select(self) -> None:
        """All messages are confirmed here."""

    def prepare_message(self, body: str, **_properties: object) -> Prepared:
        return Prepared(body)

    def basic_publish(self, message: Prepared, *, exchange: str, routing_key: str, mandatory: bool) -> None:
        """Take a message, and say later what became of it."""
        assert mandatory, "an event that no queue takes would be lost"
        self.scene.point(f"it publishes {routing_key}")
        self.tag += 1
        if not self.scene.chance.happens(self.scene.weather.not_confirmed):
            self.broker.route(exchange, message.body)
            self.say_acked(message.body)
            return
        match self.scene.chance.choice(["refused", "returned", "silent", "broken"]):
            case "refused":
                self.sayings.append(("basic_nack", (self.tag, False), ()))
            case "returned":
                self.sayings.append(("basic_return", (None, exchange, routing_key, message), ()))
                self.sayings.append(("basic_ack", (self.tag, False), ()))
            case "silent":
                self.broker.route(exchange, message.body)
                self.may_merge = False  # a later confirm of many would be this one's as well
            case _:
                raise ConnectionResetError("the broker is gone")

    def say_acked(self, body: str) -> None:
        """One by one or many at once, and not always in order."""
        last = self.sayings[-1] if self.sayings and self.may_merge else None
        if last is not None and last[0] == "basic_ack" and last[2] and self.scene.chance.happens(0.5):
            self.sayings[-1] = ("basic_ack", (self.tag, True), (*last[2], body))
            return
        self.sayings.append(("basic_ack", (self.tag, False), (body,)))
        if len(self.sayings) > 1 and self.scene.chance.happens(0.2):
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
        self.opened.scene.meanwhile()
        if not self.opened.sayings:
            raise socket.timeout  # noqa: UP041 - the name that py-amqp documents
        kind, arguments, bodies = self.opened.sayings.popleft()
        for body in bodies:
            self.opened.confirmed(body)
        for callback in self.opened.events[kind]:
            callback(*arguments)
