"""The sides of following: our subscription, a bare consumer that writes the same rows, and nameko's own event handler."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import psycopg
from kombu import Connection as Broker
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table

from bench.implementations import sample_logs
from bench.implementations.appends import plain
from bench.implementations.relays import SOURCE, TYPE, empty, subscriptions
from shared.contract import seal
from shared.contract.envelope import Recorded
from shared.contract.refusals import Reason, Refused
from shared.contract.seal import GENESIS, Delivery
from shared.event_store.sql import bulk
from shared.event_store.sql.group_commit import driver_errors_as_sqlalchemy
from shared.messaging import amqp_timeouts, topology
from shared.messaging.relay import BATCH_MAX, ConfirmingChannel, sealed_messages
from shared.subscriptions.checkpoints import Checkpoint
from shared.subscriptions.follower import Follower
from shared.subscriptions.seal_check import SealCheck
from shared.subscriptions.source_signatures import SourceSignatures
from tests.support.seals import is_signed, sign

SUBSCRIBER = "payment"
BARE_BATCH = 100
VIEWS = MetaData()
ROWS = Table(
    "bench_rows",
    VIEWS,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("stream", String(120), nullable=False),
    Column("type", String(60), nullable=False),
    Column("data", String, nullable=False),
)
CREATE = (
    "CREATE TABLE bench_rows (position int PRIMARY KEY, stream text NOT NULL, type text NOT NULL, data text NOT NULL)"
)


class Source:
    """Puts events on the subscriptions, as the relay does, with positions that go on from the last."""

    def __init__(self, broker: Broker) -> None:
        self.channel = ConfirmingChannel(broker)
        self.head, self.chain = 0, GENESIS

    def publish(self, count: int) -> None:
        for start in range(0, count, BATCH_MAX):
            events = [self.next() for _ in range(min(BATCH_MAX, count - start))]
            messages = sealed_messages(self.chain, events, sign)
            self.channel.publish(SOURCE, messages)
            self.chain = messages[-1].seal.chain if messages[-1].seal else self.chain

    def next(self) -> Recorded:
        self.head += 1
        return Recorded(
            source=SOURCE, position=self.head, stream=f"renewal/{uuid4()}", version=1, event_id=uuid4(), type=TYPE,
            data=sample_logs.fact().model_dump_json(), metadata=sample_logs.metadata(self.head), recorded_at=sample_logs.AT,
        )  # fmt: skip


def write_rows(connection: Connection, events: Sequence[Recorded]) -> None:
    """Our side's view: a row an event, written as the capacity writes its own."""
    rows = [{"position": one.position, "stream": one.stream, "type": one.type, "data": one.data} for one in events]
    with driver_errors_as_sqlalchemy(connection):
        bulk.insert(connection, ROWS, rows)


class Following:
    """Our subscription listens until all is applied; putting the events on the subscription is not timed."""

    def __init__(self, broker: Broker, subscription: Any, source: Source) -> None:
        self.broker = broker
        self.subscription = subscription
        self.source = source

    def prepare(self, count: int) -> None:
        empty(self.broker)
        self.source.publish(count)

    def __call__(self, _count: int) -> None:
        self.subscription.until = self.source.head
        self.subscription.listen(self.broker)


