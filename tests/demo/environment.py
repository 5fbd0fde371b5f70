"""Where the demo takes place: a private standalone or distributed instance, or the containers that run already."""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from clients.admin.transport.http import HttpServer
from deploy import demonstration, trace_export
from shared.settings import Settings
from tests.demo import users
from tests.demo.browser import Unexpected
from tests.demo.users import Person
from tests.support.servers import instance, servers

On = Literal["standalone", "distributed", "compose"]
COMPOSE_PORT = 8000
COMPOSE_PHONE_PORT = 8002
COMPOSE_PASSWORD = Path("var/compose/values/first-admin-password")
LOG_LINES_SHOWN = 10


@dataclass(frozen=True)
class Environment:
    """A running Tamdid with the demonstration's register, seen from outside."""

    portal: str
    admin: HttpServer
    applicant: Person
    log_tail: Callable[[], str]
    phone: str
    traces: Path | None = None
    """Where the spans are, if anywhere."""


@contextmanager
def private(running: instance.Instance) -> Iterator[Environment]:
    """An instance that nobody else uses: the applicant is of the register."""
    admin = demonstration.signed_in(running.portal, "admin", demonstration.admin_password())
    try:
        applicant = users.applicant()
        users.wait_until_known(admin, applicant)
        traces = running.var / trace_export.FILE
        yield Environment(running.portal, admin, applicant, running.log_tail, running.phone, traces)
    finally:
        admin.close()


@contextmanager
def standalone(**settings: str) -> Iterator[Environment]:
    with instance.standalone(**settings) as running, private(running) as environment:
        yield environment


@contextmanager
def distributed(**settings: str) -> Iterator[Environment]:
    with (
        servers.rabbitmq() as rabbitmq,
        servers.postgres() as postgres,
        instance.distributed(rabbitmq, postgres, **settings) as running,
        private(running) as environment,
    ):
        yield environment


def compose_log_tail() -> str:
    command = ["docker", "compose", "logs", "--no-color", "--tail", str(LOG_LINES_SHOWN)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@contextmanager
def compose(
    port: int = COMPOSE_PORT,
    password_file: Path = COMPOSE_PASSWORD,
    log_tail: Callable[[], str] = compose_log_tail,
    phone_port: int = COMPOSE_PHONE_PORT,
    **_settings: str,
) -> Iterator[Environment]:
    """The containers of `make up`, where others may be at work: the applicant is a newcomer, and settings are as they are."""
    if not password_file.exists():
        raise Unexpected(f"{password_file} is not there; start the containers with `make up` first")
    portal, password = f"http://localhost:{port}", password_file.read_text().strip()
    demonstration.load(Settings(gateway_port=port), password)
    admin = demonstration.signed_in(portal, "admin", password)
    try:
        yield Environment(portal, admin, users.newcomer(admin), log_tail, f"http://localhost:{phone_port}")
    finally:
        admin.close()


ENVIRONMENTS: Mapping[str, Callable[..., AbstractContextManager[Environment]]] = {
    "standalone": standalone,
    "distributed": distributed,
    "compose": compose,
}
