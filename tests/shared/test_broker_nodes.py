"""Of a broker with several nodes, whoever connects finds one that answers."""

import random
import threading
from contextlib import closing

import pytest
from kombu import Connection

from clients.admin.transport import amqp
from shared.broker_nodes import in_any_order, next_first, nodes_of
from shared.event_store.database import Database
from shared.messaging import topology
from shared.messaging.relay import Relay
from shared.nameko_extensions.rpc_client import CallPublisher
from tests.shared.messaging.test_relay import delivered
from tests.support.sample_log import LOG, append, database
from tests.support.seals import sign
from tests.support.servers.free_ports import HOST, free_port

THREE = "amqp://a:b@one/tamdid;amqp://a:b@two/tamdid;amqp://a:b@three/tamdid"


@pytest.fixture
def one_of_three(rabbitmq_url: str) -> str:
    """A cluster of which only the last node answers."""
    return ";".join((*(f"amqp://guest:guest@{HOST}:{free_port()}/" for _ in range(2)), rabbitmq_url))


@pytest.fixture
def db(postgres_url: str) -> Database:
    return database(postgres_url)


def test_the_node_that_failed_is_tried_last() -> None:
    assert [one.partition("@")[2] for one in nodes_of(next_first(THREE))] == [
        "two/tamdid",
        "three/tamdid",
        "one/tamdid",
    ]
    assert next_first("in-memory://standalone") == "in-memory://standalone"


def test_each_process_has_an_order_of_its_own() -> None:
    orders = {in_any_order(THREE, random.Random(seed)) for seed in range(100)}  # noqa: S311 - no secret
    assert {tuple(sorted(nodes_of(order))) for order in orders} == {tuple(sorted(nodes_of(THREE)))}
    assert len(orders) == 6


def test_a_relay_publishes_by_the_node_that_answers(db: Database, one_of_three: str, rabbitmq_url: str) -> None:
    relay = Relay(db, LOG, one_of_three, sign)
    with Connection(rabbitmq_url) as connection:
        topology.declare(connection, "renewal")
        append(db, "001", 0)
        running = threading.Thread(target=relay.run)
        running.start()
        try:
            assert [one.position for one in delivered(connection, "capacity", 1)] == [1]
        finally:
            relay.stop()
            running.join(timeout=20)


def test_a_call_is_sent_by_the_node_that_answers(one_of_three: str, rabbitmq_url: str) -> None:
    with Connection(rabbitmq_url) as connection:
        topology.ensure_exchange(connection, topology.rpc_exchange())
        calls = topology.calls("auth")(connection.channel())
        calls.declare()
        CallPublisher(one_of_three).publish({}, exchange=topology.rpc_exchange(), routing_key="auth.get_member")
        assert calls.get() is not None


def test_the_command_line_connects_to_the_node_that_answers(one_of_three: str) -> None:
    with closing(amqp.connected(one_of_three)) as connection:
        assert connection.is_open
