"""The programs as `docker-compose.yml` has them: networks, published ports, limits. Kubernetes gets the same from here, so that no second table differs."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from deploy.containers.program_settings import BY_COMPOSE, PROGRAMS, variable

FILE = Path(__file__).parents[2] / "docker-compose.yml"
MIGRATION_CONTAINER = "migrate"
FROM_THE_IMAGE = ("policies", "templates", "organizations")
"""Folders that compose mounts from the machine; in a cluster the image's own hold until an overlay mounts others."""
OF_DEVELOPMENT = ("phone_host",)


@dataclass(frozen=True)
class Container:
    """One program's container."""

    name: str
    command: list[str]
    networks: tuple[str, ...]
    port: int | None
    """Of pages and notices, where it has any."""
    has_evidence: bool
    cpus: float
    memory_mb: int
    temporary_mb: int
    stop_seconds: int


@cache
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def containers() -> list[Container]:
    """Every program that runs in production."""
    return [container(program) for program in PROGRAMS]


def migration() -> Container:
    return container(MIGRATION_CONTAINER)


def container(name: str) -> Container:
    found = compose()["services"][name]
    ports = [int(port.rpartition(":")[2]) for port in found.get("ports", ())]
    return Container(
        name=name,
        command=found["command"],
        networks=tuple(found["networks"]),
        port=ports[0] if ports else None,
        has_evidence=any(volume.endswith("/evidence") for volume in found.get("volumes", ())),
        cpus=found["cpus"],
        memory_mb=int(found["mem_limit"].removesuffix("m")),
        temporary_mb=int(found["tmpfs"][0].partition("size=")[2].partition("m")[0]),
        stop_seconds=int(found["stop_grace_period"].removesuffix("s")),
    )


def places() -> dict[str, str]:
    """The settings that say where things lie in a container, as compose has them."""
    written = compose()["x-settings"]
    named = (variable(name) for name in BY_COMPOSE if name not in (*FROM_THE_IMAGE, *OF_DEVELOPMENT))
    return {name: written[name] for name in named}
