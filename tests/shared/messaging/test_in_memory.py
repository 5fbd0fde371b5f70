"""The broker inside the process, where kombu's own in-memory transport falls short of what nameko needs."""

import threading
from time import monotonic
from typing import Any

import pytest
from amqp.exceptions import ChannelError
from kombu import Connection, Exchange, Queue

TOPIC = Exchange("topic", type="topic")
QUEUE = Queue("queue", TOPIC, routing_key="a.*")


def test_a_message_wakes_who_waits_for_it(memory_url: str) -> None:
    received: list[Any] = []
    with Connection(memory_url) as listening, Connection(memory_url) as speaking:
        with listening.Consumer(QUEUE, callbacks=[lambda body, _message: received.append(body)], no_ack=True):
            waiting = threading.Thread(target=lambda: listening.drain_events(timeout=30))
            waiting.start()
            began = monotonic()
            speaking.Producer().publish({"n": 1}, exchange=TOPIC, routing_key="a.b")
            waiting.join()
        assert monotonic() - began < 20
    assert received == [{"n": 1}]


def test_a_mandatory_message_without_a_queue_is_refused(memory_url: str) -> None:
    with Connection(memory_url) as connection:
        QUEUE(connection.default_channel).declare()
        with pytest.raises(ChannelError, match="NO_ROUTE"):
            connection.Producer().publish("x", exchange=TOPIC, routing_key="b", mandatory=True)


def test_a_binding_counts_from_when_it_is_made_until_it_is_gone(memory_url: str) -> None:
    with Connection(memory_url) as connection:
        later = Queue("later", TOPIC, routing_key="a.*")(connection.default_channel)
        QUEUE(connection.default_channel).declare()
        for change in (later.declare, lambda: later.unbind_from(TOPIC, "a.*"), list):
            connection.Producer().publish("x", exchange=TOPIC, routing_key="a.b")
            change()
        assert connection.SimpleQueue(QUEUE).qsize() == 3
        assert connection.default_channel.queue_declare("later").message_count == 1


def test_the_content_type_is_among_the_properties(memory_url: str) -> None:
    received: list[Any] = []
    with Connection(memory_url) as connection, connection.Consumer(QUEUE, on_message=received.append):
        connection.Producer().publish({}, exchange=TOPIC, routing_key="a.b")
        connection.drain_events(timeout=5)
        assert received[0].properties["content_type"] == "application/json"
        received[0].ack()


def test_brokers_of_different_names_share_nothing(memory_url: str) -> None:
    with Connection(memory_url) as one, Connection(f"{memory_url}other") as other:
        QUEUE(one.default_channel).declare()
        QUEUE(other.default_channel).declare()
        one.Producer().publish("x", exchange=TOPIC, routing_key="a.b")
        assert one.SimpleQueue(QUEUE).qsize() == 1
        assert other.SimpleQueue(QUEUE).qsize() == 0


def test_acknowledging_multiple_takes_all_before_it(memory_url: str) -> None:
    received: list[Any] = []
    with Connection(memory_url) as connection, connection.Consumer(QUEUE, on_message=received.append) as consumer:
        for number in range(3):
            connection.Producer().publish(number, exchange=TOPIC, routing_key="a.b")
        while len(received) < 3:
            connection.drain_events(timeout=5)
        received[1].ack(multiple=True)
        left = [tag for tag in consumer.channel.qos._delivered if tag not in consumer.channel.qos._dirty]
        assert left == [received[2].delivery_tag]


def test_a_call_to_a_missing_service_is_returned_as_nameko_expects(memory_url: str) -> None:
    with Connection(memory_url) as connection:
        TOPIC(connection.default_channel).declare()
        with pytest.raises(ChannelError, match="NO_ROUTE"):
            connection.Producer().publish("x", exchange=TOPIC, routing_key="b", mandatory=True, retry=True)
