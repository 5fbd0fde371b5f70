"""The relay on the in-memory broker and on RabbitMQ: all events, in order, confirmed before the cursor moves."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from kombu import Connection, Queue

from shared.contract import cloud_events
from shared.contract.envelope import Recorded
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.messaging import topology
from shared.messaging.relay import ConfirmingChannel, NotConfirmed, Relay, process_broker_frames, sealed_messages
from shared.messaging.relay_cursor import next_batch
from shared.services import SUBSCRIPTIONS
from tests.support.sample_log import LOG, append, database
from tests.support.seals import sign


@pytest.fixture
def db(database_url: str) -> Database:
    return database(database_url)


@pytest.fixture
def connection(broker_url: str) -> Iterator[Connection]:
    with Connection(broker_url) as connection:
        topology.declare(connection, "renewal")
        yield connection


def delivered(connection: Connection, subscriber: str, count: int) -> list[Recorded]:
    """The next deliveries on a subscriber's subscription, acknowledged."""
    found: list[Any] = []
    queue = topology.subscription(subscriber, "renewal")
    with connection.channel() as channel, connection.Consumer(queue, channel=channel, on_message=found.append):
        while len(found) < count:
            connection.drain_events(timeout=10)
        if found:
            found[-1].ack(multiple=True)
    return [cloud_events.from_json(message.body) for message in found]


def log_of(db: Database) -> list[Recorded]:
    with db.read() as connection:
        return LOG.read(connection, 0, 100)


def test_every_subscriber_gets_every_event_in_order(db: Database, connection: Connection) -> None:
    append(db, "001", 0, count=3)
    append(db, "002", 0)
    relay = Relay(db, LOG, "", sign)
    assert relay.publish_once(ConfirmingChannel(connection)) == 4
    for subscriber in SUBSCRIPTIONS["renewal"]:
        assert delivered(connection, subscriber, 4) == log_of(db)


def test_the_cursor_moves_behind_what_was_confirmed(db: Database, connection: Connection) -> None:
    relay, channel = Relay(db, LOG, "", sign), ConfirmingChannel(connection)
    append(db, "001", 0, count=2)
    assert (relay.publish_once(channel), relay.publish_once(channel)) == (2, 0)
    append(db, "001", 2)
    assert relay.publish_once(channel) == 1


def test_an_event_that_no_queue_takes_stays_unsent(db: Database, connection: Connection) -> None:
    append(db, "001", 0)
    channel = ConfirmingChannel(connection)
    queues = [
        topology.subscription(subscriber, "renewal")(connection.default_channel)
        for subscriber in SUBSCRIPTIONS["renewal"]
    ]
    for queue in queues:
        queue.unbind_from(topology.exchange("renewal"), routing_key="#")
    relay = Relay(db, LOG, "", sign)
    with pytest.raises(NotConfirmed, match="no queue is bound"):
        relay.publish_once(channel)
    for queue in queues:
        queue.declare()
    assert relay.publish_once(ConfirmingChannel(connection)) == 1


def test_events_that_nobody_follows_are_published_all_the_same(db: Database, connection: Connection) -> None:
    """Notification has no subscriber yet; its log is sealed as it is published."""
    assert SUBSCRIPTIONS["notification"] == ()
    topology.declare(connection, "notification")
    log = EventLog("notification", project=lambda *_: None)
    append(db, "001", 0, count=2)
    assert Relay(db, log, "", sign).publish_once(ConfirmingChannel(connection)) == 2


def test_a_crash_before_the_cursor_moves_publishes_again(db: Database, connection: Connection) -> None:
    append(db, "001", 0)
    with next_batch(db, LOG, 10) as mine:
        assert mine is not None
        ConfirmingChannel(connection).publish("renewal", sealed_messages(mine.chain, mine.events, sign))
    Relay(db, LOG, "", sign).publish_once(ConfirmingChannel(connection))
    assert [one.position for one in delivered(connection, "payment", 2)] == [1, 1]


def test_one_copy_publishes_at_a_time(postgres_url: str) -> None:
    first, second = database(postgres_url), database(postgres_url)
    append(first, "001", 0)
    with next_batch(first, LOG, 10) as mine, next_batch(second, LOG, 10) as others:
        assert mine is not None
        assert others is None
    with next_batch(second, LOG, 10) as others:
        assert others is not None


def test_a_running_relay_is_woken_by_a_commit_and_stops_on_request(db: Database, broker_url: str) -> None:
    relay = Relay(db, LOG, broker_url, sign)
    running = threading.Thread(target=relay.run)
    running.start()
    try:
        with Connection(broker_url) as connection:
            topology.declare(connection, "renewal")
            append(db, "001", 0, count=5)
            assert [one.position for one in delivered(connection, "capacity", 5)] == [1, 2, 3, 4, 5]
    finally:
        relay.stop()
        running.join(timeout=20)
    assert not running.is_alive()


def test_a_broker_that_does_not_confirm_is_known_as_that(
    db: Database, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it answer when its connection is closed: that error is no news, and hides the first one nowhere."""
    relay, known = Relay(db, LOG, broker_url, sign), []
    really_close = Connection.release

    def close(connection: Connection) -> None:
        known.append(relay.connection_status.error)
        relay.stop()
        really_close(connection)
        raise TimeoutError("no answer")

    def publish(*_: object) -> None:
        raise NotConfirmed("no confirm in time")

    monkeypatch.setattr(ConfirmingChannel, "publish", publish)
    monkeypatch.setattr(Connection, "release", close)
    append(db, "001", 0)
    relay.run()
    assert known == [relay.connection_status.error] == ["NotConfirmed: no confirm in time"]


def test_a_stock_nameko_listener_would_hear_it(db: Database, connection: Connection) -> None:
    """Exchange and routing key are nameko's own convention, and the body is JSON by its content type."""
    (recorded,) = append(db, "001", 0)
    received: list[Any] = []
    queue = Queue("evt-renewal-RenewalWithdrawn--elsewhere.hear", topology.exchange("renewal"), "RenewalWithdrawn")
    with connection.Consumer(queue, callbacks=[lambda body, _message: received.append(body)], no_ack=True):
        Relay(db, LOG, "", sign).publish_once(ConfirmingChannel(connection))
        while not received:
            connection.drain_events(timeout=10)
    assert received[0]["id"] == str(recorded.event_id)
    assert received[0]["data"]["member"] == "001"
    assert received[0]["specversion"] == "1.0"


def test_waiting_on_an_empty_broker_ends_in_time(connection: Connection) -> None:
    queue = topology.subscription("payment", "renewal")
    with connection.channel() as channel, connection.Consumer(queue, channel=channel), pytest.raises(socket.timeout):
        connection.drain_events(timeout=0.05)


def test_an_idle_relay_processes_frames_of_the_broker(broker_url: str) -> None:
    """Else it would never see a heartbeat, and take its broker for dead whenever there is nothing to publish."""
    received: list[object] = []
    with (
        Connection(broker_url) as listening,
        Connection(broker_url) as speaking,
        listening.Consumer(Queue("told"), callbacks=[lambda body, _message: received.append(body)]),
    ):
        speaking.Producer().publish("I live", routing_key="told")
        until = time.monotonic() + 10
        while not received and time.monotonic() < until:
            process_broker_frames(listening)
    assert received == ["I live"]
