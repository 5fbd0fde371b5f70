"""The compose file, run for real: everything comes up healthy, the demo passes, and a power cut loses nothing."""

import json
import os
import secrets as random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from clients.admin.transport.http import HttpServer
from deploy.containers import secrets
from shared.contract.capacity import queries as capacity_queries
from shared.contract.operations import queries as operations_queries
from shared.contract.seal import SealEvidence
from shared.messaging import topology
from shared.services import SOURCES, SUBSCRIPTIONS
from shared.text import persian
from tests.conftest import missing
from tests.demo import environment as place
from tests.demo.__main__ import drive
from tests.demo.environment import Environment
from tests.demo.report import Report
from tests.support.servers import containers, servers
from tests.support.servers.free_ports import free_ports

ROOT = Path(__file__).parents[3]
UP_SECONDS = 600
"""The first time, the image is built."""
COMMAND_SECONDS = 60
IMAGE = "tamdid-test"
CONTACT = "mailto:security@isfahan.example.ir"
REMOVAL = 'docker compose --project-name "$0" down --volumes --remove-orphans --timeout 2'
SUBSCRIBERS = {(subscriber, source) for source, subscribers in SUBSCRIPTIONS.items() for subscriber in subscribers}


@dataclass(frozen=True)
class Project:
    """One run of the compose file, with its own name, ports and secrets."""

    name: str
    secrets: Path
    gateway_port: int
    bank_port: int
    phone_port: int

    def compose(self, *arguments: str, seconds: float = COMMAND_SECONDS) -> str:
        """Run `docker compose`, and return its output; a failure includes the containers' logs."""
        done = self.run(*arguments, seconds=seconds)
        if done.returncode != 0:
            pytest.fail(f"{arguments}\n{done.stdout}{done.stderr}")
        return done.stdout

    def run(self, *arguments: str, seconds: float = COMMAND_SECONDS) -> subprocess.CompletedProcess[str]:
        """Run `docker compose` whatever comes of it."""
        environment = {
            "TAMDID_IMAGE": IMAGE,
            "TAMDID_DEVELOPMENT": "true",
            "TAMDID_SECURITY_CONTACT": CONTACT,
            "TAMDID_SECRETS": str(self.secrets),
            "TAMDID_GATEWAY_PORT": str(self.gateway_port),
            "TAMDID_BANK_PORT": str(self.bank_port),
            "TAMDID_PHONE_PORT": str(self.phone_port),
            "COMPOSE_PROFILES": "development-true",
            **{name: str(number) for name, number in secrets.container_user().items()},
        }
        # not the settings that lie beside the file: those are for whoever runs it here
        command = ["docker", "compose", "--project-name", self.name, "--env-file", os.devnull, *arguments]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def up(self) -> None:
        self.compose("up", "--build", "--wait", "--detach", "--quiet-pull", seconds=UP_SECONDS)

    def log_tail(self) -> str:
        return self.compose("logs", "--no-color", "--tail", "10")

    @contextmanager
    def place(self) -> Iterator[Environment]:
        """Where the demo takes place."""
        password = self.secrets / "values" / "first-admin-password"
        with place.compose(self.gateway_port, password, self.log_tail, self.phone_port) as there:
            yield there


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    if not servers.docker_answers():
        pytest.skip("no Docker engine answers")  # in CI too: unlike broker and database, nothing stands in for it
    if not has_compose():
        missing("the Docker engine has no compose")
    name = f"tamdid-test-{random.token_hex(4)}"
    gateway, bank, phone = free_ports(3)
    secrets.make_compose_secrets(tmp_path / "secrets")
    with containers.removed_in_the_end(name, REMOVAL):
        yield Project(name, tmp_path / "secrets", gateway, bank, phone)


def has_compose() -> bool:
    docker = shutil.which("docker")
    return (
        docker is not None
        and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0
    )


