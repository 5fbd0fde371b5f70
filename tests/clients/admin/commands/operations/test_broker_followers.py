"""A follower of others with an account by `tamdid broker grant`, on a real broker: it hears events, and does nothing else."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pika  # type: ignore[import-untyped]
import pika.exceptions  # type: ignore[import-untyped]
import pytest
from kombu import Connection
from typer.testing import CliRunner, Result

from clients.admin import main
from deploy.containers import broker_users
from shared.messaging import topology
from shared.messaging.permissions import permission, topic_permission
from shared.services import OWN_PROGRAMS, SERVICES, SUBSCRIPTIONS
from tests.conftest import fresh_name
from tests.support.examples import examples
from tests.support.servers import servers

NAME = "helper"
ROOT = Path(__file__).parents[5]
PAGE = ROOT / "docs/integrating.md"
ANSWER_SECONDS_MAX = 30
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def broker(rabbitmq_server: servers.RabbitMQ) -> Iterator[str]:
    """A virtual host with the users of the definitions and all that the programs declare: a follower leaves nothing there."""
    users, name = dict.fromkeys((*SERVICES, *topology.CALLERS_FOR_PERSONS), "secret"), fresh_name()
    url = rabbitmq_server.create_vhost(name)
    rabbitmq_server.manage("POST", "definitions", broker_users.definitions(users, name))
    yield url
    rabbitmq_server.delete_vhost(name)


@pytest.fixture
def management(rabbitmq_server: servers.RabbitMQ) -> str:
    """The management API of two nodes, of which the first does not answer."""
    server = rabbitmq_server
    return f"http://127.0.0.1:1;http://{server.user}:{server.password}@{server.management_address}"


@pytest.fixture
def run(broker: str, management: str) -> Iterator[Run]:
    def invoke(*arguments: str) -> Result:
        line = ["--server", broker, "--language", "en", "broker", *arguments, "--management", management]
        return CliRunner().invoke(main.app, line)

    yield invoke
    invoke("revoke", NAME)


def url_of(broker: str, secret: str, name: str = NAME) -> str:
    return f"amqp://{name}:{secret}@{broker.rpartition('@')[2]}"


@pytest.fixture
def url(run: Run, broker: str) -> str:
    """The broker as the follower of renewal."""
    granted = run("grant", NAME, "--follow", "renewal", "--json")
    assert granted.exit_code == 0, granted.output
    return url_of(broker, json.loads(granted.stdout)["secret"])


@pytest.fixture
def follower(url: str) -> Iterator[Any]:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    yield connection
    if connection.is_open:
        connection.close()


def publish(broker: str, exchange: str, key: str, body: object) -> None:
    with Connection(broker) as connection:
        connection.Producer(auto_declare=False).publish(body, exchange=exchange, routing_key=key)


@pytest.mark.usefixtures("run")
def test_the_service_of_the_page_hears_what_is_approved(broker: str, management: str) -> None:
    """docs/integrating.md, as it stands."""
    (script,) = [one for one in examples(PAGE, "sh") if "broker grant" in one]
    (program,) = [one for one in examples(PAGE, "python") if "nameko" in one]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    own = {"TAMDID_SERVER": broker, "TAMDID_MANAGEMENT": management, "PYTHONPATH": str(ROOT), "PATH": path}
    granted = subprocess.run(["sh", "-ec", script], env=own, capture_output=True, text=True, check=True)
    account = {"BROKER": url_of(broker, granted.stdout.splitlines()[0])}
    command = [sys.executable, "-W", "ignore", "-I", "-c", program]
    with subprocess.Popen(command, env=account, stdout=subprocess.PIPE, text=True) as process:
        guard = threading.Timer(ANSWER_SECONDS_MAX, process.kill)  # then its lines end
        guard.start()
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "listening\n"
            publish(broker, "renewal.events", "RenewalRequested", {"data": {"member": "1"}})
            publish(broker, "renewal.events", "RenewalApproved", {"data": {"member": "0012345", "year": 1405}})
            assert process.stdout.readline() == "approved 0012345 1405\n"
        finally:
            guard.cancel()
            process.kill()


def test_pika_hears_what_is_approved(broker: str, follower: Any) -> None:
    channel = follower.channel()
    channel.queue_declare("follower.helper.approved", durable=True)
    channel.queue_bind("follower.helper.approved", "renewal.events", "RenewalApproved")
    publish(broker, "renewal.events", "RenewalApproved", {"member": "0012345"})
    _, _, body = next(channel.consume("follower.helper.approved", inactivity_timeout=10))
    assert json.loads(body) == {"member": "0012345"}


def own_queue(channel: Any, **arguments: Any) -> str:
    channel.queue_declare("follower.helper.q", arguments=arguments)
    return "follower.helper.q"


ATTACKS: dict[str, Callable[[Any], Any]] = {
    "publish an event": lambda one: one.basic_publish("renewal.events", "RenewalApproved", b"{}"),
    "publish a call": lambda one: one.basic_publish("nameko-rpc", "auth.sign_in", b"{}"),
    "publish past the exchanges": lambda one: one.basic_publish("", "capacity.follows.renewal", b"{}"),
    "follow another service": lambda one: one.queue_bind(own_queue(one), "payment.events", "#"),
    "hear calls": lambda one: one.queue_bind(own_queue(one), "nameko-rpc", "#"),
    "hear replies": lambda one: one.queue_bind(own_queue(one), "nameko-rpc", "gateway-reply-0a"),
    "read a subscription of ours": lambda one: one.basic_get("capacity.follows.renewal"),
    "empty a subscription of ours": lambda one: one.queue_purge("capacity.follows.renewal"),
    "delete a queue of ours": lambda one: one.queue_delete("capacity.follows.renewal"),
    "declare a queue of ours": lambda one: one.queue_declare("rpc-auth", durable=True),
    "declare a queue of a reply": lambda one: one.queue_declare("rpc.reply-gateway-0a"),
    "declare the exchange": lambda one: one.exchange_declare("renewal.events", "topic", durable=True),
    "unbind a subscription of ours": lambda one: one.queue_unbind("capacity.follows.renewal", "renewal.events", "#"),
    "send dead letters to calls": lambda one: own_queue(
        one, **{"x-dead-letter-exchange": "nameko-rpc", "x-dead-letter-routing-key": "auth.sign_in"}
    ),
}


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_a_follower_does_nothing_else(follower: Any, attack: str) -> None:
    channel = follower.channel()
    channel.confirm_delivery()
    with pytest.raises(pika.exceptions.ChannelClosedByBroker) as refused:
        ATTACKS[attack](channel)
    assert refused.value.reply_code == 403


def test_the_check_knows_a_follower_and_finds_one_who_has_more(
    run: Run, broker: str, follower: Any, rabbitmq_server: servers.RabbitMQ
) -> None:
    channel = follower.channel()
    channel.queue_bind(own_queue(channel), "renewal.events", "#")
    with Connection(broker) as connection:
        for source in SUBSCRIPTIONS:
            topology.declare(connection, source)
        for service in SERVICES:
            topology.calls(service)(connection.default_channel).declare()
    assert run("check").exit_code == 0, run("check").output
    more = {"configure": ".*", "write": ".*", "read": ".*"}
    rabbitmq_server.manage("PUT", f"permissions/{broker.rpartition('/')[2]}/{NAME}", more)
    assert "follower.helper.q" in run("check").output


def test_revoking_ends_connections_queues_and_the_account(run: Run, broker: str, url: str, follower: Any) -> None:
    channel = follower.channel()
    own_queue(channel)
    assert run("revoke", NAME).exit_code == 0
    with pytest.raises((pika.exceptions.AMQPError, OSError)):
        follower.process_data_events(time_limit=10)
    with pytest.raises(pika.exceptions.AMQPError):
        pika.BlockingConnection(pika.URLParameters(url))
    with Connection(broker) as connection, pytest.raises(Exception, match="NOT_FOUND"):
        connection.default_channel.queue_declare("follower.helper.q", passive=True)
    assert run("revoke", NAME).exit_code == 2


def test_another_grant_has_another_secret_and_takes_the_bindings_that_are_over(
    run: Run, broker: str, url: str, follower: Any
) -> None:
    channel = follower.channel()
    channel.queue_bind(own_queue(channel), "renewal.events", "#")
    again = json.loads(run("grant", NAME, "--follow", "payment", "--json").stdout)
    with pytest.raises(pika.exceptions.AMQPError):
        pika.BlockingConnection(pika.URLParameters(url))
    publish(broker, "renewal.events", "RenewalApproved", {})
    with Connection(url_of(broker, again["secret"])) as connection:
        assert connection.default_channel.basic_get("follower.helper.q") is None


@pytest.mark.parametrize("name", sorted({*OWN_PROGRAMS, "rp", "Rpc", "a.b", "x" * 31}))
def test_no_account_takes_the_name_of_a_program_of_ours(run: Run, name: str) -> None:
    assert run("grant", name, "--follow", "renewal").exit_code == 2


def test_an_account_that_the_command_has_not_made_is_left_alone(
    run: Run, broker: str, rabbitmq_server: servers.RabbitMQ
) -> None:
    rabbitmq_server.manage("PUT", "users/operator", {"password": "x", "tags": ""})
    try:
        assert run("grant", "operator", "--follow", "renewal").exit_code == 2
        assert run("revoke", "operator").exit_code == 2
    finally:
        rabbitmq_server.manage("DELETE", "users/operator")


def test_what_cannot_be_followed_is_said(run: Run) -> None:
    assert run("grant", NAME, "--follow", "gateway").exit_code == 2


@pytest.mark.parametrize("program", sorted((*SERVICES, *topology.CALLERS_FOR_PERSONS)))
def test_no_program_of_ours_reaches_a_followers_queues(program: str) -> None:
    rights = {**permission(program), **topic_permission(program)}
    assert "follower" not in str(rights)
