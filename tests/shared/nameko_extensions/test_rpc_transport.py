"""Where replies go: to programs that may call the service, and to nobody where the message was no call."""

from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import kombu
import pytest
from amqp.exceptions import PreconditionFailed

from shared.contract.auth.queries import GetMember
from shared.contract.refusals import Refused
from shared.messaging import topology
from shared.nameko_extensions.rpc_client import CallPublisher, RpcClientExtension
from shared.nameko_extensions.rpc_transport import ReconnectingConsumer, ReplyQueue, send_reply
from tests.conftest import fresh_name
from tests.support.servers import servers


class Channel:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.published: list[str] = []

    def prepare_message(self, body: str, **_options: Any) -> str:
        return body

    def basic_publish(self, _message: str, exchange: str, routing_key: str) -> None:
        assert exchange == "nameko-rpc"
        self.published.append(routing_key)


@pytest.mark.parametrize(
    ("came_by", "reply_to", "goes"),
    [
        ("payment.read_events", "capacity-reply-0a", True),
        ("payment.read_events", "bank-reply-0a", False),
        ("payment.read_events", "renewal.approve_renewal", False),
        ("gateway-reply-0a", "admin-reply-0a", False),
    ],
    ids=["a caller", "no caller", "a call", "a reply to a reply"],
)
def test_a_reply_goes_only_where_the_broker_takes_it(came_by: str, reply_to: str, goes: bool) -> None:
    """For any other key the broker closes the connection, and delivers the message again on the next one."""
    channel = Channel()
    message = SimpleNamespace(channel=channel, delivery_info={"routing_key": came_by}, properties={})
    send_reply(message, {"result": None}, reply_to)
    assert channel.published == ([reply_to] if goes else [])


@pytest.fixture
def nodes(rabbitmq_server: servers.RabbitMQ) -> Iterator[list[str]]:
    """Two virtual hosts, which stand for two nodes that both take connections."""
    names = [fresh_name(), fresh_name()]
    yield [rabbitmq_server.create_vhost(name) for name in names]
    for name in names:
        rabbitmq_server.delete_vhost(name)


def consumer_of(nodes: list[str]) -> ReconnectingConsumer:
    consumer = ReconnectingConsumer()
    consumer.container = SimpleNamespace(
        config={"AMQP_URI": ";".join(nodes)}, dependencies=(), service_name="payment", max_workers=1, accept=["json"]
    )
    consumer.setup()
    return consumer


def test_a_connection_that_is_lost_is_followed_by_one_to_the_next_node(nodes: list[str]) -> None:
    """A node may take connections and answer nothing, when its disk was full."""
    consumer, found = consumer_of(nodes), []
    for _ in range(3):
        with consumer.establish_connection() as connection:
            found.append(connection.virtual_host)
    assert found == [urlsplit(node).path[1:] for node in (*nodes, nodes[0])]


def test_a_queue_of_replies_that_cannot_be_had_is_followed_by_another(nodes: list[str]) -> None:
    """Of a cluster's queue the nodes may be gone: the broker then answers nothing about it, and here that it is declared otherwise."""
    consumer = consumer_of(nodes[:1])
    replies = ReplyQueue()
    replies.container, replies.queue_consumer = consumer.container, consumer
    replies.setup()
    first = replies.queue.name
    with kombu.Connection(nodes[0]) as connection, connection.channel() as channel:
        kombu.Queue(first, durable=False, auto_delete=True)(channel).declare()
    found = []
    for _ in range(2):
        with suppress(PreconditionFailed), consumer.consumer_context():
            found.append(replies.queue.name)
    assert len(found) == 1
    assert found != [first]
    assert found[0].startswith("rpc.reply-payment-")
    assert consumer.connection_status.is_up
    with suppress(ConnectionError), consumer.consumer_context():
        assert replies.queue.name == found[0], "a connection that is lost later goes on with the queue that it had"
        raise ConnectionError("lost")
    assert not consumer.connection_status.is_up


def test_no_node_that_is_not_reached_gives_its_password_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    consumer = consumer_of(["amqp://auth:secret-1@one/tamdid", "amqp://auth:secret-2@two/tamdid"])
    consumer.on_connection_error(OSError("no route"), 1.0)
    assert "no route" in caplog.text
    assert "secret" not in caplog.text


def test_a_call_that_a_node_does_not_take_is_followed_by_one_to_the_next_node(nodes: list[str]) -> None:
    """The first one has no exchange of calls, so that it closes the channel."""
    client = RpcClientExtension()
    client.program, client.exchange = "gateway", topology.rpc_exchange()
    client.publisher = CallPublisher(";".join(nodes))
    client.encrypted_messages = SimpleNamespace(request=lambda _message: SimpleNamespace(payload={}))  # type: ignore[assignment]
    client.replies = SimpleNamespace(get_reply_event=lambda _id: None, routing_key="", _reply_events={})  # type: ignore[assignment]
    with pytest.raises(Refused):
        client.call(GetMember(member="100"), passport="none")
    assert client.publisher.amqp_uri == ";".join(reversed(nodes))
