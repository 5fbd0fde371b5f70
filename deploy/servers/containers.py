"""Servers as containers, by testcontainers, published on ports of this machine's loopback only."""

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from testcontainers.core.config import ConnectionMode, testcontainers_config
from testcontainers.core.container import DockerContainer

from deploy.servers.handles import Postgres, RabbitMQ, wait_until_up

RABBITMQ_IMAGE = "rabbitmq:4-management"
POSTGRES_IMAGE = "postgres:17"
START_SECONDS = 120
REMOVE_SECONDS = 60

AMQP_PORT = 5672
MANAGEMENT_PORT = 15672
POSTGRES_PORT = 5432
HOST = "127.0.0.1"
USER = "tamdid"

testcontainers_config.ryuk_disabled = True  # see removed_in_the_end
# Ours are published on this machine's loopback, also where this machine looks like a container itself.
testcontainers_config.connection_mode_override = ConnectionMode.docker_host


@contextmanager
def rabbitmq() -> Iterator[RabbitMQ]:
    password = secrets.token_hex(16)
    settings = {"RABBITMQ_DEFAULT_USER": USER, "RABBITMQ_DEFAULT_PASS": password}
    with started(RABBITMQ_IMAGE, [AMQP_PORT, MANAGEMENT_PORT], settings) as container:
        ports = [int(container.get_exposed_port(port)) for port in (AMQP_PORT, MANAGEMENT_PORT)]
        server = RabbitMQ(HOST, ports[0], ports[1], USER, password)
        wait_until_up("RabbitMQ", server.answers, START_SECONDS, ended=lambda: has_ended(container))
        yield server


@contextmanager
def postgres() -> Iterator[Postgres]:
    password = secrets.token_hex(16)
    settings = {"POSTGRES_USER": USER, "POSTGRES_PASSWORD": password, "POSTGRES_DB": "postgres"}
    # the data is thrown away: a power cut may take it, a crash of the server does not
    command = "postgres -c fsync=off -c full_page_writes=off -c max_connections=200"
    with started(POSTGRES_IMAGE, [POSTGRES_PORT], settings, command) as container:
        server = Postgres(HOST, int(container.get_exposed_port(POSTGRES_PORT)), USER, password)
        wait_until_up("PostgreSQL", server.answers, START_SECONDS, ended=lambda: has_ended(container))
        yield server


@contextmanager
def started(
    image: str, ports: list[int], settings: dict[str, str], command: str | None = None
) -> Iterator[DockerContainer]:
    name = f"tamdid-{secrets.token_hex(6)}"
    container = DockerContainer(image, env=settings, command=command, name=name)
    # the engine takes an address with the port; testcontainers hands it on but has no word for it
    on_loopback: dict[str, Any] = {f"{port}/tcp": (HOST, None) for port in ports}
    container.ports = on_loopback
    with removed_in_the_end(name), closing(container.get_docker_client().client):
        yield container.start()


@contextmanager
def removed_in_the_end(name: str) -> Iterator[None]:
    """Have the container removed with this block, or with this process however it ends.

    Not by testcontainers' own reaper: that misses whatever is asked of it before it listens.
    """
    removal = 'cat >/dev/null; exec docker rm --force --volumes "$0"'
    guard = subprocess.Popen(
        ["sh", "-c", removal, name],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        guard.communicate(timeout=REMOVE_SECONDS)


def has_ended(container: DockerContainer) -> bool:
    wrapped = container.get_wrapped_container()
    wrapped.reload()
    return wrapped.status in {"exited", "dead"}
