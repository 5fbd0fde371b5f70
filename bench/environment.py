"""The environment of the benchmarks: durable servers, the compared library's own virtual environment, and a progress bar."""

import json
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from deploy.containers import secrets
from tests.support.servers import installed_servers, servers

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "var" / "bench"
PEER_REQUIREMENTS = Path(__file__).parent / "peer" / "requirements.lock"
ROUNDS, QUICK_ROUNDS = 5, 5
ROUND_SECONDS, QUICK_ROUND_SECONDS = 1.0, 0.4


class Report:
    """Says on the terminal what is being measured, and how far it is."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description:<10}"), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn())
        self.bars = Progress(*columns)
        self.words = ""

    def say(self, text: str) -> None:
        """A line that stays above the bars."""
        self.bars.console.print(text, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def step(self, total: int) -> Iterator[Callable[[], None]]:
        """One bar of so many steps; the block is given what moves it on."""
        task: TaskID = self.bars.add_task(self.words, total=total)
        try:
            yield lambda: self.bars.advance(task)
        finally:
            self.bars.remove_task(task)


@dataclass
class Environment:
    """What every benchmark is given. Servers start at their first use, and end with the environment."""

    quick: bool
    long: bool
    folder: Path
    progress: Report = field(default_factory=Report)
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def rounds(self) -> int:
        return QUICK_ROUNDS if self.quick else ROUNDS

    @property
    def round_seconds(self) -> float:
        return QUICK_ROUND_SECONDS if self.quick else ROUND_SECONDS

    @cached_property
    def postgres(self) -> servers.Postgres:
        """Syncs every commit to the disk. Installed programs come first: between a container and us stands a proxy."""
        own = installed_servers.postgres if installed_servers.find_postgres() else servers.postgres
        return self.stack.enter_context(own(durable=True))

    @cached_property
    def rabbitmq(self) -> servers.RabbitMQ:
        return self.stack.enter_context(
            (installed_servers.rabbitmq if installed_servers.find_rabbitmq() else servers.rabbitmq)()
        )

    def postgres_url(self) -> str:
        """SQLAlchemy URL of an empty database."""
        return self.postgres.create_database(fresh_name())

    def sqlite_url(self) -> str:
        """SQLAlchemy URL of a file that does not exist yet, on the disk of this checkout."""
        return f"sqlite:///{self.folder / fresh_name()}.db"

    def database_url(self, kind: str) -> str:
        return self.postgres_url() if kind == "postgresql" else self.sqlite_url()

    def broker_url(self) -> str:
        """AMQP URL of an empty virtual host."""
        return self.rabbitmq.create_vhost(fresh_name())

    @cached_property
    def keys(self) -> str:
        """A folder with every program's key pair."""
        secrets.make_keys(self.folder / "keys", secrets.KEY_HOLDERS)
        return str(self.folder / "keys")

    @cached_property
    def peer(self) -> tuple[str, str]:
        """The interpreter and the script of the `eventsourcing` library, in an environment of its own."""
        home = FOLDER / "peer"
        lock = home / PEER_REQUIREMENTS.name
        if not lock.exists() or lock.read_bytes() != PEER_REQUIREMENTS.read_bytes():
            shutil.rmtree(home, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", home], check=True)
            install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]
            subprocess.run([home / "bin" / "python", *install, PEER_REQUIREMENTS], check=True)
            shutil.copy(PEER_REQUIREMENTS, lock)
        return str(home / "bin" / "python"), str(PEER_REQUIREMENTS.with_name("store.py"))

    def peer_versions(self) -> dict[str, str]:
        listed = subprocess.run(
            [self.peer[0], "-m", "pip", "list", "--format=json"], capture_output=True, text=True, check=True
        )
        return {one["name"]: one["version"] for one in json.loads(listed.stdout) if one["name"] == "eventsourcing"}


def break_off(_signal: int, _frame: FrameType | None) -> None:
    """End as on Ctrl-C, so that workers and servers are ended too: they run in process groups of their own."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # nothing interrupts their end
    raise KeyboardInterrupt


@contextmanager
def opened(*, quick: bool, long: bool) -> Iterator[Environment]:
    """A place with an empty folder, until the block ends, or the process is told to end."""
    signal.signal(signal.SIGTERM, break_off)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=FOLDER) as folder:
        environment = Environment(quick=quick, long=long, folder=Path(folder))
        with environment.stack, environment.progress.bars:
            yield environment


def fresh_name() -> str:
    return f"b{uuid.uuid4().hex[:12]}"
