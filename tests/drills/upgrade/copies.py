"""Copies of each program, each a process of either version, on RabbitMQ and PostgreSQL with a user of its own; pages behind a proxy to all copies."""

import json
import secrets as random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy import demonstration
from deploy.containers import secrets
from shared.services import SERVICES
from shared.settings import Settings
from tests.drills.upgrade.release import Version
from tests.faults.cluster import both_servers
from tests.support.servers import instance, servers
from tests.support.servers.free_ports import free_ports
from tests.support.servers.instance import Process
from tests.support.servers.server_handles import StartFailed, wait_until_up
from tests.support.tcp_proxy import Network

NAME = "upgraded"
"""Of the virtual host, and before each program's name that of its database."""
START_SECONDS = 90
COMMAND_SECONDS = 120
DEFINITIONS = """
import json, sys
from deploy.containers import broker_users
print(json.dumps(broker_users.definitions(json.loads(sys.argv[1]), sys.argv[2])))
"""
"""The broker's definitions in every version."""


@dataclass
class Copy:
    """One process of one program, in one version or another."""

    program: str
    process: Process
    health_port: int
    version: Version

    @property
    def name(self) -> str:
        return self.process.name

    def start(self, version: Version) -> None:
        self.version = version
        self.process.environment["PYTHONPATH"] = str(version.root)
        self.process.start()

    def wait_until_ready(self) -> None:
        ready, ended = lambda: instance.says_ready(self.health_port), lambda: self.process.has_ended
        try:
            wait_until_up(f"{self.name} ({self.version.name})", ready, START_SECONDS, ended)
        except StartFailed as error:
            error.add_note(self.process.said())
            raise

    def replace(self, version: Version) -> int:
        """End it gracefully where it runs, and start it in another version, which may not have it; the exit code."""
        self.process.signal(signal.SIGTERM)
        code = self.process.wait()
        if version.has(self.program):
            self.start(version)
            self.wait_until_ready()
        return code


@dataclass
class Cluster:
    """The copies of all programs, and where they are."""

    home: Path
    rabbitmq: servers.RabbitMQ
    postgres: servers.Postgres
    copies: list[Copy]
    portal: str
    databases: dict[str, str]
    """The SQLAlchemy URL of each program's database, as the program's own role."""
    owners: str
    """The URL of the tables' owners."""

    @property
    def started(self) -> list[Copy]:
        """The copies that have run at some time."""
        return [copy for copy in self.copies if copy.process.log.exists()]

    def copies_of(self, program: str) -> list[Copy]:
        return [copy for copy in self.copies if copy.program == program]

    @property
    def live(self) -> str:
        """The versions that run, with the number of their copies."""
        return ", ".join(
            f"{count} × {name}"
            for name, count in Counter(one.version.name for one in self.copies if not one.process.has_ended).items()
        )

    def make_room(self, version: Version) -> None:
        """Make what a version's programs need beside those that are there, as docs/upgrading.md says: keys, databases, users and queues."""
        programs = [program for program in secrets.PROGRAMS if version.has(program)]
        secrets.make_keys(self.home / "keys", [*programs, secrets.COMMAND_LINE])
        for program in programs:
            if program in SERVICES and not (self.home / f"database-{program}").exists():
                self.postgres.create_owned_database(f"{NAME}_{program}")
                (self.home / f"database-{program}").touch()
        passwords = json.dumps({program: password_of(program) for program in programs})
        definitions = run([sys.executable, "-c", DEFINITIONS, passwords, NAME], version.environment)
        self.rabbitmq.manage("POST", "definitions", json.loads(definitions))

    def run_as_owner(self, version: Version, *command: str) -> str:
        """Run a version's own `tamdid` on the databases, as the owner of their tables; its output."""
        settings = self.copies[0].process.environment | version.environment
        return tamdid(command, settings | {"TAMDID_MIGRATION_URL": self.owners})

    def run_as_admin(self, version: Version, *command: str) -> str:
        """Run a version's own `tamdid` on the portal, with an admin's session; its output."""
        own = {
            "TAMDID_SERVER": self.portal,
            "TAMDID_KEYS": str(self.home / "keys"),
            "TAMDID_PASSWORD": demonstration.admin_password(),
            "XDG_STATE_HOME": str(self.home / version.name),
        }
        if not (self.home / version.name).exists():
            tamdid(["sign-in", "--as", "admin"], version.environment | own)
        return tamdid(command, version.environment | own)

    def end(self) -> None:
        """End all copies at the same time."""
        for copy in self.copies:
            copy.process.signal(signal.SIGTERM)
        for copy in self.copies:
            copy.process.wait()

    def copy_logs(self, folder: Path) -> None:
        """Copy the programs' logs, which are deleted with the cluster."""
        folder.mkdir(parents=True, exist_ok=True)
        for copy in self.started:
            shutil.copy(copy.process.log, folder)


