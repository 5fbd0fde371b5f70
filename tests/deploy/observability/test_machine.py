"""Metrics of what programs stand on: the certificates that servers present, which of several servers are missing, and the disk with a standalone instance's databases."""

import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import eventlet
import psycopg
import pytest
from eventlet.green import socket as green_socket
from eventlet.green import ssl as green_ssl
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from deploy.containers import certificates
from deploy.observability import machine
from deploy.observability.definitions import Sample
from deploy.observability.machine import SSL_REQUEST, TlsServers
from shared.settings import Settings
from tests.support.servers.free_ports import HOST, free_port

NOW = datetime.now(UTC).replace(microsecond=0)
END = (NOW + certificates.SERVER_LIFE).timestamp()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    authority = certificates.make_authority(NOW)
    server = certificates.issue(authority, [HOST], NOW)
    other = certificates.make_authority(NOW)
    (folder / "ca.crt").write_bytes(authority.certificate)
    (folder / "other.crt").write_bytes(other.certificate)
    (folder / "server.pem").write_bytes(server.key + server.certificate)
    return folder


@contextmanager
def server_of(folder: Path, *, is_database: bool, ends: list[str] | None = None) -> Iterator[int]:
    """A server on a port that speaks TLS, as PostgreSQL after its own question for it; how each connection has ended."""
    ends = [] if ends is None else ends
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    with closing(socket.create_server((HOST, 0))) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    plain, _ = listening.accept()
                    with plain, suppress(OSError):
                        if is_database:
                            assert plain.recv(len(SSL_REQUEST)) == SSL_REQUEST
                            plain.sendall(b"S")
                        ends.append("cut off")
                        with context.wrap_socket(plain, server_side=True, suppress_ragged_eofs=False) as secured:
                            assert secured.recv(1) == b""
                            ends[-1] = "closed"

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(listening.getsockname()[1])
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def ends(settings: Settings) -> dict[str, float]:
    samples = TlsServers(settings, "auth").samples()
    return {one.labels[0]: one.value for one in samples if one.metric == "tamdid_certificate_end_timestamp_seconds"}


def missing(samples: Iterable[Sample]) -> dict[tuple[str, ...], float]:
    return {one.labels: one.value for one in samples if one.metric == "tamdid_servers_missing"}


def test_the_ends_are_those_of_the_certificates_that_broker_and_database_present(folder: Path) -> None:
    with server_of(folder, is_database=False) as broker, server_of(folder, is_database=True) as database:
        url = f"postgresql+psycopg://auth:secret@{HOST}:{database}/auth?sslmode=verify-full&sslrootcert={folder}/ca.crt"
        settings = Settings(
            broker_url=f"amqps://auth:secret@{HOST}:{broker}/tamdid", broker_ca=folder / "ca.crt", database_url=url
        )
        assert ends(settings) == {"broker": END, "database": END}


def test_of_several_servers_it_is_the_certificate_that_ends_first(folder: Path) -> None:
    authority = certificates.make_authority(NOW)
    older = certificates.issue(authority, [HOST], NOW - timedelta(days=30))
    (folder / "cas.crt").write_bytes((folder / "ca.crt").read_bytes() + authority.certificate)
    (folder / "older").mkdir()
    (folder / "older" / "server.pem").write_bytes(older.key + older.certificate)
    with ExitStack() as stack:
        ports = [
            stack.enter_context(server_of(where, is_database=is_database))
            for is_database in (False, True)
            for where in (folder, folder / "older")
        ]
        database = f"sslmode=verify-full&sslrootcert={folder}/cas.crt&host={HOST}:{ports[2]}&host={HOST}:{ports[3]}"
        settings = Settings(
            broker_url=";".join(f"amqps://a:b@{HOST}:{port}/tamdid" for port in ports[:2]),
            broker_ca=folder / "cas.crt",
            database_url=f"postgresql+psycopg://auth:secret@/auth?{database}",
        )
        first = END - timedelta(days=30).total_seconds()
        assert ends(settings) == {"broker": first, "database": first}


def test_a_certificate_of_another_authority_has_no_end_to_report(folder: Path) -> None:
    with server_of(folder, is_database=False) as broker:
        settings = Settings(broker_url=f"amqps://a:b@{HOST}:{broker}/tamdid", broker_ca=folder / "other.crt")
        assert ends(settings) == {}


@pytest.mark.parametrize("is_database", [False, True])
def test_a_server_is_looked_at_without_a_line_in_its_log(folder: Path, *, is_database: bool) -> None:
    """RabbitMQ and PostgreSQL log a connection that ends without TLS' own end."""
    found = list[str]()
    with server_of(folder, is_database=is_database, ends=found) as port:
        name = "database" if is_database else "broker"
        assert machine.end_of(machine.Server(name, HOST, port, folder / "ca.crt")) == END
    assert found == ["closed"]


