"""Each program's permissions on a real broker: its own part of the topology, and nothing more."""

from collections.abc import Iterator

import kombu
import pytest
from amqp.exceptions import AccessRefused

from deploy.containers import broker_users
from tests.support.servers import servers

PASSWORDS = {"renewal": "r", "capacity": "c", "payment": "p"}


@pytest.fixture(scope="module")
def broker(rabbitmq_server: servers.RabbitMQ) -> Iterator[servers.RabbitMQ]:
    rabbitmq_server.manage("POST", "definitions", broker_users.definitions(PASSWORDS))
    yield rabbitmq_server
    rabbitmq_server.delete_vhost(broker_users.VHOST)
    for user in PASSWORDS:
        rabbitmq_server.manage("DELETE", f"users/{user}")


@pytest.fixture
def capacity(broker: servers.RabbitMQ) -> Iterator[kombu.Connection]:
    host = f"{broker.host}:{broker.port}"
    with kombu.Connection(f"amqp://capacity:c@{host}/{broker_users.VHOST}") as connection:
        yield connection


def events_of(source: str) -> kombu.Exchange:
    return kombu.Exchange(f"{source}.events", "topic", durable=True)


def subscription(subscriber: str) -> kombu.Queue:
    return kombu.Queue(f"{subscriber}.follows.renewal", events_of("renewal"), routing_key="#", durable=True)


def publish(connection: kombu.Connection, source: str) -> None:
    producer = connection.Producer(auto_declare=False)
    producer.publish("fact", exchange=events_of(source), routing_key="Fact", confirm_publish=True)


def test_a_program_follows_another(capacity: kombu.Connection) -> None:
    queue = subscription("capacity")(capacity.channel())
    queue.declare()
    queue.consume(callback=print)


def test_a_program_answers_and_asks(capacity: kombu.Connection) -> None:
    rpc = kombu.Exchange("nameko-rpc", "topic", durable=True)
    for name in ("rpc-capacity", "rpc.reply-capacity-1"):
        kombu.Queue(name, rpc, routing_key=name, durable=True)(capacity.channel()).declare()


def test_a_program_takes_no_other_programs_events(capacity: kombu.Connection) -> None:
    with pytest.raises(AccessRefused):
        subscription("payment")(capacity.channel()).declare()


def test_a_program_answers_for_no_other(capacity: kombu.Connection) -> None:
    rpc = kombu.Exchange("nameko-rpc", "topic", durable=True)
    with pytest.raises(AccessRefused):
        kombu.Queue("rpc-payment", rpc, routing_key="payment.*", durable=True)(capacity.channel()).declare()


def test_a_program_tells_its_own_facts_only(broker: servers.RabbitMQ) -> None:
    host = f"{broker.host}:{broker.port}"
    url = f"amqp://payment:{PASSWORDS['payment']}@{host}/{broker_users.VHOST}"
    with kombu.Connection(url, transport_options={"confirm_publish": True}) as connection:
        for source in ("payment", "renewal"):
            events_of(source)(connection.channel()).declare()
        publish(connection, "payment")
        with pytest.raises(AccessRefused):
            publish(connection, "renewal")
