"""The faults: programs killed, servers stopped, killed and emptied, connections cut, held up and swallowed."""

import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.cluster import Cluster
from tests.support.servers import servers
from tests.support.tcp_proxy import TcpProxy

DOWN_SECONDS = (0.5, 4.0)
"""How long a server is down."""
FROZEN_SECONDS = (2.0, 8.0)
HELD_SECONDS = (2.0, 12.0)
PART_KILLED_MEANWHILE = 0.5
PART_ON_THE_WAY_TO_THE_BROKER = 0.5
PART_OF_ALL_COPIES = 0.3


@dataclass(frozen=True)
class Fault:
    """One kind of fault: `inject` returns what it hit when it is over."""

    name: str
    inject: Callable[[Any, random.Random], str]
    part: str = ""
    """The part of the cluster that must be whole before; the next fault of another part may come earlier."""


def kill_a_program(cluster: Cluster, rng: random.Random) -> str:
    copy = rng.choice(cluster.copies)
    copy.end(signal.SIGKILL)
    return copy.name


def kill_both_copies(cluster: Cluster, rng: random.Random) -> str:
    program = rng.choice(cluster.copies).program
    for copy in cluster.copies_of(program):
        copy.end(signal.SIGKILL)
    return program


def stop_a_program(cluster: Cluster, rng: random.Random) -> str:
    copy = rng.choice(cluster.copies)
    copy.end(signal.SIGTERM)
    return copy.name


def freeze_a_program(cluster: Cluster, rng: random.Random) -> str:
    """Suspend a program with all its connections open, as at a live migration."""
    copy, seconds = rng.choice(cluster.copies), rng.uniform(*FROZEN_SECONDS)
    copy.process.signal(signal.SIGSTOP)
    time.sleep(seconds)
    copy.process.signal(signal.SIGCONT)
    return f"{copy.name} for {seconds:.1f} s"


def stop_the_broker(cluster: Cluster, rng: random.Random) -> str:
    return take_down(cluster, rng, cluster.rabbitmq, cluster.rabbitmq.power.stop)


def kill_the_broker(cluster: Cluster, rng: random.Random) -> str:
    return take_down(cluster, rng, cluster.rabbitmq, cluster.rabbitmq.power.kill)


def empty_the_broker(cluster: Cluster, rng: random.Random) -> str:
    """Kill the broker and start it without a queue, an exchange or a message."""

    def lose_everything() -> None:
        cluster.rabbitmq.power.kill()
        cluster.rabbitmq.power.empty()

    return take_down(cluster, rng, cluster.rabbitmq, lose_everything)


def stop_the_database(cluster: Cluster, rng: random.Random) -> str:
    return take_down(cluster, rng, cluster.postgres, cluster.postgres.power.stop)


def kill_the_database(cluster: Cluster, rng: random.Random) -> str:
    return take_down(cluster, rng, cluster.postgres, cluster.postgres.power.kill)


def take_down(
    cluster: Cluster, rng: random.Random, server: servers.RabbitMQ | servers.Postgres, end: Callable[[], None]
) -> str:
    """Stop a server for a while; every other time a program is killed meanwhile, and has to start without the server."""
    seconds = rng.uniform(*DOWN_SECONDS)
    end()
    time.sleep(seconds)
    meanwhile = f"; {kill_a_program(cluster, rng)} killed meanwhile" if rng.random() < PART_KILLED_MEANWHILE else ""
    cluster.start_again(server)
    return f"away for {seconds:.1f} s and its start{meanwhile}"


def cut_connections(cluster: Cluster, rng: random.Random) -> str:
    name, proxies = choose_proxies(cluster, rng)
    cluster.network.on(proxies, TcpProxy.cut)
    return name


def hold_up(cluster: Cluster, rng: random.Random) -> str:
    """Hold all data at a proxy for a while, then release it."""
    name, proxies = choose_proxies(cluster, rng)
    seconds = rng.uniform(*HELD_SECONDS)
    cluster.network.on(proxies, TcpProxy.hold)
    time.sleep(seconds)
    cluster.network.on(proxies, TcpProxy.release)
    return f"{name} for {seconds:.1f} s"


def swallow(cluster: Cluster, rng: random.Random) -> str:
    """Drop all data on the present connections without closing them; new ones work."""
    name, proxies = choose_proxies(cluster, rng)
    cluster.network.on(proxies, TcpProxy.swallow)
    return name


def choose_proxies(cluster: Cluster, rng: random.Random) -> tuple[str, list[TcpProxy]]:
    """Choose the proxies to a server, of one copy or of all."""
    to_broker = rng.random() < PART_ON_THE_WAY_TO_THE_BROKER
    are_all = rng.random() < PART_OF_ALL_COPIES
    there = [copy for copy in cluster.copies if to_broker or copy.to_database is not None]
    chosen = there if are_all else [rng.choice(there)]
    proxies = [copy.to_broker if to_broker else copy.to_database for copy in chosen]
    whose = "all" if are_all else chosen[0].name
    return f"{whose} to the {'broker' if to_broker else 'database'}", [proxy for proxy in proxies if proxy is not None]


FAULTS = (
    Fault("a program is killed (kill -9)", kill_a_program),
    Fault("both copies of a program are killed", kill_both_copies),
    Fault("a program is stopped (SIGTERM)", stop_a_program),
    Fault("a program is frozen, and goes on", freeze_a_program),
    Fault("the broker is stopped and started", stop_the_broker),
    Fault("the broker is killed and started", kill_the_broker),
    Fault("the broker is killed and emptied", empty_the_broker),
    Fault("the database is restarted", stop_the_database),
    Fault("the database is killed and started", kill_the_database),
    Fault("connections are cut", cut_connections),
    Fault("connections are held up", hold_up),
    Fault("connections are swallowed", swallow),
)


def shuffled(
    rng: random.Random, kinds: Sequence[Fault] = FAULTS, is_whole: Callable[[str], bool] = lambda _part: True
) -> Callable[[], Fault | None]:
    """Draw each kind equally often, in an order that differs from round to round; None while no part that is left is whole."""
    bag: list[Fault] = []

    def draw() -> Fault | None:
        if not bag:
            bag.extend(kinds)
            rng.shuffle(bag)
        whole = {part: is_whole(part) for part in sorted({one.part for one in bag})}
        ready = [one for one in bag if whole[one.part]]
        if ready:
            bag.remove(ready[-1])
        return ready[-1] if ready else None

    return draw
