"""Start of a project of docker-compose.cluster.yml for the fault runs: its secrets, its ports, a small disk, and the demonstration's officers."""

import json
import os
import secrets as random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from deploy import demonstration
from deploy.containers import secrets
from deploy.containers.layout import CLUSTER
from shared.services import SERVICES
from tests.faults.compose.project import ANSWER_SECONDS, COMMAND_SECONDS, SMALL_DISK_NODE, Project, run
from tests.support.servers import containers, servers
from tests.support.servers.free_ports import HOST, free_ports
from tests.support.servers.server_handles import ServersMissing

SMALL_DISK = "900m"
UP_SECONDS = 600
REMOVAL = 'docker compose --project-name "$0" down --volumes --remove-orphans --timeout 2'


@contextmanager
def running(report_line: Callable[[str], None]) -> Iterator[Project]:
    """A cluster of its own with the demonstration's officers, until the block ends; root alone can cut off a node."""
    if not servers.docker_answers() or os.geteuid() != 0 or not shutil.which("nsenter"):
        raise ServersMissing("The cluster needs a Docker engine on this machine, root and nsenter.")
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tamdid-faults-")))
        project = create(home, f"tamdid-faults-{random.token_hex(4)}")
        project.disk.mkdir()
        run("mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(project.disk))
        stack.callback(run, "umount", "--lazy", str(project.disk))
        stack.enter_context(containers.removed_in_the_end(project.name, REMOVAL))
        report_line("building the images, and starting all containers")
        project.compose("up", "--build", "--wait", "--detach", seconds=UP_SECONDS)
        load = "from deploy import demonstration; from shared.settings import Settings; demonstration.load(Settings())"
        project.compose("exec", "--no-TTY", "gateway", "python", "-c", load)
        project.wait_until_ready(COMMAND_SECONDS)
        yield project


def create(home: Path, name: str) -> Project:
    """The project's secrets, and the file of what differs: ports for whoever looks, and a small disk for one node."""
    values = home / "secrets" / "values"
    values.mkdir(parents=True, mode=0o700)
    (values / "first-admin-password").write_text(demonstration.admin_password())
    secrets.make_compose_secrets(home / "secrets", CLUSTER)
    portal, bank, phone, *others = free_ports(3 + len(CLUSTER.brokers) + 2 * len(CLUSTER.databases))
    management = dict(zip(CLUSTER.brokers, others, strict=False))
    patroni = dict(zip(CLUSTER.databases, others[len(management) :], strict=False))
    direct = dict(zip(CLUSTER.databases, others[len(management) + len(patroni) :], strict=True))
    override: dict[str, Any] = {
        node: {"networks": ["broker", "outside"], "ports": [f"{HOST}:{port}:15671"]}
        for node, port in management.items()
    }
    override[SMALL_DISK_NODE]["volumes"] = [f"{home / 'disk'}:/var/lib/rabbitmq"]
    for node in CLUSTER.databases:
        ports = [f"{HOST}:{patroni[node]}:8008", f"{HOST}:{direct[node]}:5432"]
        override[node] = {"networks": ["database", "consensus", "outside"], "ports": ports}
    (home / "override.json").write_text(json.dumps({"services": override}))
    password = (values / "database-superuser").read_text()
    hosts = "&".join(f"host={HOST}:{port}" for port in direct.values())
    options = f"sslmode=require&connect_timeout={ANSWER_SECONDS}&target_session_attrs=read-write&{hosts}"
    databases = {
        # a program's own schema, where it replaces tables; else these are away for the superuser
        program: f"postgresql+psycopg://postgres:{password}@/{program}?{options}&options=-csearch_path%3D{program},public"
        for program in SERVICES
    }
    return Project(
        name,
        home,
        f"https://localhost:{portal}",
        management,
        patroni,
        databases,
        environment(home, portal, bank, phone),
    )


def environment(home: Path, portal: int, bank: int, phone: int) -> dict[str, str]:
    inherited = {name: text for name, text in os.environ.items() if not name.startswith(("TAMDID_", "COMPOSE_"))}
    return inherited | {
        "TAMDID_SECRETS": str(home / "secrets"),
        "TAMDID_IMAGE": "tamdid-test",
        "TAMDID_DEVELOPMENT": "true",
        "TAMDID_CHALLENGE": "never",
        "TAMDID_PUBLIC_URL": f"https://localhost:{portal}",
        "TAMDID_BANK_PUBLIC_URL": f"https://localhost:{bank}",
        "TAMDID_PORTAL_ADDRESS": f"{HOST}:{portal}",
        "TAMDID_BANK_ADDRESS": f"{HOST}:{bank}",
        "TAMDID_PHONE_PORT": str(phone),
        "TAMDID_TRUSTED_PROXIES": "2",  # the load gives each member an address of its own
        "COMPOSE_PROFILES": "development-true",
        **{name: str(number) for name, number in secrets.container_user().items()},
    }
