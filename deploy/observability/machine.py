"""Metrics of what the programs stand on: the disk of a standalone instance's databases, the servers' certificates, and those missing of several servers."""

import shutil
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlsplit

import eventlet
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL, make_url

from deploy.observability.definitions import Sample
from shared import broker_nodes
from shared.settings import Settings

LOOK_EVERY_SECONDS = 60
"""At the servers that speak TLS, where each has answered the last time."""
CONNECT_SECONDS, LOOK_SECONDS_MAX = 2, 4
"""For each answer of a server, and for all of a look at it."""
FOLLOWERS = text(
    "SELECT count(*) FROM pg_stat_replication WHERE application_name NOT IN ('pg_basebackup', 'pg_receivewal', 'pg_recvlogical')"
)
SSL_REQUEST = (8).to_bytes(4) + (80877103).to_bytes(4)
"""What PostgreSQL's protocol asks for TLS with; the server answers `S`."""


class Server(NamedTuple):
    """A server that speaks TLS, and the authority by which it is verified."""

    name: str
    host: str
    port: int
    authority: Path | None


def disk(settings: Settings) -> Iterator[Sample]:
    """Free bytes, and their part of all, where this process's databases are files."""
    if settings.database_url.startswith("sqlite"):
        with suppress(OSError):  # without its disk a database does not answer, which has a metric of its own
            usage = shutil.disk_usage(settings.var)
            yield Sample("tamdid_disk_free_bytes", (), usage.free)
            yield Sample("tamdid_disk_free_ratio", (), usage.free / usage.total)


class TlsServers:
    """The broker and the database as they answer by TLS: when their certificates end, and how many of several brokers do not answer."""

    def __init__(self, settings: Settings, program: str) -> None:
        self.program = program
        self.servers = list(servers(settings, program))
        self.ends: dict[Server, float] = {}
        self.away: set[Server] = set()
        self._look_at = 0.0

    def samples(self) -> Iterator[Sample]:
        """No end of a server that has never answered."""
        if self.servers and monotonic() >= self._look_at:
            found = dict(zip(self.servers, eventlet.GreenPool().imap(end_if_known, self.servers), strict=True))
            self.away = {one for one, end in found.items() if end is None}
            self.ends |= {one: end for one, end in found.items() if end is not None}
            self._look_at = 0.0 if self.away else monotonic() + LOOK_EVERY_SECONDS
        for name in dict.fromkeys(one.name for one in self.ends):  # of a cluster, what ends first
            end = min(at for one, at in self.ends.items() if one.name == name)
            yield Sample("tamdid_certificate_end_timestamp_seconds", (name,), end)
        nodes = {one for one in self.servers if one.name == "broker"}
        if len(nodes) > 1:
            yield Sample("tamdid_servers_missing", (self.program, "broker"), len(nodes & self.away))


def missing_standbys(program: str, connection: Connection) -> Iterator[Sample]:
    """Where the settings name several database servers: how many of them neither take writes nor follow the one that does.

    A copy that a tool of PostgreSQL's takes, such as `pg_basebackup`, is no follower.
    """
    standbys = len(list(database_servers(connection.engine.url))) - 1
    if standbys > 0:
        following = connection.execute(FOLLOWERS).scalar_one()
        yield Sample("tamdid_servers_missing", (program, "database"), max(0, standbys - following))


def servers(settings: Settings, program: str) -> Iterator[Server]:
    """Those that the settings name with TLS."""
    for broker in map(urlsplit, broker_nodes.nodes_of(settings.broker_url)):
        if broker.scheme == "amqps" and broker.hostname:
            yield Server("broker", broker.hostname, broker.port or 5671, settings.broker_ca)
    database = make_url(settings.database_of(program))
    if database.query.get("sslmode") == "verify-full":
        authority = database.query.get("sslrootcert")
        for host, port in database_servers(database):
            yield Server("database", host, port, Path(str(authority)) if authority else None)


def database_servers(database: URL) -> Iterator[tuple[str, int]]:
    """Host and port of each server that a PostgreSQL URL names, in either of the two places."""
    several = database.normalized_query.get("host", ())
    for host in several:
        name, _, port = host.partition(":")
        yield name, int(port or database.port or 5432)
    if database.host and not several:
        yield database.host, database.port or 5432


def end_if_known(server: Server) -> float | None:
    """When a server's certificate ends; None where it does not answer in time, or not with one that is good."""
    with eventlet.Timeout(LOOK_SECONDS_MAX, False), suppress(OSError, ValueError):
        return end_of(server)
    return None


def end_of(server: Server) -> float:
    """When a server's certificate ends, verified as the programs do."""
    context = ssl.create_default_context(cafile=server.authority)
    with socket.create_connection((server.host, server.port), CONNECT_SECONDS) as plain:
        if server.name == "database":
            plain.sendall(SSL_REQUEST)
            if plain.recv(1) != b"S":
                raise ConnectionError("the database offers no TLS")
        with context.wrap_socket(plain, server_hostname=server.host, do_handshake_on_connect=False) as secured:
            secured.do_handshake()  # here, since nobody would close a socket that fails in it before
            certificate = secured.getpeercert() or {}
            with suppress(OSError):
                secured.unwrap()  # RabbitMQ waits ten seconds for who is gone without it, and both log an error
            return float(ssl.cert_time_to_seconds(str(certificate["notAfter"])))
