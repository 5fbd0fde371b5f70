"""Each program's permissions on a real broker: its own part of the topology, and nothing more."""

from collections.abc import Iterator
from pathlib import Path

import kombu
import pytest
from amqp.exceptions import AccessRefused

from deploy.containers import broker_users
from shared.messaging import amqp_timeouts, topology
from shared.services import SERVICES, SUBSCRIPTIONS
from tests.support.servers import servers

VHOST = "users"
PASSWORDS = {program: f"of-{program}" for program in (*SERVICES, *topology.CALLERS_FOR_PERSONS)}


@pytest.fixture(scope="module")
def broker(rabbitmq_server: servers.RabbitMQ) -> Iterator[servers.RabbitMQ]:
    rabbitmq_server.manage("POST", "definitions", broker_users.definitions(PASSWORDS, VHOST))
    with connected(rabbitmq_server, "auth") as auth:
        topology.calls("auth")(auth.channel()).declare()
    yield rabbitmq_server
    rabbitmq_server.delete_vhost(VHOST)
    for user in PASSWORDS:
        rabbitmq_server.manage("DELETE", f"users/{user}")


@pytest.fixture
def capacity(broker: servers.RabbitMQ) -> Iterator[kombu.Connection]:
    with connected(broker, "capacity") as connection:
        yield connection


@pytest.fixture
def bank(broker: servers.RabbitMQ) -> Iterator[kombu.Connection]:
    """The account of the program that strangers reach, as whoever has stolen its password uses it."""
    with connected(broker, "bank") as connection:
        yield connection


def connected(broker: servers.RabbitMQ, program: str) -> kombu.Connection:
    url = f"amqp://{program}:{PASSWORDS[program]}@{broker.host}:{broker.port}/{VHOST}"
    return kombu.Connection(url, transport_options={"confirm_publish": True})


def publish(connection: kombu.Connection, exchange: str, key: str) -> None:
    connection.Producer(auto_declare=False).publish({}, exchange=exchange, routing_key=key)


def bind_replies(connection: kombu.Connection, name: str, key: str) -> None:
    queue = kombu.Queue(f"rpc.reply-{name}", topology.rpc_exchange(), key, expires=60)
    queue(connection.channel()).declare()


@pytest.mark.parametrize("program", SERVICES)
def test_a_service_declares_its_part_of_the_topology(broker: servers.RabbitMQ, program: str) -> None:
    with connected(broker, program) as connection:
        topology.ensure_exchange(connection, topology.rpc_exchange())
        if program in SUBSCRIPTIONS:
            topology.declare(connection, program)
        topology.calls(program)(connection.channel()).declare()
        for source in topology.sources_of(program):
            queue = topology.subscription(program, source)(connection.channel())
            queue.declare()
            queue.consume(callback=print)


def test_a_program_receives_replies_to_its_own_calls(capacity: kombu.Connection, broker: servers.RabbitMQ) -> None:
    key = topology.reply_key("capacity", "0a-1b")
    bind_replies(capacity, "capacity-0a-1b", key)
    publish(capacity, "nameko-rpc", "auth.read_events")
    with connected(broker, "auth") as auth:
        publish(auth, "nameko-rpc", key)


def test_a_program_takes_no_other_programs_events(capacity: kombu.Connection) -> None:
    with pytest.raises(AccessRefused):
        topology.subscription("payment", "renewal")(capacity.channel()).declare()


def test_a_program_answers_no_other_programs_calls(capacity: kombu.Connection) -> None:
    with pytest.raises(AccessRefused):
        topology.calls("payment")(capacity.channel()).declare()


@pytest.mark.parametrize("key", ["#", "*.*", "auth.*", "auth.sign_in", "gateway-reply-0a", "bank.*.#", "*"])
def test_nobody_receives_calls_and_replies_of_others(bank: kombu.Connection, key: str) -> None:
    with pytest.raises(AccessRefused):
        bind_replies(bank, "bank-evil", key)


