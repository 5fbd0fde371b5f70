"""Private instances of Tamdid for the demo and the tests: real processes on free ports that end with whoever started them."""

import os
import secrets as random
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from deploy import demonstration
from deploy.containers import broker_users, secrets
from shared.services import SERVICES
from shared.settings import Settings
from tests.support.servers import forks, installed_servers, servers
from tests.support.servers.free_ports import HOST, free_ports
from tests.support.servers.server_handles import StartFailed, wait_until_up

ROOT = Path(__file__).parents[3]
START_SECONDS = 60
END_SECONDS = 60
LOG_LINES_SHOWN = 25
ANSWER_SECONDS = 2
WELCOME = "Tamdid is ready"
REDIRECTED = 'echo $$ > "$0"; log="$1"; shift; exec "$@" >> "$log" 2>&1'
"""A shell's words: note the process's id, send what it says to the log, and become it."""


@dataclass
class Process:
    """One process of programs, kept by a keeper that ends it when we are gone."""

    name: str
    home: Path
    arguments: Sequence[str]
    environment: dict[str, str]
    _kept: ExitStack = field(default_factory=ExitStack)
    _keeper: subprocess.Popen[bytes] | forks.Forked | None = None
    _log_start: int = 0

    @property
    def log(self) -> Path:
        return self.home / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        return self.home / f"{self.name}.pid"

    @property
    def has_ended(self) -> bool:
        return self._keeper is None or self._keeper.poll() is not None

    def start(self) -> None:
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=self.home))
        if forks.are_possible(self.environment, clean_environment()):
            fork = forks.fork(self.arguments, self.environment, folder, self.log, self.pid_file)
            self._keeper = self._kept.enter_context(closing(fork))
            return
        command = ["sh", "-c", REDIRECTED, str(self.pid_file), str(self.log)]
        command += [sys.executable, "-m", "deploy.run", *self.arguments]
        self._keeper = self._kept.enter_context(installed_servers.kept(folder, "SIGTERM", command, self.environment))

    def signal(self, how: signal.Signals) -> None:
        if not self.has_ended and self.pid_file.exists():
            os.kill(int(self.pid_file.read_text()), how)

    def wait(self) -> int:
        """Wait until the process is gone, which the keeper sees to; its exit code, 256 less a signal's number."""
        if self._keeper is None:
            return 0
        with suppress(subprocess.TimeoutExpired):
            self._keeper.wait(END_SECONDS if self.pid_file.exists() else 0)
        self._kept.close()
        code = self._keeper.returncode
        self._keeper = None
        self.pid_file.unlink(missing_ok=True)
        return code

    def said(self) -> str:
        """Its output since its last start."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")


@dataclass
class Instance:
    """A running Tamdid: where its pages and the phone's are, and how to end it in any manner and start it again."""

    home: Path
    portal: str
    bank: str
    phone: str
    processes: list[Process]
    is_ready: Callable[[Process], bool]

    @property
    def var(self) -> Path:
        return self.home / "var"

    def start(self) -> None:
        """Start every process, and return when all are ready."""
        for process in self.processes:
            process.start()
        for process in self.processes:
            try:
                self.wait_until_ready(process)
            except StartFailed as error:
                error.add_note(self.log_tail())
                raise

    def wait_until_ready(self, process: Process) -> None:
        wait_until_up(process.name, lambda: self.is_ready(process), START_SECONDS, lambda: process.has_ended)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.end(signal.SIGKILL)

    def end(self, how: signal.Signals = signal.SIGTERM) -> list[int]:
        """End whatever runs by a signal; each process's exit code."""
        for process in self.processes:
            process.signal(how)
        return [process.wait() for process in self.processes]

    def log_tail(self) -> str:
        """The last lines of each process's output."""
        tails = []
        for process in self.processes:
            lines = process.log.read_text(errors="replace").splitlines() if process.log.exists() else []
            tails.append("\n".join([f"--- {process.log.name}", *lines[-LOG_LINES_SHOWN:]]))
        return "\n".join(tails)


@contextmanager
def standalone(**settings: str) -> Iterator[Instance]:
    """`make run`'s own instance, with a home of its own until the block ends; `settings` as in the environment."""
    with tempfile.TemporaryDirectory(prefix="tamdid-standalone-") as folder:
        home = Path(folder)
        gateway, bank, phone, smtp = free_ports(4)
        environment = clean_environment() | {
            "TAMDID_VAR": str(home / "var"),
            "TAMDID_GATEWAY_PORT": str(gateway),
            "TAMDID_BANK_PORT": str(bank),
            "TAMDID_PHONE_PORT": str(phone),
            "TAMDID_PHONE_SMTP_PORT": str(smtp),
            **settings,
        }
        process = Process("standalone", home, ["all", "--demonstration"], environment)
        addresses = url(gateway), url(bank), url(phone)
        with ended(Instance(home, *addresses, [process], lambda process: WELCOME in process.said())) as it:
            yield it


