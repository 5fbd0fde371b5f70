"""The sides of relaying: our relay with its log, py-amqp with confirms for many or for each, and nameko's own dispatcher."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import amqp
from kombu import Connection

from bench.implementations import sample_logs
from shared.contract import cloud_events
from shared.contract.seal import GENESIS
from shared.event_store.log import EventLog
from shared.event_store.seals import Seal
from shared.messaging import amqp_timeouts, topology
from shared.messaging.relay import BATCH_MAX, ConfirmingChannel, Relay, SealedMessage
from shared.messaging.relay_cursor import READ, advance, next_batch
from shared.services import SUBSCRIPTIONS
from tests.support.seals import sign

SOURCE = "renewal"
TYPE = "RenewalWithdrawn"
BODY = json.dumps(
    {
        "specversion": "1.0",
        "id": "00000000-0000-4000-8000-000000000000",
        "source": SOURCE,
        "type": TYPE,
        "subject": "renewal/00000000-0000-4000-8000-000000000000",
        "time": sample_logs.AT.isoformat(),
        "datacontenttype": "application/json",
        "sequence": 100_000,
        "streamversion": 1,
        "correlationid": sample_logs.PLAIN_METADATA["correlation_id"],
        "causationid": sample_logs.PLAIN_METADATA["causation_id"],
        "actor": sample_logs.PLAIN_METADATA["actor"],
        "traceparent": "",
        "data": sample_logs.PLAIN_FACT,
    }
)
"""A message as long as ours, ready made: the sides without a log have nothing to read."""


@contextmanager
def subscriptions(broker_url: str) -> Iterator[Connection]:
    """A connection to a broker with the exchange and the subscriptions of the source."""
    with Connection(broker_url) as connection:
        topology.declare(connection, SOURCE)
        yield connection


def empty(connection: Connection) -> None:
    """Purge what was published and has no consumer here."""
    for subscriber in SUBSCRIPTIONS[SOURCE]:
        topology.subscription(subscriber, SOURCE)(connection.default_channel).purge()


class Relaying:
    """Publishes what is in the log; filling the log is not timed."""

    def __init__(self, connection: Connection, relay: Relay, log: EventLog) -> None:
        self.connection = connection
        self.relay = relay
        self.log = log
        self.channel = ConfirmingChannel(connection)

    def prepare(self, count: int) -> None:
        empty(self.connection)
        while self.relay.publish_once(self.channel):
            pass
        sample_logs.fill(self.relay.database, self.log, count)

    def __call__(self, count: int) -> None:
        published = 0
        while published < count:
            published += self.relay.publish_once(self.channel)


class Republishing(Relaying):
    """Publishes what it has published before, as after a crash before the cursor moved: a log is filled once for each count and kind of events."""

    def __init__(self, connection: Connection, relay: Relay, log: EventLog) -> None:
        super().__init__(connection, relay, log)
        self.beginnings: dict[tuple[int, int], Seal] = {}

    def prepare(self, count: int) -> None:
        database, kind = self.relay.database, (count, sample_logs.Traced.every)
        if kind in self.beginnings:
            empty(self.connection)
            database.write_unflushed(lambda connection: advance(connection, self.beginnings[kind]))
            return
        super().prepare(-(-count // BATCH_MAX) * BATCH_MAX)  # so that no batch has events of two kinds
        with database.read() as connection:
            position, chain, _epoch = READ.first(connection)
        self.beginnings[kind] = Seal(position, chain, "")


@contextmanager
def ours(url: str, broker_url: str, relay: type[Relay] = Relay, runs: type[Relaying] = Relaying) -> Iterator[Relaying]:
    amqp_timeouts.register()
    with sample_logs.log_in(url) as (database, log), subscriptions(broker_url) as connection:
        yield runs(connection, relay(database, log, broker_url, sign), log)


@contextmanager
def republishing(url: str, broker_url: str) -> Iterator[Relaying]:
    with ours(url, broker_url, runs=Republishing) as relaying:
        yield relaying


class UnsealedRelay(Relay):
    """The same relay without the chain, the signatures and the rows of the seals."""

    def publish_once(self, channel: ConfirmingChannel) -> int:
        with next_batch(self.database, self.log, BATCH_MAX) as batch:
            if batch is None or not batch.events:
                return 0
            channel.publish(SOURCE, [SealedMessage(one, cloud_events.encoded(one), None) for one in batch.events])
            batch.publish_confirmed(Seal(batch.events[-1].position, GENESIS, ""))
            return len(batch.events)


@contextmanager
def unsealed(url: str, broker_url: str) -> Iterator[Relaying]:
    with ours(url, broker_url, UnsealedRelay) as relaying:
        yield relaying


class Publishing:
    """Publishes a ready-made message again and again."""

    def __init__(self, connection: Connection, publish: Callable[[int], None]) -> None:
        self.connection = connection
        self.publish = publish

    def prepare(self, _count: int) -> None:
        empty(self.connection)

    def __call__(self, count: int) -> None:
        self.publish(count)


@contextmanager
def pipelined(broker_url: str) -> Iterator[Publishing]:
    """py-amqp: a batch is published, then its confirms are awaited."""
    with subscriptions(broker_url) as connection:
        channel: Any = connection.channel()
        channel.confirm_select()
        confirmed = 0

        def acked(tag: int, _multiple: bool) -> None:
            nonlocal confirmed
            confirmed = max(confirmed, tag)

        channel.events["basic_ack"].add(acked)
        sent = 0

        def publish(count: int) -> None:
            nonlocal sent
            for start in range(0, count, BATCH_MAX):
                for _ in range(min(BATCH_MAX, count - start)):
                    channel.basic_publish(message(), exchange=f"{SOURCE}.events", routing_key=TYPE, mandatory=True)
                    sent += 1
                while confirmed < sent:
                    connection.drain_events(timeout=30)

        yield Publishing(connection, publish)


@contextmanager
def one_by_one(broker_url: str) -> Iterator[Publishing]:
    """py-amqp: each message waits for its confirm."""
    with subscriptions(broker_url) as connection:
        channel: Any = connection.channel()

        def publish(count: int) -> None:
            for _ in range(count):
                channel.basic_publish_confirm(message(), exchange=f"{SOURCE}.events", routing_key=TYPE, mandatory=True)

        yield Publishing(connection, publish)


def message() -> amqp.Message:
    return amqp.Message(BODY, content_type="application/json", content_encoding="utf-8", delivery_mode=2)


@contextmanager
def nameko_dispatcher(broker_url: str) -> Iterator[Publishing]:
    """nameko's own event dispatcher."""
    from nameko.standalone.events import event_dispatcher  # noqa: PLC0415 - this side alone runs under eventlet

    with subscriptions(broker_url) as connection:
        dispatch = event_dispatcher({"AMQP_URI": broker_url})

        def publish(count: int) -> None:
            for _ in range(count):
                dispatch(SOURCE, TYPE, sample_logs.PLAIN_FACT)

        yield Publishing(connection, publish)
