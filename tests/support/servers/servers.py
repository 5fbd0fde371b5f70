"""Private real servers for the tests and the demonstration: containers where Docker answers, else installed binaries."""

import importlib.util
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.support.servers import installed_servers
from tests.support.servers.server_handles import Postgres, RabbitMQ, ServersMissing

__all__ = ["Postgres", "RabbitMQ", "ServersMissing", "docker_answers", "postgres", "rabbitmq"]

DOCKER_ANSWER_SECONDS = 10


@contextmanager
def rabbitmq(tls: Path | None = None) -> Iterator[RabbitMQ]:
    """A fresh broker of our own until the block ends; `ServersMissing` where there is none to start.

    With a folder of certificates that everybody may read, it listens for TLS too.
    """
    if can_use_containers():
        from tests.support.servers import containers  # noqa: PLC0415 - testcontainers is a tool of the tests, not of a run

        with containers.rabbitmq(tls) as server:
            yield server
    else:
        with installed_servers.rabbitmq(tls) as server:
            yield server


@contextmanager
def postgres(*, durable: bool = False, in_memory: bool = False) -> Iterator[Postgres]:
    """A fresh database server of our own until the block ends; `ServersMissing` where there is none to start.

    A durable one syncs every commit to the disk, as one that is relied upon does; the others skip that. One in memory
    may lose its data when it stops: making a database takes it a third of the time.
    """
    if can_use_containers():
        from tests.support.servers import containers  # noqa: PLC0415 - testcontainers is a tool of the tests, not of a run

        with containers.postgres(durable=durable, in_memory=in_memory) as server:
            yield server
    else:
        with installed_servers.postgres(durable=durable) as server:
            yield server


@cache
def can_use_containers() -> bool:
    return importlib.util.find_spec("testcontainers") is not None and docker_answers()


def docker_answers() -> bool:
    """Whether a Docker engine runs where the docker command looks for one."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    # not `info`, which succeeds without an engine
    query = [docker, "version", "--format", "{{.Server.Version}}"]
    try:
        return subprocess.run(query, capture_output=True, timeout=DOCKER_ANSWER_SECONDS, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False
