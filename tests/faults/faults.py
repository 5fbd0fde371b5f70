"""What befalls the cluster: programs killed, servers stopped, killed and emptied, connections cut, held up and swallowed."""

import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.faults.cluster import Cluster
from tests.support.servers import servers
from tests.support.tcp_proxy import TcpProxy

DOWN_SECONDS = (0.5, 4.0)
"""How long a server stays away."""
FROZEN_SECONDS = (2.0, 8.0)
HELD_SECONDS = (2.0, 12.0)
PART_KILLED_MEANWHILE = 0.5
PART_ON_THE_WAY_TO_THE_BROKER = 0.5
PART_OF_ALL_COPIES = 0.3


@dataclass(frozen=True)
class Fault:
    """One kind of fault: `happen` does it, returns when it is over, and says what it hit."""

    name: str
    happen: Callable[[Cluster, random.Random], str]


def kill_a_program(cluster: Cluster, chance: random.Random) -> str:
    copy = chance.choice(cluster.copies)
    copy.end(signal.SIGKILL)
    return copy.name


def kill_both_copies(cluster: Cluster, chance: random.Random) -> str:
    program = chance.choice(cluster.copies).program
    for copy in cluster.copies_of(program):
        copy.end(signal.SIGKILL)
    return program


def stop_a_program(cluster: Cluster, chance: random.Random) -> str:
    copy = chance.choice(cluster.copies)
    copy.end(signal.SIGTERM)
    return copy.name


def freeze_a_program(cluster: Cluster, chance: random.Random) -> str:
    """Suspend it with all its connections open, as a machine does that is moved."""
    copy, seconds = chance.choice(cluster.copies), chance.uniform(*FROZEN_SECONDS)
    copy.process.signal(signal.SIGSTOP)
    time.sleep(seconds)
    copy.process.signal(signal.SIGCONT)
    return f"{copy.name} for {seconds:.1f} s"


def stop_the_broker(cluster: Cluster, chance: random.Random) -> str:
    return away(cluster, chance, cluster.rabbitmq, cluster.rabbitmq.power.stop)


def kill_the_broker(cluster: Cluster, chance: random.Random) -> str:
    return away(cluster, chance, cluster.rabbitmq, cluster.rabbitmq.power.kill)


def empty_the_broker(cluster: Cluster, chance: random.Random) -> str:
    """It is killed, and comes back without a queue, an exchange or a message."""

    def lose_everything() -> None:
        cluster.rabbitmq.power.kill()
        cluster.rabbitmq.power.empty()

    return away(cluster, chance, cluster.rabbitmq, lose_everything)


def stop_the_database(cluster: Cluster, chance: random.Random) -> str:
    return away(cluster, chance, cluster.postgres, cluster.postgres.power.stop)


def kill_the_database(cluster: Cluster, chance: random.Random) -> str:
    return away(cluster, chance, cluster.postgres, cluster.postgres.power.kill)


def away(
    cluster: Cluster, chance: random.Random, server: servers.RabbitMQ | servers.Postgres, end: Callable[[], None]
) -> str:
    """Away for a while; every other time a program is killed meanwhile, and has to start without the server."""
    seconds = chance.uniform(*DOWN_SECONDS)
    end()
    time.sleep(seconds)
    meanwhile = (
        f"; {kill_a_program(cluster, chance)} killed meanwhile" if chance.random() < PART_KILLED_MEANWHILE else ""
    )
    cluster.start_again(server)
    return f"away for {seconds:.1f} s and its start{meanwhile}"


def cut_connections(cluster: Cluster, chance: random.Random) -> str:
    name, proxies = somewhere(cluster, chance)
    cluster.network.on(proxies, TcpProxy.cut)
    return name


def hold_up(cluster: Cluster, chance: random.Random) -> str:
    """A proxy lets nothing through for a while; then all that waited arrives."""
    name, proxies = somewhere(cluster, chance)
    seconds = chance.uniform(*HELD_SECONDS)
    cluster.network.on(proxies, TcpProxy.hold)
    time.sleep(seconds)
    cluster.network.on(proxies, TcpProxy.release)
    return f"{name} for {seconds:.1f} s"


def swallow(cluster: Cluster, chance: random.Random) -> str:
    """The present connections lead nowhere any more, and nobody is told; new ones work."""
    name, proxies = somewhere(cluster, chance)
    cluster.network.on(proxies, TcpProxy.swallow)
    return name


def somewhere(cluster: Cluster, chance: random.Random) -> tuple[str, list[TcpProxy]]:
    """The proxies to a server, of one copy or of all."""
    to_broker = chance.random() < PART_ON_THE_WAY_TO_THE_BROKER
    are_all = chance.random() < PART_OF_ALL_COPIES
    there = [copy for copy in cluster.copies if to_broker or copy.to_database is not None]
    chosen = there if are_all else [chance.choice(there)]
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


def shuffled(chance: random.Random, kinds: Sequence[Fault] = FAULTS) -> Callable[[], Fault]:
    """One kind after the other, each as often as the others, in an order that differs from round to round."""
    bag: list[Fault] = []

    def draw() -> Fault:
        if not bag:
            bag.extend(kinds)
            chance.shuffle(bag)
        return bag.pop()

    return draw