@contextmanager
def ours(url: str, broker_url: str) -> Iterator[Following]:
    from shared.nameko_extensions.subscription import Subscription  # noqa: PLC0415 - nameko, and so eventlet

    class StoppingSubscription(Subscription):
        """Stops once it has come so far."""

        until = 0

        @property
        def _stopping(self) -> bool:
            return bool(self.until) and self.applied >= self.until

        @_stopping.setter
        def _stopping(self, _value: bool) -> None:
            self.applied = 0

        def catch_up(self) -> bool:
            """Fetches no missing events: none are lost here."""
            return False

    amqp_timeouts.register()
    with sample_logs.log_in(url) as (database, _), subscriptions(broker_url) as broker:
        database.create_tables(VIEWS)
        subscription: Any = None

        def apply_all(connection: Connection, events: Sequence[Recorded]) -> None:
            write_rows(connection, events)
            subscription.applied = events[-1].position

        def apply(connection: Connection, events: Recorded) -> None:
            apply_all(connection, [events])

        subscription = StoppingSubscription(SOURCE, apply, apply_all)
        subscription.subscriber = SUBSCRIBER
        subscription.signatures = SourceSignatures(SOURCE, is_signed)
        subscription.follower = Follower(database, SOURCE, apply, nobody_answers, time.sleep, apply_all)
        yield Following(broker, subscription, Source(broker))


class UnsealedCheck(SealCheck):
    """Takes every delivery that follows as covered."""

    def covered(self, _chain: str, following: Sequence[Delivery]) -> Sequence[Delivery]:
        return following

    def checkpoint_at(self, covered: Delivery, epoch: str = "") -> Checkpoint:
        return Checkpoint(covered.position, GENESIS, epoch, covered.event_id)


@contextmanager
def unsealed(url: str, broker_url: str) -> Iterator[Following]:
    """The same subscription without digests, chain and signatures."""
    with patch.object(seal, "digest_of", lambda _body: ""), ours(url, broker_url) as following:
        following.subscription.follower._seals = UnsealedCheck(SOURCE)  # noqa: SLF001 - the program has no such choice
        yield following


def nobody_answers(_after: int, _limit: int) -> Sequence[Delivery]:
    raise Refused(Reason.NO_ANSWER)


# ---------------------------------------------------------------- the others

Rows = Sequence[tuple[int, str, str, str]]


def writer(url: str) -> Callable[[Rows], None]:
    """Writes rows in one transaction, by the driver alone."""
    if url.startswith("sqlite"):
        file = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        file.execute("PRAGMA journal_mode = WAL")
        file.execute("PRAGMA synchronous = FULL")
        file.execute(CREATE)

        def write_to_file(rows: Rows) -> None:
            file.execute("BEGIN IMMEDIATE")
            file.executemany("INSERT INTO bench_rows VALUES (?, ?, ?, ?)", rows)
            file.execute("COMMIT")

        return write_to_file
    connection = psycopg.connect(plain(url))
    connection.execute(CREATE)
    connection.commit()

    def write(rows: Rows) -> None:
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO bench_rows VALUES (%s, %s, %s, %s)", rows)
        connection.commit()

    return write


def row_of(envelope: dict[str, Any]) -> tuple[int, str, str, str]:
    return envelope["sequence"], envelope["subject"], envelope["type"], json.dumps(envelope["data"])


class Consuming:
    """py-amqp's consumer with a transaction for each hundred deliveries, acknowledged after the commit."""

    def __init__(self, broker: Broker, write: Callable[[Rows], None]) -> None:
        self.broker = broker
        self.source = Source(broker)
        self.write = write

    def prepare(self, count: int) -> None:
        empty(self.broker)
        self.source.publish(count)

    def __call__(self, count: int) -> None:
        deliveries: list[Any] = []
        done = 0
        channel: Any = self.broker.channel()
        channel.basic_qos(0, 2 * BARE_BATCH, False)
        channel.basic_consume(topology.subscription(SUBSCRIBER, SOURCE).name, callback=deliveries.append)
        while done < count:
            while len(deliveries) < min(BARE_BATCH, count - done):
                self.broker.drain_events(timeout=30)
            self.write([row_of(json.loads(one.body)) for one in deliveries])
            channel.basic_ack(deliveries[-1].delivery_tag, multiple=True)
            done += len(deliveries)
            deliveries.clear()
        channel.close()


@contextmanager
def bare(url: str, broker_url: str) -> Iterator[Consuming]:
    with subscriptions(broker_url) as broker:
        yield Consuming(broker, writer(url))
