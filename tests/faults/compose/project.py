"""docker-compose.cluster.yml as a project of its own for the fault runs: its containers, and how each part is seen to be whole."""

import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from deploy.containers import secrets
from deploy.containers.layout import CLUSTER
from shared.messaging import topology
from tests.support.servers.free_ports import HOST
from tests.support.servers.server_handles import StartFailed

ROOT = Path(__file__).parents[3]
FILE = "docker-compose.cluster.yml"
COPIES = (1, 2)
ETCD = ("etcd-1", "etcd-2", "etcd-3")
SMALL_DISK_NODE = "rabbitmq-3"
COMMAND_SECONDS, ANSWER_SECONDS, POLL_SECONDS = 120, 3, 0.5


@dataclass
class Project:
    """The running cluster, for the faults and for whoever looks at it."""

    name: str
    home: Path
    portal: str
    management: dict[str, int]
    """The port of each broker node's management API."""
    patroni: dict[str, int]
    databases: dict[str, str]
    environment: dict[str, str] = field(repr=False)
    killed: Counter[str] = field(default_factory=Counter)
    """How often each container was killed for the engine to start it again."""

    def container(self, service: str, number: int = 1) -> str:
        return f"{self.name}-{service}-{number}"

    @property
    def copies(self) -> list[str]:
        """The containers of all programs."""
        return [self.container(program, number) for program in secrets.PROGRAMS for number in COPIES]

    @property
    def restarts(self) -> Counter[str]:
        """How often the engine has started each program's containers again."""
        return Counter({one["Name"].strip("/"): one["RestartCount"] for one in self.inspect(*self.copies)})

    @property
    def crashes(self) -> Counter[str]:
        """The restarts after an end that was no fault of ours."""
        return self.restarts - self.killed

    @property
    def disk(self) -> Path:
        """Where the node with a small disk has its data."""
        return self.home / "disk"

    def compose(self, *arguments: str, seconds: float = COMMAND_SECONDS) -> str:
        files = ("--file", FILE, "--file", str(self.home / "override.json"))
        return run(
            "docker", "compose", "--project-name", self.name, "--env-file", os.devnull, *files, *arguments,
            seconds=seconds, environment=self.environment,
        )  # fmt: skip

    def inspect(self, *names: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(run("docker", "inspect", *names))
        return found

    def pid(self, name: str) -> int:
        """The process in this machine that a container ends with; 0 where it does not run."""
        return int(self.inspect(name)[0]["State"]["Pid"])

    def broker_says(self, path: str) -> Any:
        """The management API of the first node that answers."""
        password = (self.home / "secrets" / "values" / "broker-admin").read_text()
        with httpx.Client(verify=False, timeout=ANSWER_SECONDS, trust_env=False, auth=("admin", password)) as client:  # noqa: S501 - by its port, not by its name
            for port in self.management.values():
                try:
                    return client.get(f"https://{HOST}:{port}/api/{path}").raise_for_status().json()
                except httpx.HTTPError:
                    continue
        return None

    def database_members(self) -> dict[str, str]:
        """By node, its role and state as Patroni sees them, such as `leader running`."""
        for port in self.patroni.values():
            try:
                members = httpx.get(f"http://{HOST}:{port}/cluster", timeout=ANSWER_SECONDS, trust_env=False).json()
                return {one["name"]: f"{one['role']} {one['state']}" for one in members["members"]}
            except (httpx.HTTPError, ValueError, KeyError):
                continue
        return {}

    def primary(self) -> str:
        found = [name for name, state in self.database_members().items() if state.startswith("leader")]
        return found[0] if found else CLUSTER.databases[0]

    def is_whole(self, part: str) -> bool:
        """Whether a part of the cluster has all of its nodes or copies again; one without a name always is."""
        checks: dict[str, Callable[[], bool]] = {
            "broker": self.is_broker_whole,
            "database": lambda: (
                sorted(self.database_members().values()) == ["leader running", "sync_standby streaming"]
            ),
            "consensus": lambda: all(one["State"]["Running"] for one in self.inspect(*map(self.container, ETCD))),
            "programs": lambda: not self.unhealthy(),
            "proxy": self.page_answers,
        }
        return checks[part]() if part else True

    def is_broker_whole(self) -> bool:
        """Queues without statistics: a leader that was cut off leaves its own behind, with itself as the only member online."""
        nodes, queues = self.broker_says("nodes"), self.broker_says("queues/tamdid?disable_stats=true")
        if not nodes or not queues:
            return False
        is_well = all(one["running"] and not (one.get("disk_free_alarm") or one.get("partitions")) for one in nodes)
        ours = [queue for queue in queues if queue["name"] in topology.needed().queues]
        return (
            is_well
            and len(nodes) == len(CLUSTER.brokers)
            and all(len(one.get("online", ())) == len(nodes) for one in ours)
        )

    def unhealthy(self) -> list[str]:
        found = self.inspect(*self.copies)
        return [one["Name"] for one in found if one["State"].get("Health", {}).get("Status") != "healthy"]

    def page_answers(self) -> bool:
        """Whether a page that needs a service comes through the proxy."""
        try:
            return httpx.get(f"{self.portal}/sign-in", verify=False, timeout=ANSWER_SECONDS, trust_env=False).is_success  # noqa: S501
        except httpx.HTTPError:
            return False

    def queues_without_consumers(self) -> list[str]:
        """Queues that not every copy consumes, as the broker reports."""
        found = {one["name"]: one.get("consumers", 0) for one in self.broker_says("queues/tamdid") or ()}
        late = {name: found.get(name, 0) for name in topology.needed().queues if found.get(name, 0) != len(COPIES)}
        return [f"{name} has {count} consumers" for name, count in sorted(late.items())]

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until every part is whole; `TimeoutError` names those that are not."""
        deadline = time.monotonic() + seconds
        parts = ("broker", "database", "consensus", "programs", "proxy")
        while late := [part for part in parts if not self.is_whole(part)]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"not whole within {seconds:g} s: {', '.join(late)}; {self.unhealthy()}")
            time.sleep(POLL_SECONDS)

    def copy_logs(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "containers.log").write_text(self.compose("logs", "--no-color", "--timestamps"))


def run(*command: str, seconds: float = COMMAND_SECONDS, environment: dict[str, str] | None = None) -> str:
    """Run a command; `StartFailed` with what it says where it fails."""
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    if done.returncode != 0:
        raise StartFailed(f"{' '.join(command[:8])} …: {done.stdout[-500:]}{done.stderr[-1500:]}")
    return done.stdout
