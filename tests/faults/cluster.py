"""The whole cluster for the fault runs: two copies of each program, each its own process, behind proxies, under a supervisor."""

import secrets as random
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import httpx

from deploy import demonstration
from deploy.containers import secrets
from shared.contract.refusals import Refused
from shared.messaging import topology
from shared.services import SERVICES, SUBSCRIPTIONS
from shared.settings import Settings
from tests.support.servers import instance, servers
from tests.support.servers.free_ports import HOST, free_ports
from tests.support.servers.instance import Process
from tests.support.servers.server_handles import wait_until_up
from tests.support.tcp_proxy import Network, TcpProxy

T = TypeVar("T")
COPIES = (1, 2)
START_SECONDS = 90
POLL_SECONDS = 0.2
RESTART_SECONDS = 0.5
"""How long the supervisor waits before it starts a program again."""


@dataclass
class Copy:
    """One process of one program, and its own proxies to the servers."""

    program: str
    process: Process
    health_port: int
    to_broker: TcpProxy
    to_database: TcpProxy | None
    is_ended_by_us: bool = False

    @property
    def name(self) -> str:
        return self.process.name

    def is_ready(self) -> bool:
        return instance.says_ready(self.health_port)

    def end(self, how: signal.Signals) -> None:
        """End it by a signal; the supervisor starts it again."""
        self.is_ended_by_us = True
        self.process.signal(how)


class Supervisor:
    """Restarts every program that ends, as compose and Kubernetes do, and counts those that crashed."""

    def __init__(self, copies: Sequence[Copy]) -> None:
        self.copies = copies
        self.restarts: Counter[str] = Counter()
        self.crashes: Counter[str] = Counter()
        """Programs that ended without a signal."""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(POLL_SECONDS):
            ended = [copy for copy in self.copies if copy.process.has_ended]
            if ended and self._over.wait(RESTART_SECONDS):
                return
            for copy in ended:
                copy.process.wait()
                self.restarts[copy.program] += 1
                if not copy.is_ended_by_us:
                    self.crashes[copy.program] += 1
                copy.is_ended_by_us = False
                copy.process.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        for copy in self.copies:
            copy.process.signal(signal.SIGCONT)
            copy.process.signal(signal.SIGKILL)
        for copy in self.copies:
            copy.process.wait()


@dataclass
class Cluster:
    """The processes, servers and proxies that a fault can hit, and the portal's address."""

    network: Network
    rabbitmq: servers.RabbitMQ
    postgres: servers.Postgres
    copies: list[Copy]
    portal: str
    databases: dict[str, str]
    """The SQLAlchemy URL of each program's database, without a proxy."""
    supervisor: Supervisor = field(init=False)

    @property
    def restarts(self) -> Counter[str]:
        return self.supervisor.restarts

    @property
    def crashes(self) -> Counter[str]:
        return self.supervisor.crashes

    def is_whole(self, _part: str) -> bool:
        """Faults of processes come whatever the one before has left."""
        return True

    def page_answers(self) -> bool:
        """Whether the portal's first page comes."""
        return httpx.get(self.portal, timeout=POLL_SECONDS, trust_env=False).is_success

    def copies_of(self, program: str) -> list[Copy]:
        return [copy for copy in self.copies if copy.program == program]

    def start_again(self, server: servers.RabbitMQ | servers.Postgres) -> None:
        """Start a server, and return when it answers."""
        server.power.start()
        wait_until_up(type(server).__name__, server.answers, START_SECONDS, ended=lambda: False)

    def queues_without_consumers(self) -> list[str]:
        """Queues that not every copy consumes, as the broker reports."""
        wanted = {
            topology.subscription(to, source).name for source, followers in SUBSCRIPTIONS.items() for to in followers
        }
        wanted |= {f"rpc-{program}" for program in self.databases}
        found = {queue["name"]: queue.get("consumers", 0) for queue in self.rabbitmq.manage("GET", "queues/%2F").json()}
        return [
            f"{name} has {found.get(name, 0)} consumers" for name in sorted(wanted) if found.get(name, 0) != len(COPIES)
        ]

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until every copy is ready; `TimeoutError` names those that do not."""
        deadline = time.monotonic() + seconds
        while late := [copy.name for copy in self.copies if not copy.is_ready()]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"not ready within {seconds:g} s: {', '.join(late)}\n{self.log_tail(late)}")
            time.sleep(POLL_SECONDS)

    def copy_logs(self, folder: Path) -> None:
        """Copy the programs' logs, which are deleted with the cluster."""
        folder.mkdir(parents=True, exist_ok=True)
        for copy in self.copies:
            shutil.copy(copy.process.log, folder)

    def log_tail(self, names: Sequence[str]) -> str:
        chosen = [copy.process for copy in self.copies if copy.name in names]
        return instance.Instance(Path(), "", "", "", chosen, lambda _: True).log_tail()


