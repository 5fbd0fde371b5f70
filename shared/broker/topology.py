"""Every exchange and queue that events travel by, in one place; declaring it again changes nothing."""

from collections.abc import Mapping

from kombu import Connection, Exchange, Queue

LANES: Mapping[str, tuple[str, ...]] = {
    "auth": ("renewal", "capacity"),
    "renewal": ("payment", "capacity"),
    "payment": ("capacity",),
    "bank": ("payment",),
}
"""Who follows whose log."""


def exchange(source: str) -> Exchange:
    """Where a source's events come out, by nameko's own convention: a stock `@event_handler` hears them too."""
    return Exchange(f"{source}.events", type="topic", durable=True)


def lane(subscriber: str, source: str) -> Queue:
    """One ordered lane: all of a source's events for one subscriber, consumed by one copy at a time."""
    return Queue(
        f"{subscriber}.follows.{source}",
        exchange=exchange(source),
        routing_key="#",
        durable=True,
        queue_arguments={"x-queue-type": "quorum", "x-single-active-consumer": True},
    )


def declare(connection: Connection, source: str) -> None:
    """Make a source's exchange and all its lanes, so that no event goes out before its followers' queues are there."""
    with connection.channel() as channel:
        exchange(source)(channel).declare()
        for subscriber in LANES.get(source, ()):
            lane(subscriber, source)(channel).declare()
