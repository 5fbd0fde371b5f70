"""The events of the AsyncAPI document: where each log comes out, who follows it, and what its messages are."""

from collections.abc import Iterator

from deploy.reference import programs
from deploy.reference.asyncapi_parts import AMQP_BINDING, Json, about, channel, message, message_of
from deploy.reference.programs import PROGRAMS
from shared.contract.catalogue import EVENTS
from shared.messaging import topology


def exchanges() -> Iterator[tuple[str, Json]]:
    """Where each log comes out: an exchange whose routing key is the event's type."""
    for source in sources():
        exchange = topology.exchange(source)
        yield (
            exchange.name,
            {
                "address": exchange.name,
                "description": f"The log of {source}, in its order.",
                "messages": {name: message(name) for name in events_of(source)},
                "bindings": {
                    "amqp": {
                        "is": "routingKey",
                        "exchange": {"name": exchange.name, "type": exchange.type, "durable": exchange.durable},
                        "bindingVersion": AMQP_BINDING,
                    }
                },
            },
        )


def subscriptions() -> Iterator[tuple[str, Json]]:
    """The queue of each follower, bound to all events of its source."""
    for source, subscriber in followings():
        queue = topology.subscription(subscriber, source)
        yield (
            queue.name,
            {
                "address": queue.name,
                "description": f"{subscriber} follows {source}: one ordered subscription, a quorum queue with a single active consumer.",
                "messages": {name: message(name) for name in events_of(source)},
                "bindings": {
                    "amqp": {
                        "is": "queue",
                        "queue": {
                            "name": queue.name,
                            "durable": queue.durable,
                            "exclusive": False,
                            "autoDelete": False,
                        },
                        "bindingVersion": AMQP_BINDING,
                    }
                },
            },
        )


def tellings() -> Iterator[tuple[str, Json]]:
    for source in sources():
        exchange = topology.exchange(source).name
        yield (
            f"{source}.tells",
            {
                "action": "send",
                "channel": channel(exchange),
                "summary": f"{source} tells what it has recorded.",
                "messages": [message_of(exchange, name) for name in events_of(source)],
            },
        )


def hearings() -> Iterator[tuple[str, Json]]:
    """What a follower takes from its subscription; the other events it passes by."""
    for source, subscriber in followings():
        queue = topology.subscription(subscriber, source).name
        consumed = [name for name in events_of(source) if name in programs.consumed_by(subscriber)]
        yield (
            f"{subscriber}.hears.{source}",
            {
                "action": "receive",
                "channel": channel(queue),
                "summary": f"{subscriber} hears {', '.join(consumed)}; all else it passes by.",
                "messages": [message_of(queue, name) for name in consumed],
            },
        )


def event_message(name: str, data: Json) -> Json:
    event = EVENTS[name]
    own = {"source": {"const": event.source}, "type": {"const": name}, "data": data}
    return {
        "name": name,
        "summary": about(event),
        "payload": {"allOf": [{"$ref": "#/components/schemas/CloudEvent"}, {"type": "object", "properties": own}]},
    }


def sources() -> list[str]:
    return [program for program in PROGRAMS if programs.keeps_log(program)]


def events_of(source: str) -> list[str]:
    return [name for name, event in EVENTS.items() if event.source == source]


def followings() -> Iterator[tuple[str, str]]:
    """Each source with each of its followers."""
    for source, subscribers in topology.SUBSCRIPTIONS.items():
        for subscriber in subscribers:
            yield source, subscriber
