"""TLS to real servers: a client without the authority's certificate, or under another host name, does not connect."""

import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import httpx
import kombu
import pika  # type: ignore[import-untyped]
import psycopg
import pytest
from kombu.transport import TRANSPORT_ALIASES
from psycopg import sql

from clients.admin.transport import amqp, tls
from deploy import demonstration
from deploy.containers import certificates
from shared.messaging import amqp_timeouts
from tests.conftest import missing
from tests.demo import steps, users
from tests.demo.steps import Scenario
from tests.journeys import driver
from tests.support.servers import instance, servers
from tests.support.servers.free_ports import HOST

NOW = datetime.now(UTC)
OTHER_NAME = "localhost"
"""Of the same server; its certificate is for the address alone."""


@pytest.fixture(scope="module")
def authority() -> certificates.Pair:
    return certificates.make_authority(NOW)


@pytest.fixture(scope="module")
def folder(authority: certificates.Pair, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a server is given, for servers of other users too, and `other.crt`, which has signed nothing."""
    folder = tmp_path_factory.mktemp("tls")
    folder.chmod(0o755)
    server = certificates.issue(authority, [HOST], NOW)
    other = certificates.make_authority(NOW)
    contents = {
        "ca.crt": authority.certificate,
        "server.crt": server.certificate,
        "server.key": server.key,
        "other.crt": other.certificate,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o644)
    return folder


@pytest.fixture(scope="module")
def broker(folder: Path) -> Iterator[servers.RabbitMQ]:
    try:
        with servers.rabbitmq(folder) as server:
            yield server
    except servers.ServersMissing as error:
        missing(str(error))


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[servers.Postgres]:
    """It takes its own certificate as a file that only its own user reads, which only it can write there."""
    try:
        with servers.postgres() as server:
            for name in ("server.crt", "server.key"):
                content = sql.Literal((folder / name).read_text().strip().replace("\n", "@"))
                writing = f"umask 077; tr @ '\\n' > /tmp/tamdid-{server.port}-{name}"
                server.execute(sql.SQL("COPY (SELECT {}) TO PROGRAM {}").format(content, sql.Literal(writing)))
                setting = sql.Identifier({"server.crt": "ssl_cert_file", "server.key": "ssl_key_file"}[name])
                path = sql.Literal(f"/tmp/tamdid-{server.port}-{name}")  # noqa: S108 - of a server that ends with the test
                server.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(setting, path))
            server.execute(sql.SQL("ALTER SYSTEM SET ssl = on").format())
            server.execute(sql.SQL("SELECT pg_reload_conf()").format())
            yield server
            removal = sql.Literal(f"rm -f /tmp/tamdid-{server.port}-server.*")
            server.execute(sql.SQL("COPY (SELECT 1) TO PROGRAM {}").format(removal))
    except servers.ServersMissing as error:
        missing(str(error))


def url_of(broker: servers.RabbitMQ, host: str = HOST) -> str:
    return replace(broker.over_tls(), host=host).url


@pytest.fixture
def transports(monkeypatch: pytest.MonkeyPatch) -> None:
    """kombu's transports and our own CA are as before after the test."""
    for scheme in ("amqp", "amqps"):
        monkeypatch.setitem(TRANSPORT_ALIASES, scheme, TRANSPORT_ALIASES[scheme])
    monkeypatch.setattr(amqp_timeouts.TlsTransport, "ca", None)


def test_programs_publish_and_consume_over_tls(broker: servers.RabbitMQ, folder: Path, transports: None) -> None:
    amqp_timeouts.register(folder / "ca.crt")
    with kombu.Connection(url_of(broker)) as connection, connection.channel() as channel:
        queue = kombu.Queue("over-tls", kombu.Exchange("over-tls"), "key", exclusive=True)(channel)
        queue.declare()
        amqp_timeouts.read_ahead(channel)
        bodies = ["x" * size for size in (1, amqp_timeouts.READ_BYTES, 300_000)]
        for body in bodies:
            kombu.Producer(channel).publish(body, exchange="over-tls", routing_key="key")
        received: list[object] = []
        with kombu.Consumer(channel, [queue], callbacks=[lambda body, _message: received.append(body)], no_ack=True):
            while len(received) < len(bodies):
                connection.drain_events(timeout=5)
        assert received == bodies
        assert connection.connection.transport.sock.version() in {"TLSv1.2", "TLSv1.3"}


@pytest.mark.slow
def test_all_programs_work_together_over_tls(
    broker: servers.RabbitMQ, postgres_server: servers.Postgres, folder: Path
) -> None:
    """Relay, subscriptions, calls and replies: eventlet lets one greenlet at a time read from a TLS socket."""
    settings = {"TAMDID_BROKER_CA": str(folder / "ca.crt")}
    with (
        instance.distributed(broker.over_tls(), postgres_server, **settings) as running,
        closing(demonstration.signed_in(running.portal, "admin", demonstration.admin_password())) as admin,
        closing(Scenario(running.portal, users.newcomer(admin), users.officer("manager"))) as scenario,
    ):
        driver.until(scenario, steps.see_capacity)
        for process in running.processes:
            assert "RuntimeError" not in process.said(), process.name
            assert "ssl" not in process.said().lower(), process.name


@pytest.mark.parametrize(("ca", "host"), [(None, HOST), ("other.crt", HOST), ("ca.crt", OTHER_NAME)])
def test_a_program_does_not_sign_in_at_a_broker_that_it_can_not_verify(
    broker: servers.RabbitMQ, folder: Path, transports: None, ca: str | None, host: str
) -> None:
    amqp_timeouts.register(folder / ca if ca else None)
    with pytest.raises(ssl.SSLCertVerificationError), kombu.Connection(url_of(broker, host)) as connection:
        connection.connect()


@pytest.mark.parametrize(("ca", "host"), [(None, HOST), ("other.crt", HOST), ("ca.crt", OTHER_NAME)])
def test_the_command_line_does_not_sign_in_at_a_broker_that_it_can_not_verify(
    broker: servers.RabbitMQ, folder: Path, monkeypatch: pytest.MonkeyPatch, ca: str | None, host: str
) -> None:
    monkeypatch.setenv(tls.CA_VARIABLE, str(folder / "ca.crt"))
    pika.BlockingConnection(amqp.parameters_of(url_of(broker))).close()
    monkeypatch.setenv(tls.CA_VARIABLE, str(folder / ca) if ca else "")
    with pytest.raises(ssl.SSLCertVerificationError):
        pika.BlockingConnection(amqp.parameters_of(url_of(broker, host)))
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"https://{host}:{broker.tls_port}", verify=tls.context(), trust_env=False)


