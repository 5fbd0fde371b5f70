"""What a started server is to its user: where it answers, and how to get a fresh corner of it."""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import quote

import httpx
import psycopg
from psycopg import sql

from tests.support.servers.free_ports import HOST

ANSWER_SECONDS_MAX = 3
"""How long one question to a starting server may take, in seconds."""
AMQP_GREETING = b"AMQP\x00\x00\x09\x01"
AMQP_METHOD_FRAME = b"\x01"


class ServersMissing(Exception):  # noqa: N818 - a state of the machine, named as what it is
    """Neither a Docker engine answers nor are the server's programs installed."""


class StartFailed(Exception):  # noqa: N818 - named as what happened
    """The server was there but did not come up."""


class Power(Protocol):
    """How a server is ended and started again, at the same address and with its data."""

    def stop(self) -> None:
        """End it in order."""

    def kill(self) -> None:
        """End it as a power cut would."""

    def start(self) -> None:
        """Start it again; it answers a while later."""


class Forgetful(Power, Protocol):
    """The power over a server that is nobody's truth."""

    def empty(self) -> None:
        """Delete all of its data, while it does not run."""


@dataclass(frozen=True)
class RabbitMQ:
    """A broker with its management API; the user may do everything."""

    host: str
    port: int
    management_port: int
    user: str
    password: str = field(repr=False)
    power: Forgetful = field(repr=False)
    tls_port: int = 0
    """Where it speaks TLS too, if it was given a certificate."""
    scheme: str = "amqp"

    @property
    def management_address(self) -> str:
        """Host and port of the management API: by the loopback, for which no client asks a proxy."""
        return f"{HOST}:{self.management_port}"

    @property
    def url(self) -> str:
        """AMQP URL of the default virtual host."""
        return self.vhost_url("/")

    def vhost_url(self, vhost: str, user: str = "", password: str = "") -> str:
        """AMQP URL of a virtual host, for a user of the definitions or for the one who may do everything."""
        account = f"{user or self.user}:{password or self.password}"
        return f"{self.scheme}://{account}@{self.host}:{self.port}/{quote(vhost, safe='')}"

    def over_tls(self) -> "RabbitMQ":
        """The same broker by its other port, at the address that its certificate names."""
        return replace(self, scheme="amqps", host=HOST, port=self.tls_port)

    def create_vhost(self, name: str) -> str:
        """Make an empty virtual host, and return its AMQP URL."""
        self.manage("PUT", f"vhosts/{quote(name, safe='')}")
        return self.vhost_url(name)

    def delete_vhost(self, name: str) -> None:
        self.manage("DELETE", f"vhosts/{quote(name, safe='')}")

    def manage(self, method: str, path: str, body: object | None = None) -> httpx.Response:
        """Call the management API, for instance `manage("GET", "queues/%2F")`; an error status raises."""
        with self.management() as client:
            return client.request(method, path, json=body).raise_for_status()

    def management(self) -> httpx.Client:
        """A client of the management API, for many calls in a row."""
        base_url = f"http://{self.management_address}/api/"
        # trust_env: a proxy for the world outside must not see what goes to our own server
        return httpx.Client(base_url=base_url, auth=(self.user, self.password), timeout=30, trust_env=False)

    def answers(self) -> bool:
        return self._greets() and self._manages()

    def _greets(self) -> bool:
        try:
            with socket.create_connection((self.host, self.port), timeout=ANSWER_SECONDS_MAX) as connection:
                connection.sendall(AMQP_GREETING)
                return connection.recv(1) == AMQP_METHOD_FRAME
        except OSError:
            return False

    def _manages(self) -> bool:
        try:
            return self.manage("GET", "vhosts/%2F").is_success
        except httpx.HTTPError:
            return False


@dataclass(frozen=True)
class Postgres:
    """A database server; the user is its superuser."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    power: Power = field(repr=False)

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the maintenance database."""
        return self.database_url("postgres")

    def database_url(self, name: str) -> str:
        return f"postgresql+psycopg://{self.user}:{self.password}@{self.host}:{self.port}/{name}"

    def create_database(self, name: str) -> str:
        """Make an empty database that sorts text as SQLite does, and return its SQLAlchemy URL."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        self.execute(statement.format(sql.Identifier(name)))
        return self.database_url(name)

    def create_owned_database(self, name: str) -> None:
        """Make an empty database with two roles, as deploy/containers/create-databases.sh does: the owner, and the program's own."""
        owner, role = sql.Identifier(f"{name}_owner"), sql.Identifier(name)
        for one in (owner, role):
            self.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(one, sql.Literal(self.password)))
        self.create_database(name)
        self.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(role, owner))
        self.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(role))
        self.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(role, role))

    def drop_owned_database(self, name: str) -> None:
        self.drop_database(name)
        for role in (name, f"{name}_owner"):
            self.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))

    def as_user(self, user: str) -> "Postgres":
        """The same server for a role that `create_owned_database` has made; `{program}` stays to be filled in."""
        return replace(self, user=user)

    def drop_database(self, name: str) -> None:
        """Drop the database, with whatever connection is still open to it."""
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def execute(self, statement: sql.Composed) -> None:
        """Run one statement outside a transaction, in the maintenance database."""
        with self.connect() as connection:
            connection.execute(statement)

    def answers(self) -> bool:
        try:
            with self.connect() as connection:
                return connection.execute("SELECT 1").fetchone() is not None
        except psycopg.OperationalError:
            return False

    def connect(self, database: str = "postgres", options: str = "") -> psycopg.Connection:
        """A connection on which each statement commits."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=database,
            options=options,
            connect_timeout=ANSWER_SECONDS_MAX,
            autocommit=True,
        )


def rabbitmq_tls(folder: str, address: str) -> dict[str, str]:
    """The settings for a TLS listener with the `ca.crt`, `server.crt` and `server.key` of a folder."""
    files = {"cacertfile": "ca.crt", "certfile": "server.crt", "keyfile": "server.key"}
    return {"listeners.ssl.own": address, **{f"ssl_options.{name}": f"{folder}/{file}" for name, file in files.items()}}


def wait_until_up(name: str, answers: Callable[[], bool], seconds: float, ended: Callable[[], bool]) -> None:
    """Ask until the server answers; `StartFailed` after so many seconds, or once its process has ended."""
    deadline = time.monotonic() + seconds
    while not answers():
        if ended():
            raise StartFailed(f"{name} ended while it started")
        if time.monotonic() > deadline:
            raise StartFailed(f"{name} did not answer within {seconds:g} s")
        time.sleep(0.1)