class CommandFailed(Exception):  # noqa: N818 - says what happened
    """A command of an operator's ended with another exit code than 0."""


def password_of(program: str) -> str:
    """A program's own on the broker."""
    return f"{program}-of-{NAME}"


def run(command: Sequence[str], environment: dict[str, str]) -> str:
    return output_of(
        subprocess.run(
            command, env=environment, cwd="/", capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False
        )
    )


def tamdid(arguments: Sequence[str], environment: dict[str, str]) -> str:
    return output_of(instance.tamdid(arguments, environment, COMMAND_SECONDS))


def output_of(ended: subprocess.CompletedProcess[str]) -> str:
    if ended.returncode != 0:
        raise CommandFailed(f"{' '.join(ended.args)} ended with {ended.returncode}: {ended.stdout}{ended.stderr}")
    return ended.stdout


@contextmanager
def running(release: Version, doubled: Collection[str], report_line: Callable[[str], None]) -> Iterator[Cluster]:
    """A copy of each program in a release, and another of some, on databases that it has made, with the demonstration's officers and members."""
    with ExitStack() as stack:
        report_line("starting RabbitMQ and PostgreSQL")
        rabbitmq, postgres = both_servers(stack)
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tamdid-upgrade-")))
        network = stack.enter_context(closing(Network()))
        cluster = create_cluster(home, network, rabbitmq, postgres, release, doubled)
        report_line(f"making the databases of version {release.name}")
        cluster.make_room(release)
        cluster.run_as_owner(release, "database", "upgrade")
        first = [copy for copy in cluster.copies if release.has(copy.program)]
        report_line(f"starting {len(first)} programs of version {release.name}")
        stack.callback(cluster.end)
        for copy in first:
            copy.start(release)
        for copy in first:
            copy.wait_until_ready()
        demonstration.load(Settings(gateway_port=int(cluster.portal.rpartition(":")[2])))
        yield cluster


def create_cluster(  # noqa: PLR0913 - what a cluster is made of
    home: Path,
    network: Network,
    rabbitmq: servers.RabbitMQ,
    postgres: servers.Postgres,
    release: Version,
    doubled: Collection[str],
) -> Cluster:
    """All copies without starting them, also of programs that the release does not have."""
    count = {program: 2 if program in doubled else 1 for program in secrets.PROGRAMS}
    pages = {name: free_ports(count[name]) for name in secrets.PROGRAMS_WITH_PAGES}
    portal, bank = (network.proxy(*pages[name]).port for name in ("gateway", "bank"))
    database = NAME + "_{program}"
    common = instance.clean_environment() | {
        "TAMDID_VAR": str(home / "var"),
        "TAMDID_KEYS": str(home / "keys"),
        "TAMDID_DATABASE_URL": postgres.as_user(database).database_url(database),
        "TAMDID_PUBLIC_URL": instance.url(portal),
        "TAMDID_BANK_PUBLIC_URL": instance.url(bank),
        "TAMDID_BANK_URL": instance.url(bank),
        "TAMDID_DEVELOPMENT": "true",
        "TAMDID_ROLLBACK_POSSIBLE": "true",
        "TAMDID_CHALLENGE": "never",
        "TAMDID_TRUSTED_PROXIES": "1",
        "TAMDID_FIRST_ADMIN_PASSWORD": demonstration.admin_password(),
        "TAMDID_PAGE_SECRET": random.token_hex(),
        "TAMDID_WEBHOOK_SECRETS": secrets.webhook_secret(),
    }
    copies = []
    for program in secrets.PROGRAMS:
        for number, health_port in enumerate(free_ports(count[program])):
            own = {
                "TAMDID_BROKER_URL": rabbitmq.vhost_url(NAME, program, password_of(program)),
                "TAMDID_HEALTH_PORT": str(health_port),
            }
            if program in pages:
                own[f"TAMDID_{program.upper()}_PORT"] = str(pages[program][number])
            process = Process(f"{program}-{number + 1}", home, [program], common | own)
            copies.append(Copy(program, process, health_port, release))
    as_program = common["TAMDID_DATABASE_URL"]
    databases = {program: as_program.format(program=program) for program in SERVICES if release.has(program)}
    owners = postgres.as_user(f"{database}_owner").database_url(database)
    return Cluster(home, rabbitmq, postgres, copies, instance.url(portal), databases, owners)
