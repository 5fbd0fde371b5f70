"""The broker check against a real broker, in a virtual host of its own that a test spoils."""

from collections.abc import Callable
from typing import Any

import pika  # type: ignore[import-untyped]
import pytest
from kombu import Connection
from typer.testing import CliRunner, Result

from clients.admin import main
from deploy.containers import broker_users
from shared.messaging import topology
from shared.services import SERVICES, SUBSCRIPTIONS
from tests.support.servers import servers

SUBSCRIPTION = "capacity.follows.renewal"
Run = Callable[..., Result]


@pytest.fixture
def broker(rabbitmq_url: str, rabbitmq_server: servers.RabbitMQ) -> str:
    """A virtual host with the users of the definitions and all that the programs declare."""
    users = dict.fromkeys((*SERVICES, *topology.CALLERS_FOR_PERSONS), "secret")
    rabbitmq_server.manage("POST", "definitions", broker_users.definitions(users, rabbitmq_url.rpartition("/")[2]))
    with Connection(rabbitmq_url) as connection:
        for source in SUBSCRIPTIONS:
            topology.declare(connection, source)
        for service in SERVICES:
            topology.calls(service)(connection.default_channel).declare()
    return rabbitmq_url


@pytest.fixture
def spoil(broker: str) -> Any:
    """A channel to do damage with."""
    connection = pika.BlockingConnection(pika.URLParameters(broker))
    yield connection.channel()
    connection.close()


@pytest.fixture
def management(rabbitmq_server: servers.RabbitMQ) -> str:
    server = rabbitmq_server
    return f"http://{server.user}:{server.password}@{server.management_address}"


@pytest.fixture
def check(rabbitmq_url: str) -> Run:
    def run(*arguments: str, url: str = rabbitmq_url) -> Result:
        return CliRunner().invoke(main.app, ["--server", url, "--language", "en", "broker", "check", *arguments])

    return run


def rows(result: Result) -> list[list[str]]:
    """The table's lines as words, without its head."""
    return [line.split() for line in result.stdout.splitlines()[3:] if line.strip()]


@pytest.mark.usefixtures("broker")
def test_a_broker_as_the_programs_declare_it_is_clean(check: Run, management: str) -> None:
    result = check("--management", management)
    assert result.exit_code == 0, result.output
    assert result.stdout == "Everything is as it should be.\n"
    assert result.stderr == ""


@pytest.mark.usefixtures("broker")
def test_without_the_management_api_it_says_what_was_not_checked(check: Run) -> None:
    result = check()
    assert (result.exit_code, result.stdout) == (0, "Nothing is missing.\n")
    note = "Not checked (no --management is given): binding, arguments, types, orphan queues, permissions"
    assert note in result.stderr
    silent = check("--management", "http://127.0.0.1:1")
    assert silent.exit_code == 0
    assert "Not checked ([Errno 111] Connection refused)" in silent.stderr


def test_an_empty_broker_misses_everything(check: Run, management: str) -> None:
    needed = topology.needed()
    missing = len(needed.exchanges) + len(needed.queues)
    permissions = 2 * len({*SERVICES, *topology.CALLERS_FOR_PERSONS})
    for arguments, count in (((), missing), (("--management", management), missing + permissions)):
        result = check(*arguments)
        assert result.exit_code == 1
        assert [row[0] for row in rows(result)] == ["missing"] * count


def test_a_permission_too_wide_is_named(
    check: Run, broker: str, management: str, rabbitmq_server: servers.RabbitMQ
) -> None:
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    rabbitmq_server.manage("PUT", f"permissions/{broker.rpartition('/')[2]}/bank", everything)
    result = rows(check("--management", management))
    assert result[0][:3] == ["wrong", "permissions", "bank"]


def test_a_queue_that_receives_others_calls_is_named(check: Run, spoil: Any, management: str) -> None:
    spoil.queue_declare("rpc.reply-bank-0a", exclusive=True)
    spoil.queue_bind("rpc.reply-bank-0a", "nameko-rpc", "bank-reply-0a")
    assert check("--management", management).exit_code == 0
    spoil.queue_bind("rpc.reply-bank-0a", "nameko-rpc", "#")
    (row,) = rows(check("--management", management))
    assert row[:2] == ["extra", "binding"]


@pytest.mark.usefixtures("broker")
def test_a_management_user_who_is_no_administrator_reads_no_permissions(
    check: Run, rabbitmq_server: servers.RabbitMQ
) -> None:
    server = rabbitmq_server
    result = check("--management", f"http://admin:secret@{server.management_address}")
    assert result.exit_code == 0, result.output
    assert "Not checked (the management user is no administrator): permissions" in result.stderr