@pytest.mark.parametrize(
    "key", ["auth.sign_in", "payment.confirm_payment", "renewal.approve_renewal", "payment.read_events"]
)
def test_a_program_calls_only_what_it_needs(bank: kombu.Connection, key: str) -> None:
    with pytest.raises(AccessRefused):
        publish(bank, "nameko-rpc", key)


def test_a_program_replies_only_to_those_who_may_call_it(bank: kombu.Connection) -> None:
    with pytest.raises(AccessRefused):
        publish(bank, "nameko-rpc", topology.reply_key("capacity", "0a"))


def test_a_program_publishes_only_its_own_events(broker: servers.RabbitMQ) -> None:
    with connected(broker, "payment") as connection:
        publish(connection, "payment.events", "PaymentSettled")
        with pytest.raises(AccessRefused):
            publish(connection, "renewal.events", "RenewalApproved")


@pytest.mark.parametrize("queue", ["capacity.follows.auth", "rpc-auth", "rpc.reply-gateway-0a"])
def test_a_program_puts_nothing_into_a_queue_past_the_exchanges(bank: kombu.Connection, queue: str) -> None:
    with pytest.raises(AccessRefused):
        publish(bank, "", queue)


@pytest.mark.parametrize("program", SERVICES)
def test_nobody_sends_calls_past_the_patterns_over_their_keys(broker: servers.RabbitMQ, program: str) -> None:
    """The broker compares no routing key where an exchange feeds another one, and none with what dead letters go on with."""
    onwards = {"x-dead-letter-exchange": "nameko-rpc", "x-dead-letter-routing-key": "auth.sign_in", "x-message-ttl": 1}
    own = [f"{program}.events"] if program in SUBSCRIPTIONS else []
    with connected(broker, program) as connection:
        for exchange in own:
            with pytest.raises(AccessRefused):
                connection.channel().exchange_bind("nameko-rpc", exchange, "#")
            evil = kombu.Queue(
                f"rpc.reply-{program}-0e", kombu.Exchange(exchange, no_declare=True), "#", queue_arguments=onwards
            )
            with pytest.raises(AccessRefused):
                evil(connection.channel()).declare()
        for subscriber in SUBSCRIPTIONS.get(program, ()):
            with pytest.raises(AccessRefused):
                connection.channel().queue_delete(f"{subscriber}.follows.{program}")


def test_a_program_that_publishes_without_end_fills_no_disk(
    broker: servers.RabbitMQ, bank: kombu.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_users, "SUBSCRIPTION_BYTES_MAX", 10_000)
    broker.manage("POST", "definitions", broker_users.definitions(PASSWORDS, VHOST))
    producer = bank.Producer(auto_declare=False)
    for number in range(50):
        producer.publish(f"{number:1000}", exchange="bank.events", routing_key="Flood", content_type="text/plain")
    waiting: list[int] = []
    queue = topology.subscription("payment", "bank")
    with (
        connected(broker, "payment") as payment,
        payment.Consumer(queue, on_message=lambda one: waiting.append(int(one.body)), no_ack=True, auto_declare=False),
    ):
        while 49 not in waiting:
            payment.drain_events(timeout=10)
    assert len(waiting) <= 10, "the oldest are dropped"
    assert waiting == list(range(50 - len(waiting), 50))


def test_the_broker_takes_no_message_that_no_program_would_take() -> None:
    file = Path(broker_users.__file__).with_name("rabbitmq.conf").read_text(encoding="utf-8")
    assert f"\nmax_message_size = {amqp_timeouts.BODY_BYTES_MAX}\n" in file


def test_nobody_changes_a_shared_exchange(bank: kombu.Connection) -> None:
    for exchange in ("nameko-rpc", "payment.events", "bank.events"):
        with pytest.raises(AccessRefused):
            bank.channel().exchange_delete(exchange)
        with pytest.raises(AccessRefused):
            bank.channel().exchange_declare(exchange, "topic", durable=True)
