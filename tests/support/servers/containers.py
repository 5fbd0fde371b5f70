"""Servers as containers, by testcontainers, published on ports of this machine's own addresses only."""

import secrets
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import docker
from testcontainers.core.config import ConnectionMode, testcontainers_config
from testcontainers.core.container import DockerContainer

from tests.support.servers.free_ports import HOST, free_port, free_ports
from tests.support.servers.installed_servers import NO_BUSY_WAIT, USER
from tests.support.servers.server_handles import Postgres, RabbitMQ, rabbitmq_tls, wait_until_up

RABBITMQ_IMAGE = "rabbitmq:4-management"
POSTGRES_IMAGE = "postgres:17"
START_SECONDS = 120
REMOVE_SECONDS = 60

AMQP_PORT = 5672
AMQPS_PORT = 5671
MANAGEMENT_PORT = 15672
POSTGRES_PORT = 5432
RABBITMQ_DATA = "/var/lib/rabbitmq/mnesia"
POSTGRES_DATA = "/var/lib/postgresql/data"
STOP_SECONDS = 30

testcontainers_config.ryuk_disabled = True  # see removed_in_the_end
# Ours are published on this machine's loopback, also where this machine looks like a container itself.
testcontainers_config.connection_mode_override = ConnectionMode.docker_host


@contextmanager
def rabbitmq(tls: Path | None = None) -> Iterator[RabbitMQ]:
    password, (amqp, amqps, management) = secrets.token_hex(16), free_ports(3)
    settings = {
        "RABBITMQ_DEFAULT_USER": USER,
        "RABBITMQ_DEFAULT_PASS": password,
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": NO_BUSY_WAIT,
    }
    ports: dict[int, int] = {AMQP_PORT: amqp, MANAGEMENT_PORT: management}
    volumes: dict[Path | None, str] = {}
    if tls is not None:
        ports[AMQPS_PORT] = amqps
        lines = [f"{name} = {value}\n" for name, value in rabbitmq_tls("/run/tls", f"0.0.0.0:{AMQPS_PORT}").items()]
        (tls / "rabbitmq.conf").write_text("".join(lines))
        volumes = {tls: "/run/tls", tls / "rabbitmq.conf": "/etc/rabbitmq/conf.d/60-tls.conf"}
    with started(RABBITMQ_IMAGE, ports, settings, volumes=volumes) as container:
        power = ContainersPower(container, RABBITMQ_DATA)
        server = RabbitMQ(address(), amqp, management, USER, password, power, amqps)
        wait_until_up("RabbitMQ", server.answers, START_SECONDS, ended=lambda: has_ended(container))
        yield server


@contextmanager
def postgres(*, durable: bool = False, in_memory: bool = False) -> Iterator[Postgres]:
    password, port = secrets.token_hex(16), free_port()
    settings = {"POSTGRES_USER": USER, "POSTGRES_PASSWORD": password, "POSTGRES_DB": "postgres"}
    # the data is thrown away: a power cut may take it, a crash of the server does not
    careless = "" if durable else " -c fsync=off -c full_page_writes=off"
    command = f"postgres -c max_connections=200{careless}"
    volumes: dict[Path | None, str] = {None: POSTGRES_DATA} if in_memory else {}
    with started(POSTGRES_IMAGE, {POSTGRES_PORT: port}, settings, command, volumes=volumes) as container:
        server = Postgres(address(), port, USER, password, ContainersPower(container, POSTGRES_DATA))
        wait_until_up("PostgreSQL", server.answers, START_SECONDS, ended=lambda: has_ended(container))
        yield server


@cache
def address() -> str:
    """Where published ports cost least: the gateway of Docker's bridge, if it is an address of this machine, else the loopback.

    What is sent to the loopback is copied by a process, docker-proxy, at the cost of half a database server; what is sent
    to the gateway is forwarded by the kernel.
    """
    with closing(docker.from_env()) as engine:
        [network, *_] = engine.networks.get("bridge").attrs["IPAM"]["Config"]
    gateway: str = network.get("Gateway", HOST)
    try:
        socket.create_server((gateway, 0)).close()
    except OSError:
        return HOST
    return gateway


@contextmanager
def started(
    image: str,
    ports: dict[int, int],
    settings: dict[str, str],
    command: str | None = None,
    volumes: Mapping[Path | None, str] | None = None,
) -> Iterator[DockerContainer]:
    """A container; `volumes` are what lies outside by its place inside, None in memory."""
    name = f"tamdid-{secrets.token_hex(6)}"
    container = DockerContainer(image, env=settings, command=command, name=name)
    # The engine takes an address with the port; testcontainers hands it on but has no word for it. The port is ours
    # to choose, because one that the engine chooses is another after each start.
    addresses = sorted({HOST, address()})
    published: dict[str, Any] = {
        f"{port}/tcp": [(one, outside) for one in addresses] for port, outside in ports.items()
    }
    container.ports = published
    for outside_path, inside_path in (volumes or {}).items():
        if outside_path is None:
            container.with_tmpfs_mount(inside_path)
        else:
            container.with_volume_mapping(str(outside_path), inside_path, "ro")
    with removed_in_the_end(name), closing(container.get_docker_client().client):
        yield container.start()


REMOVAL = 'docker rm --force --volumes "$0"'
"""Of a container by its name."""


@contextmanager
def removed_in_the_end(name: str, removal: str = REMOVAL) -> Iterator[None]:
    """Have what is called so removed with this block, or with this process however it ends.

    Not by testcontainers' own reaper: that misses whatever is asked of it before it listens.
    """
    guard = subprocess.Popen(
        ["sh", "-c", f"cat >/dev/null; exec {removal}", name],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",  # where no compose file is that needs its settings
    )
    try:
        yield
    finally:
        guard.communicate(timeout=REMOVE_SECONDS)


@dataclass(frozen=True)
class ContainersPower:
    """Ends a container and starts it again."""

    container: DockerContainer
    data: str
    """The server's data folder in the container."""

    def stop(self) -> None:
        self.container.get_wrapped_container().stop(timeout=STOP_SECONDS)

    def kill(self) -> None:
        self.container.get_wrapped_container().kill()

    def start(self) -> None:
        self.container.get_wrapped_container().start()

    def empty(self) -> None:
        removal = ["-c", 'find "$0" -mindepth 1 -delete', self.data]
        this = self.container.get_wrapped_container()
        client = self.container.get_docker_client().client
        client.containers.run(self.container.image, removal, entrypoint="sh", volumes_from=[this.id], remove=True)


def has_ended(container: DockerContainer) -> bool:
    wrapped = container.get_wrapped_container()
    wrapped.reload()
    return wrapped.status in {"exited", "dead"}