def test_a_missing_queue_and_a_missing_exchange_are_named_by_amqp_alone(check: Run, spoil: Any) -> None:
    spoil.queue_delete(SUBSCRIPTION)
    spoil.exchange_delete("bank.events")
    assert rows(check()) == [["missing", "exchange", "bank.events"], ["missing", "queue", SUBSCRIPTION]]


def test_a_missing_binding_is_named(check: Run, spoil: Any, management: str) -> None:
    spoil.queue_unbind(SUBSCRIPTION, "renewal.events", "#")
    result = check("--management", management)
    assert result.exit_code == 1
    assert rows(result) == [["missing", "binding", "renewal.events", "→", SUBSCRIPTION, "(#)"]]


def test_a_binding_too_much_is_named(check: Run, spoil: Any, management: str) -> None:
    spoil.queue_bind(SUBSCRIPTION, "auth.events", "MemberEnrolled")
    assert rows(check("--management", management)) == [
        ["extra", "binding", "auth.events", "→", SUBSCRIPTION, "(MemberEnrolled)"]
    ]


def test_a_queue_of_the_wrong_type_or_with_wrong_arguments_is_named(check: Run, spoil: Any, management: str) -> None:
    spoil.queue_delete(SUBSCRIPTION)
    spoil.queue_declare(SUBSCRIPTION, durable=True, arguments={"x-queue-type": "classic", "x-message-ttl": 1000})
    spoil.queue_bind(SUBSCRIPTION, "renewal.events", "#")
    (row,) = rows(check("--management", management))
    note = " ".join(row)
    assert note.startswith(f"wrong queue {SUBSCRIPTION} ")
    assert "x-queue-type is classic, not quorum" in note
    assert "x-single-active-consumer is None, not True" in note
    assert "x-message-ttl is 1000, not asked for" in note


def test_a_queue_that_a_restart_would_lose_is_named(check: Run, spoil: Any, management: str) -> None:
    spoil.queue_delete("rpc-auth")
    spoil.queue_declare("rpc-auth", durable=True, auto_delete=True)
    spoil.queue_bind("rpc-auth", "nameko-rpc", "auth.*")
    (row,) = rows(check("--management", management))
    assert row[:3] == ["wrong", "queue", "rpc-auth"]
    assert "auto_delete is True, not False" in " ".join(row)


def test_an_exchange_of_the_wrong_type_is_named(check: Run, spoil: Any, management: str) -> None:
    spoil.exchange_delete("bank.events")
    spoil.exchange_declare("bank.events", "fanout", durable=True)
    spoil.queue_bind("payment.follows.bank", "bank.events", "#")
    assert rows(check("--management", management)) == [
        ["wrong", "exchange", "bank.events", "type", "is", "fanout,", "not", "topic"]
    ]


def test_queues_that_nobody_consumes_any_more_are_orphans(check: Run, spoil: Any, management: str) -> None:
    spoil.queue_declare("ledger.follows.renewal", durable=True)
    spoil.queue_declare("rpc-ledger", durable=True)
    spoil.queue_declare("somebody-elses", durable=True)
    result = rows(check("--management", management))
    assert [row[:3] for row in result] == [
        ["orphan", "queue", "ledger.follows.renewal"],
        ["orphan", "queue", "rpc-ledger"],
    ]


@pytest.mark.usefixtures("broker")
def test_a_check_makes_and_leaves_nothing(check: Run, management: str, rabbitmq_server: servers.RabbitMQ) -> None:
    def names() -> set[str]:
        declared = rabbitmq_server.manage("GET", "queues").json() + rabbitmq_server.manage("GET", "exchanges").json()
        return {one["name"] for one in declared}

    before = names()
    check("--management", management)
    assert names() == before


def test_the_broker_itself_is_needed(check: Run) -> None:
    result = check(url="http://127.0.0.1:8000")
    assert result.exit_code == 2


def test_a_broker_that_is_not_there_is_no_answer(check: Run) -> None:
    assert check(url="amqp://127.0.0.1:1").exit_code == 3


@pytest.mark.usefixtures("broker")
def test_a_password_that_is_wrong_is_reported_without_showing_it(check: Run, rabbitmq_server: servers.RabbitMQ) -> None:
    result = check("--management", f"http://nobody:secret@{rabbitmq_server.management_address}")
    assert result.exit_code == 0
    assert "Not checked (HTTP 401)" in result.stderr
    assert "secret" not in result.output
