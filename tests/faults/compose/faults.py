"""The faults of a cluster: nodes killed, cut off, paused and without disk, the primary failed over, the proxy and a copy of each program killed."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from deploy.containers import secrets
from deploy.containers.layout import CLUSTER
from tests.faults.compose.project import COPIES, ETCD, SMALL_DISK_NODE, Project, run
from tests.faults.faults import Fault

DOWN_SECONDS = (3.0, 8.0)
CUT_SECONDS = (22.0, 28.0)
"""Longer than the broker takes to notice (`net_ticktime`), and than Patroni's `ttl`."""
FAILOVER_SECONDS = (22.0, 28.0)
PAUSED_SECONDS = (5.0, 12.0)
CHUNK = bytes(1024 * 1024)
BELOW_LIMIT_BYTES = 100 * 1000 * 1000
"""Half of `disk_free_limit` in deploy/containers/rabbitmq.conf."""

Choose = Callable[[Project, random.Random], str]
"""Which container is hit."""


def broker_node(project: Project, rng: random.Random) -> str:
    return project.container(rng.choice(CLUSTER.brokers))


def primary(project: Project, _rng: random.Random) -> str:
    return project.container(project.primary())


def standby(project: Project, _rng: random.Random) -> str:
    leader = project.primary()
    return project.container(next(node for node in CLUSTER.databases if node != leader))


def consensus_node(project: Project, rng: random.Random) -> str:
    return project.container(rng.choice(ETCD))


def proxy(project: Project, _rng: random.Random) -> str:
    return project.container("proxy")


def copy_of(program: str, project: Project, rng: random.Random) -> str:
    return project.container(program, rng.choice(COPIES))


def crash(project: Project, rng: random.Random, choose: Choose) -> str:
    """Kill the container's first process; the engine starts it again at once, as it does after any crash."""
    name = choose(project, rng)
    if pid := project.pid(name):
        os.kill(pid, signal.SIGKILL)
        project.killed[name] += 1
    return name


def take_down(project: Project, rng: random.Random, choose: Choose, down: tuple[float, float]) -> str:
    """Kill a container, and start it only after a while, as with the power of its machine."""
    name, seconds = choose(project, rng), rng.uniform(*down)
    run("docker", "kill", name)
    time.sleep(seconds)
    run("docker", "start", name)
    return f"{name} for {seconds:.1f} s"


def pause(project: Project, rng: random.Random, choose: Choose, paused: tuple[float, float]) -> str:
    """Stop every process of a container with its connections open; the engine's own pause is not to be had on every kernel."""
    name, seconds = choose(project, rng), rng.uniform(*paused)
    _, *rows = run("docker", "top", name, "-eo", "pid").split()
    for how, wait in ((signal.SIGSTOP, seconds), (signal.SIGCONT, 0.0)):
        for pid in rows:
            with suppress(ProcessLookupError):
                os.kill(int(pid), how)
        time.sleep(wait)
    return f"{name} for {seconds:.1f} s"


def cut_off(project: Project, rng: random.Random, choose: Choose) -> str:
    """Drop every packet to and from a container, without a word to either side."""
    name, seconds = choose(project, rng), rng.uniform(*CUT_SECONDS)
    with no_packets(project.pid(name)):
        time.sleep(seconds)
    return f"{name} for {seconds:.1f} s"


@contextmanager
def no_packets(pid: int) -> Iterator[None]:
    rules = (("INPUT", "--in-interface"), ("OUTPUT", "--out-interface"))
    inside = ("nsenter", "--target", str(pid), "--net", "iptables")
    for chain, way in rules:
        run(*inside, "--insert", chain, "!", way, "lo", "--jump", "DROP")
    try:
        yield
    finally:
        for chain, way in rules:
            run(*inside, "--delete", chain, "!", way, "lo", "--jump", "DROP")


def fill_the_disk(project: Project, rng: random.Random, left: int) -> str:
    """Fill one broker node's disk but for so many bytes, and empty it again."""
    seconds, filler = rng.uniform(*DOWN_SECONDS), project.disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            while shutil.disk_usage(project.disk).free > left:
                file.write(CHUNK)
        time.sleep(seconds)
    except OSError:
        time.sleep(seconds)
    finally:
        filler.unlink(missing_ok=True)
    return f"{SMALL_DISK_NODE} for {seconds:.1f} s"


def fill_to_the_last_byte(project: Project, rng: random.Random) -> str:
    """As other programs may. The node then loses its own tables and logs of queues, goes on without them, and is to be started anew."""
    what = fill_the_disk(project, rng, 0)
    run("docker", "kill", project.container(SMALL_DISK_NODE))
    run("docker", "start", project.container(SMALL_DISK_NODE))
    return f"{what}, and started anew"


def switch_over(project: Project, _rng: random.Random) -> str:
    """Make the standby the primary in order, as for an upgrade of the server."""
    leader = project.primary()
    settings = ("patronictl", "--config-file", "/etc/tamdid/patroni.yml")
    project.compose("exec", "--no-TTY", leader, *settings, "switchover", "--primary", leader, "--force")
    return f"from {leader}"


FAULTS = (
    Fault(
        "a broker node is killed, and started later",
        partial(take_down, choose=broker_node, down=DOWN_SECONDS),
        "broker",
    ),
    Fault("a broker node is cut off", partial(cut_off, choose=broker_node), "broker"),
    Fault("a broker node is paused", partial(pause, choose=broker_node, paused=PAUSED_SECONDS), "broker"),
    Fault("a broker node's disk is below its limit", partial(fill_the_disk, left=BELOW_LIMIT_BYTES), "broker"),
    Fault("a broker node's disk is full to the last byte", fill_to_the_last_byte, "broker"),
    Fault(
        "the primary is killed, and started later",
        partial(take_down, choose=primary, down=FAILOVER_SECONDS),
        "database",
    ),
    Fault("the primary crashes", partial(crash, choose=primary), "database"),
    Fault("the primary is cut off", partial(cut_off, choose=primary), "database"),
    Fault("the primary is paused", partial(pause, choose=primary, paused=FAILOVER_SECONDS), "database"),
    Fault("the primary is failed over", switch_over, "database"),
    Fault(
        "the standby is killed, and started later", partial(take_down, choose=standby, down=DOWN_SECONDS), "database"
    ),
    Fault("a consensus node crashes", partial(crash, choose=consensus_node), "consensus"),
    Fault("the proxy is killed", partial(crash, choose=proxy), "proxy"),
    *(
        Fault(f"a copy of {program} is killed", partial(crash, choose=partial(copy_of, program)), "programs")
        for program in secrets.PROGRAMS
    ),
)