@contextmanager
def distributed(rabbitmq: servers.RabbitMQ, postgres: servers.Postgres, **settings: str) -> Iterator[Instance]:
    """Each program a process of its own with a broker user and a database role of its own, and the demonstration's register."""
    name = f"d{uuid.uuid4().hex[:12]}"
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tamdid-distributed-")))
        passwords = {program: f"{program}-of-{rabbitmq.password}" for program in secrets.PROGRAMS}
        rabbitmq.manage("POST", "definitions", broker_users.definitions(passwords, name))
        stack.callback(rabbitmq.delete_vhost, name)
        for program in SERVICES:
            postgres.create_owned_database(f"{name}_{program}")
            stack.callback(postgres.drop_owned_database, f"{name}_{program}")
        secrets.make_keys(home / "keys", secrets.KEY_HOLDERS)
        gateway, bank, phone, smtp, phone_health, *health = free_ports(5 + len(secrets.PROGRAMS))
        environment = clean_environment() | {
            "TAMDID_VAR": str(home / "var"),
            "TAMDID_KEYS": str(home / "keys"),
            "TAMDID_DATABASE_URL": postgres.as_user(name + "_{program}").database_url(name + "_{program}"),
            "TAMDID_GATEWAY_PORT": str(gateway),
            "TAMDID_BANK_PORT": str(bank),
            "TAMDID_PHONE_PORT": str(phone),
            "TAMDID_PHONE_SMTP_PORT": str(smtp),
            "TAMDID_DEVELOPMENT": "true",
            "TAMDID_FIRST_ADMIN_PASSWORD": demonstration.admin_password(),
            "TAMDID_PAGE_SECRET": random.token_hex(),
            "TAMDID_WEBHOOK_SECRETS": secrets.webhook_secret(),
            **settings,
        }
        owner = postgres.as_user(name + "_{program}_owner").database_url(name + "_{program}")
        migrate(environment | {"TAMDID_MIGRATION_URL": owner})
        ports = dict(zip(secrets.PROGRAMS, health, strict=True))
        processes = [
            Process(
                program,
                home,
                [program],
                environment
                | {
                    "TAMDID_HEALTH_PORT": str(port),
                    "TAMDID_BROKER_URL": rabbitmq.vhost_url(name, program, passwords[program]),
                },
            )
            for program, port in ports.items()
        ]
        ports["phone"] = phone_health
        processes.append(Process("phone", home, ["phone"], environment | {"TAMDID_HEALTH_PORT": str(phone_health)}))
        addresses = url(gateway), url(bank), url(phone)
        with ended(Instance(home, *addresses, processes, lambda one: says_ready(ports[one.name]))) as it:
            demonstration.load(Settings(gateway_port=gateway))
            yield it


def migrate(environment: dict[str, str]) -> None:
    """Create the tables of all programs as their owner."""
    ended = tamdid(["database", "upgrade"], environment, START_SECONDS)
    if ended.returncode != 0:
        raise StartFailed(f"tamdid database upgrade: {ended.stderr}")


def tamdid(
    arguments: Sequence[str], environment: Mapping[str, str], seconds: float
) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end as a process of its own; `subprocess.TimeoutExpired` after so many seconds."""
    if not forks.are_possible(environment, clean_environment()):
        command = [sys.executable, "-W", "ignore", "-m", forks.COMMAND_LINE, *arguments]
        return subprocess.run(
            command, env=environment, cwd="/", capture_output=True, text=True, timeout=seconds, check=False
        )
    with tempfile.TemporaryDirectory(prefix="tamdid-command-") as folder:
        output, errors, pid_file = (Path(folder) / name for name in ("output", "errors", "pid"))
        forked = forks.fork(arguments, environment, Path("/"), output, pid_file, forks.COMMAND_LINE, errors)
        with closing(forked):
            code = forked.wait(seconds)
        return subprocess.CompletedProcess(arguments, code, output.read_text(), errors.read_text())


@contextmanager
def ended(instance: Instance) -> Iterator[Instance]:
    """Start an instance, and end it with the block however that ends."""
    try:
        instance.start()
        yield instance
    finally:
        instance.end()


def clean_environment() -> dict[str, str]:
    """The shell's environment without its settings of another instance."""
    return forks.without_settings(os.environ) | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def says_ready(port: int) -> bool:
    """Whether a program reports on its health port that it is ready."""
    try:
        with closing(HTTPConnection(HOST, port, timeout=ANSWER_SECONDS)) as connection:
            connection.request("GET", "/ready")
            return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False


def url(port: int) -> str:
    return f"http://{HOST}:{port}"
