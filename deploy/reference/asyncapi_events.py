"""The events of the AsyncAPI document: the exchange of each log, the queue of each subscription, and the messages on them."""

from collections.abc import Iterator

from deploy.programs import PROGRAMS
from deploy.reference import programs
from deploy.reference.asyncapi_parts import Json, amqp_binding, channel, channel_message, message, summary
from shared.contract import seal
from shared.contract.catalogue import EVENTS
from shared.messaging import topology
from shared.services import SUBSCRIPTIONS

HEADERS: Json = {
    "type": "object",
    "properties": {
        seal.HEADER: {
            "type": "string",
            "description": "The source's signature over its log up to this event; not on each of them.",
        },
        seal.EPOCH_HEADER: {
            "type": "string",
            "description": "The epoch of the log, signed: another one after each restore.",
        },
    },
}


def exchanges() -> Iterator[tuple[str, Json]]:
    """A channel for each log: an exchange whose routing key is the event's type."""
    for source in sources():
        exchange = topology.exchange(source)
        fields = {"name": exchange.name, "type": exchange.type, "durable": exchange.durable}
        description = f"The log of {source}, in its order."
        yield event_channel(source, exchange.name, description, amqp_binding("routingKey", exchange=fields))


def subscriptions() -> Iterator[tuple[str, Json]]:
    """A channel for each subscription: a queue that is bound to all events of its source."""
    for source, subscriber in subscribers():
        queue = topology.subscription(subscriber, source)
        fields = {"name": queue.name, "durable": queue.durable, "exclusive": False, "autoDelete": False}
        description = (
            f"{subscriber} follows {source}: one ordered subscription, a quorum queue with a single active consumer."
        )
        yield event_channel(source, queue.name, description, amqp_binding("queue", queue=fields))


def event_channel(source: str, name: str, description: str, bindings: Json) -> tuple[str, Json]:
    messages = {event: message(event) for event in events_of(source)}
    return name, {"address": name, "description": description, "messages": messages, "bindings": bindings}


def publications() -> Iterator[tuple[str, Json]]:
    """An operation for each log: its events are published as they are recorded."""
    for source in sources():
        description = f"{source} publishes the events that it has recorded."
        yield (
            f"{source}.publishes",
            operation("send", topology.exchange(source).name, description, events_of(source)),
        )


def consumptions() -> Iterator[tuple[str, Json]]:
    """An operation for each subscription: the events that its follower handles; it ignores the others."""
    for source, subscriber in subscribers():
        consumed = [name for name in events_of(source) if name in programs.consumed_by(subscriber)]
        description = f"{subscriber} consumes {', '.join(consumed)}, and ignores all other events."
        queue = topology.subscription(subscriber, source).name
        yield f"{subscriber}.consumes.{source}", operation("receive", queue, description, consumed)


def operation(action: str, channel_name: str, description: str, events: list[str]) -> Json:
    return {
        "action": action,
        "channel": channel(channel_name),
        "summary": description,
        "messages": [channel_message(channel_name, name) for name in events],
    }


def event_message(name: str, data: Json) -> Json:
    """An event as a CloudEvent; `data` refers to its own schema."""
    event = EVENTS[name]
    own = {"source": {"const": event.source}, "type": {"const": name}, "data": data}
    return {
        "name": name,
        "summary": summary(event),
        "headers": HEADERS,
        "contentType": "application/json",
        "payload": {"allOf": [{"$ref": "#/components/schemas/CloudEvent"}, {"type": "object", "properties": own}]},
    }


def sources() -> list[str]:
    return [program for program in PROGRAMS if programs.has_log(program)]


def events_of(source: str) -> list[str]:
    return [name for name, event in EVENTS.items() if event.source == source]


def subscribers() -> Iterator[tuple[str, str]]:
    """Each source with each of its subscribers."""
    for source, names in SUBSCRIPTIONS.items():
        for subscriber in names:
            yield source, subscriber