@contextmanager
def running(report_line: Callable[[str], None]) -> Iterator[Cluster]:
    """A cluster of its own on servers of its own, with the demonstration's officers, until the block ends."""
    with ExitStack() as stack:
        report_line("starting RabbitMQ and PostgreSQL")
        rabbitmq, postgres = both_servers(stack)
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tamdid-faults-")))
        network = stack.enter_context(closing(Network()))
        cluster = create_cluster(home, network, rabbitmq, postgres)
        report_line(f"starting {len(cluster.copies)} programs")
        for copy in cluster.copies:
            copy.process.start()
        cluster.supervisor = stack.enter_context(closing(Supervisor(cluster.copies)))
        cluster.wait_until_ready(START_SECONDS)
        try:
            demonstration.load(Settings(gateway_port=int(cluster.portal.rpartition(":")[2])))
        except Refused as refused:
            refused.add_note(cluster.log_tail([copy.name for copy in cluster.copies]))
            raise
        yield cluster


def both_servers(stack: ExitStack) -> tuple[servers.RabbitMQ, servers.Postgres]:
    """A broker and a database server, started at the same time."""

    def enter(manager: AbstractContextManager[T]) -> T:
        server = manager.__enter__()
        stack.push(manager)
        return server

    with ThreadPoolExecutor(2) as threads:
        rabbitmq, postgres = threads.submit(enter, servers.rabbitmq()), threads.submit(enter, servers.postgres())
        return rabbitmq.result(), postgres.result()


def create_cluster(home: Path, network: Network, rabbitmq: servers.RabbitMQ, postgres: servers.Postgres) -> Cluster:
    """Create all copies without starting them, each with its own proxies; portal and bank behind a proxy to both copies."""
    secrets.make_keys(home / "keys", secrets.KEY_HOLDERS)
    databases = {name: postgres.create_database(f"faults_{name}") for name in SERVICES}
    pages = {name: free_ports(len(COPIES)) for name in secrets.PROGRAMS_WITH_PAGES}
    portal, bank = (network.proxy(*pages[name]) for name in ("gateway", "bank"))
    common = instance.clean_environment() | {
        "TAMDID_VAR": str(home / "var"),
        "TAMDID_KEYS": str(home / "keys"),
        "TAMDID_PUBLIC_URL": instance.url(portal.port),
        "TAMDID_BANK_PUBLIC_URL": instance.url(bank.port),
        "TAMDID_BANK_URL": instance.url(bank.port),
        "TAMDID_DEVELOPMENT": "true",
        "TAMDID_CHALLENGE": "never",
        "TAMDID_TRUSTED_PROXIES": "1",
        "TAMDID_FIRST_ADMIN_PASSWORD": demonstration.admin_password(),
        "TAMDID_PAGE_SECRET": random.token_hex(),
        "TAMDID_WEBHOOK_SECRETS": secrets.webhook_secret(),
    }
    copies = []
    for program in secrets.PROGRAMS:
        for number, health_port in zip(COPIES, free_ports(len(COPIES)), strict=True):
            to_broker, to_database = network.proxy(rabbitmq.port), network.proxy(postgres.port)
            own = {
                "TAMDID_BROKER_URL": replace(rabbitmq, host=HOST, port=to_broker.port).url,
                "TAMDID_DATABASE_URL": replace(postgres, host=HOST, port=to_database.port).database_url(
                    "faults_{program}"
                ),
                "TAMDID_HEALTH_PORT": str(health_port),
                "TAMDID_GATEWAY_PORT": str(pages["gateway"][number - 1]),
                "TAMDID_BANK_PORT": str(pages["bank"][number - 1]),
            }
            process = Process(f"{program}-{number}", home, [program], common | own)
            has_database = program in databases
            copies.append(Copy(program, process, health_port, to_broker, to_database if has_database else None))
    return Cluster(network, rabbitmq, postgres, copies, instance.url(portal.port), databases)