@pytest.mark.slow
def test_everything_comes_up_the_demo_passes_and_a_power_cut_loses_nothing(project: Project) -> None:
    project.up()
    with project.place() as there:
        assert drive(there, "pay", Report()) == 0
        before = heads(there.admin)
    assert subscriptions_without_consumer(project) == set()
    checked = json.loads(project.compose("run", "--rm", "--no-TTY", "admin", "broker", "check", "--json"))
    assert checked == {
        "problems": [],
        "not_checked": ["permission"],
    }  # which an administrator of the broker alone may read
    for program in SOURCES:
        assert privileges(project, program) == {(f"{program}_owner", "INSERT"), (f"{program}_owner", "SELECT")}
    published = httpx.get(f"http://127.0.0.1:{project.gateway_port}/.well-known/security.txt", trust_env=False)
    assert f"Contact: {CONTACT}\n" in published.text, "what the operator says reaches the program"
    shown = httpx.get(f"http://127.0.0.1:{project.phone_port}/messages", trust_env=False)
    assert shown.is_success, "the phone of development is there"
    evidence = project.secrets / "auth" / "evidence" / "auth.seals"
    assert SealEvidence.model_validate_json(evidence.read_text()).source == "auth"
    assert "SSLCertVerificationError" in admin_without_authority(project)
    assert "no encryption" in sign_in_unencrypted(project)
    assert "access_refused" not in project.compose("logs", "--no-color", "rabbitmq").lower()

    project.compose("kill")
    project.compose("down")
    project.up()
    with project.place() as again:
        assert again.applicant != there.applicant
        assert capacity_of(again.admin, there.applicant.name) == "active"
        assert all(head >= before[service] for service, head in heads(again.admin).items())


def admin_without_authority(project: Project) -> str:
    """What the command line says of a broker whose certificate it can't verify."""
    variable = "--env=TAMDID_BROKER_CA="
    run = project.run("run", "--rm", "--no-TTY", variable, "admin", "broker", "check")
    assert run.returncode != 0
    return run.stdout + run.stderr


def sign_in_unencrypted(project: Project) -> str:
    """What the database says over the network to a client that wants no TLS."""
    address = "host=postgres sslmode=disable dbname=auth user=auth password=none"
    run = project.run("exec", "--no-TTY", "postgres", "psql", address, "--command=SELECT 1")
    assert run.returncode != 0
    return run.stderr


def privileges(project: Project, program: str) -> set[tuple[str, str]]:
    """Who owns a program's events, with each thing that the program's role may do with them."""
    query = """
        SELECT tableowner, privilege_type FROM pg_tables
        JOIN information_schema.role_table_grants ON tablename = table_name AND grantee = current_database()
        WHERE tablename = 'events'
    """
    psql = ["psql", "--username=postgres", f"--dbname={program}", "--tuples-only", "--csv", f"--command={query}"]
    rows = project.compose("exec", "--no-TTY", "--user=postgres", "postgres", *psql).split()
    return {(owner, privilege) for owner, privilege in (row.split(",") for row in rows)}


def heads(admin: HttpServer) -> dict[str, int]:
    """How many events each log has."""
    query = operations_queries.ReadEvents(after=0, limit=1)
    return {service: admin.call(query, service=service).head for service in SUBSCRIPTIONS}


def capacity_of(admin: HttpServer, member: str) -> str:
    year = persian.jalali_year(datetime.now(UTC))
    return admin.call(capacity_queries.GetCapacity(member=member, year=year)).status


def subscriptions_without_consumer(project: Project) -> set[str]:
    """By the broker's own list; only a program's permissions could keep its consumer away."""
    list_queues = [
        "rabbitmqctl",
        "--quiet",
        "--formatter",
        "json",
        "list_queues",
        "--vhost",
        "tamdid",
        "name",
        "consumers",
    ]
    queues = json.loads(project.compose("exec", "--no-TTY", "rabbitmq", *list_queues))
    consumed = {queue["name"] for queue in queues if queue["consumers"]}
    return {topology.subscription(*subscription).name for subscription in SUBSCRIBERS} - consumed