def test_a_server_that_connects_and_says_nothing_is_looked_at_for_no_longer_and_leaves_no_socket(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a program, whose sockets are eventlet's."""
    monkeypatch.setattr(machine, "socket", green_socket)
    monkeypatch.setattr(machine, "ssl", green_ssl)
    monkeypatch.setattr(machine, "CONNECT_SECONDS", 60)
    monkeypatch.setattr(machine, "LOOK_SECONDS_MAX", 0.1)
    with closing(socket.create_server((HOST, 0))) as listening:
        server = machine.Server("broker", HOST, listening.getsockname()[1], folder / "ca.crt")
        with eventlet.Timeout(30):
            assert machine.end_if_known(server) is None
        with closing(listening.accept()[0]) as connected:
            connected.settimeout(10)
            while connected.recv(1024):  # what it has begun with; then its end
                pass


@pytest.mark.parametrize(
    ("url", "servers"),
    [
        ("postgresql+psycopg://a:b@[::1]:5433/auth", [("::1", 5433)]),
        ("postgresql+psycopg://a:b@one/auth", [("one", 5432)]),
        ("postgresql+psycopg://a:b@/auth?host=one:5433&host=other", [("one", 5433), ("other", 5432)]),
        ("sqlite:///auth.db", []),
    ],
)
def test_the_database_servers_are_those_of_the_url(url: str, servers: list[tuple[str, int]]) -> None:
    assert list(machine.database_servers(make_url(url))) == servers


def test_without_tls_there_is_no_certificate() -> None:
    assert ends(Settings()) == {}


def test_of_several_brokers_those_that_do_not_answer_are_missing_until_they_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = free_port()
    with server_of(folder, is_database=False) as first, server_of(folder, is_database=False) as second:

        def brokers(*ports: int) -> Settings:
            nodes = ";".join(f"amqps://a:b@{HOST}:{port}/tamdid" for port in ports)
            return Settings(broker_url=nodes, broker_ca=folder / "ca.crt")

        assert missing(TlsServers(brokers(first, second), "auth").samples()) == {("auth", "broker"): 0}
        three = TlsServers(brokers(first, away, second), "auth")
        assert missing(three.samples()) == {("auth", "broker"): 1}
        three.servers[1] = three.servers[0]  # it is back
        assert missing(three.samples()) == {("auth", "broker"): 0}
        assert three.away == set()
        three.servers[1] = three.servers[1]._replace(port=away)
        assert missing(three.samples()) == {("auth", "broker"): 0}  # all have answered just now
        monkeypatch.setattr(machine, "monotonic", lambda: monotonic() + machine.LOOK_EVERY_SECONDS)
        assert missing(three.samples()) == {("auth", "broker"): 1}
        assert missing(TlsServers(brokers(away), "auth").samples()) == {}  # BrokerAway says that


def test_of_several_databases_those_are_missing_of_which_the_primary_has_no_follower(postgres_url: str) -> None:
    """As any role may see it; a connection for replication is what a standby has."""
    one = make_url(postgres_url)
    place = f"{one.host}:{one.port}"
    several = one.set(host=None, port=None, query={**one.query, "host": (place, f"{HOST}:1")})

    def now(url: URL) -> dict[tuple[str, ...], float]:
        engine = create_engine(url)
        with engine.connect() as connection:
            connection.exec_driver_sql("SET ROLE pg_signal_backend")  # any that may read nothing
            found = missing(machine.missing_standbys("auth", connection))
        engine.dispose()
        return found

    assert now(several) == {("auth", "database"): 1}
    plain = one.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(plain, replication="database", autocommit=True, application_name="pg_basebackup")):
        assert now(several) == {("auth", "database"): 1}
    with closing(psycopg.connect(plain, replication="database", autocommit=True, application_name="postgres-2")):
        assert now(several) == {("auth", "database"): 0}
        assert now(one) == {}


def test_the_disk_is_that_of_the_databases_where_these_are_files(tmp_path: Path) -> None:
    found = {one.metric: one.value for one in machine.disk(Settings(var=tmp_path))}
    assert found["tamdid_disk_free_bytes"] > 0
    assert 0 < found["tamdid_disk_free_ratio"] < 1
    assert list(machine.disk(Settings(var=tmp_path / "gone"))) == []
    assert list(machine.disk(Settings(database_url="postgresql+psycopg://auth@database/auth"))) == []
