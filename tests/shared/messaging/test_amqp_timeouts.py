"""A broker that says nothing any more is given up in time, by whoever waits for it."""

from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import amqp
import kombu
import pytest
from kombu.transport import TRANSPORT_ALIASES

from shared.messaging import amqp_timeouts
from tests.support.tcp_proxy import HOST, Network, TcpProxy

LIMIT_SECONDS = 0.5


@pytest.fixture
def network() -> Iterator[Network]:
    with closing(Network()) as network:
        yield network


@pytest.fixture
def proxy(network: Network, rabbitmq_url: str) -> TcpProxy:
    return network.proxy(urlsplit(rabbitmq_url).port or 0)


@pytest.fixture
def connection(proxy: TcpProxy, rabbitmq_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[kombu.Connection]:
    """A connection by the proxy, with a short limit."""
    monkeypatch.setattr(amqp_timeouts, "ANSWER_SECONDS_MAX", LIMIT_SECONDS)
    there = urlsplit(rabbitmq_url)
    url = there._replace(netloc=there.netloc.replace(f"{there.hostname}:{there.port}", f"{HOST}:{proxy.port}")).geturl()
    with kombu.Connection(
        url, transport=amqp_timeouts.Transport, transport_options={"confirm_publish": True}
    ) as connection:
        connection.connect()
        yield connection


def test_a_declaration_is_not_waited_for_for_ever(
    network: Network, proxy: TcpProxy, connection: kombu.Connection
) -> None:
    channel = connection.channel()
    network.on([proxy], TcpProxy.swallow)
    with pytest.raises(TimeoutError):
        kombu.Queue("silent")(channel).declare()


def test_a_message_is_published_on_a_new_connection(
    network: Network, proxy: TcpProxy, connection: kombu.Connection
) -> None:
    queue = kombu.Queue("heard")
    producer = connection.Producer()
    producer.publish("before", routing_key="heard", declare=[queue])
    network.on([proxy], TcpProxy.swallow)
    producer.publish("after", routing_key="heard", declare=[queue], retry=True)
    channel = connection.channel()
    assert [message.payload for _ in range(2) if (message := queue(channel).get(no_ack=True))] == ["before", "after"]


def test_the_end_of_a_connection_is_not_waited_for_for_ever(
    network: Network, proxy: TcpProxy, connection: kombu.Connection
) -> None:
    network.on([proxy], TcpProxy.swallow)
    connection.close()
    assert not connection.connected


def test_a_body_is_neither_inflated_nor_kept_where_it_is_too_long(
    connection: kombu.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amqp_timeouts, "BODY_BYTES_MAX", 1000)
    queue, producer = kombu.Queue("bodies"), connection.Producer()
    producer.publish("0" * 100_000, routing_key="bodies", declare=[queue], compression="zlib")
    producer.publish("0" * 1001, routing_key="bodies")
    producer.publish("0" * 900, routing_key="bodies")
    bodies = [queue(connection.channel()).get(no_ack=True).body for _ in range(3)]
    assert bodies == [b"refused", b"refused", "0" * 900]


def test_a_message_that_cannot_be_read_closes_no_connection(rabbitmq_url: str) -> None:
    amqp_timeouts.register()
    with kombu.Connection(rabbitmq_url, transport=amqp_timeouts.Transport) as connection:
        queue, producer = kombu.Queue("poisoned"), connection.Producer()
        producer.publish("poison", routing_key="poisoned", declare=[queue], correlation_id=b"\xff", headers={"x": 1})
        producer.publish("after it", routing_key="poisoned", headers={"x": 1})
        found = [queue(connection.channel()).get(no_ack=True) for _ in range(2)]
    assert [(one.body, one.headers) for one in found] == [(b"poison", {}), ("after it", {"x": 1})]


def test_a_routing_key_that_cannot_be_read_closes_no_connection(rabbitmq_url: str) -> None:
    """Whoever may publish to an exchange chooses any bytes as the key, and a subscription receives them all."""
    exchange = kombu.Exchange("poisoned.keys", "topic")
    found: list[kombu.Message] = []
    with kombu.Connection(rabbitmq_url, transport=amqp_timeouts.Transport) as connection:
        queue = kombu.Queue("keys", exchange, "#", exclusive=True)
        with connection.Consumer(queue, on_message=found.append, no_ack=True):
            channel = connection.channel()
            for key in (b"\xff", b"a.\xe2\x82", b"", "گواه".encode()):
                channel.basic_publish(amqp.Message(b"poison"), "poisoned.keys", key)
            while len(found) < 4:
                connection.drain_events(timeout=5)
    assert [(one.delivery_info["routing_key"], one.body) for one in found] == [
        *[("", b"poison")] * 3, ("گواه", b"poison"),
    ]  # fmt: skip


def test_the_scheme_means_these_once_they_are_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TRANSPORT_ALIASES, "amqp", "kombu.transport.pyamqp:Transport")
    monkeypatch.setattr("kombu.transport._transport_cache", {})  # what others here have connected with
    amqp_timeouts.register()
    assert kombu.Connection("amqp://nowhere").transport_cls == "amqp"
    assert isinstance(kombu.Connection("amqp://nowhere").transport, amqp_timeouts.Transport)