@pytest.mark.parametrize(("ca", "host"), [("other.crt", HOST), ("ca.crt", OTHER_NAME)])
def test_a_program_does_not_sign_in_at_a_database_that_it_can_not_verify(
    database: servers.Postgres, folder: Path, ca: str, host: str
) -> None:
    with psycopg.connect(verified(database, folder / "ca.crt", HOST)) as connection:
        found = connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
    assert found == (True,)
    with pytest.raises(psycopg.OperationalError, match="certificate"):
        psycopg.connect(verified(database, folder / ca, host))


def verified(database: servers.Postgres, ca: Path, host: str) -> str:
    name = quote(str(ca), safe="")
    place = f"{database.user}:{database.password}@{host}:{database.port}/postgres"
    return f"postgresql://{place}?sslmode=verify-full&sslrootcert={name}"


def test_certificates_are_made_once_and_again_in_time(tmp_path: Path) -> None:
    assert certificates.make_all(tmp_path) == [
        "certificate-authority",
        "certificate-of-rabbitmq",
        "certificate-of-postgres",
    ]
    before, setting = (tmp_path / "rabbitmq/tls/server.crt").read_bytes(), certificates.setting(tmp_path / "rabbitmq")
    assert certificates.make_all(tmp_path) == []
    assert (tmp_path / "rabbitmq/tls/server.crt").read_bytes() == before
    authority = certificates.Pair(
        (tmp_path / "authority/ca.key").read_bytes(), (tmp_path / "authority/ca.crt").read_bytes()
    )
    old = certificates.issue(authority, ["rabbitmq"], NOW - certificates.SERVER_LIFE + timedelta(days=59))
    (tmp_path / "rabbitmq/tls/server.crt").write_bytes(old.certificate)
    assert certificates.make_all(tmp_path) == ["certificate-of-rabbitmq"]
    assert certificates.setting(tmp_path / "rabbitmq") != setting


def test_a_new_authority_brings_new_certificates(tmp_path: Path) -> None:
    certificates.make_all(tmp_path)
    (tmp_path / "authority/ca.key").unlink()
    assert certificates.make_all(tmp_path) == [
        "certificate-authority",
        "certificate-of-rabbitmq",
        "certificate-of-postgres",
    ]
