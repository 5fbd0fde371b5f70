"""What befalls the house: programs killed, servers stopped, killed and emptied, connections cut, held up and swallowed."""

import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.processes import servers
from tests.faults.cluster import House
from tests.support.tcp_proxy import Road

DOWN_SECONDS = (0.5, 4.0)
"""How long a server stays away."""
FROZEN_SECONDS = (2.0, 8.0)
HELD_SECONDS = (2.0, 12.0)
PART_KILLED_MEANWHILE = 0.5
PART_ON_THE_WAY_TO_THE_BROKER = 0.5
PART_OF_ALL_COPIES = 0.3


@dataclass(frozen=True)
class Misfortune:
    """One kind of fault: `happen` does it, returns when it is over, and says what it hit."""

    name: str
    happen: Callable[[House, random.Random], str]


def kill_a_program(house: House, chance: random.Random) -> str:
    copy = chance.choice(house.copies)
    copy.end(signal.SIGKILL)
    return copy.name


def kill_both_copies(house: House, chance: random.Random) -> str:
    program = chance.choice(house.copies).program
    for copy in house.copies_of(program):
        copy.end(signal.SIGKILL)
    return program


def stop_a_program(house: House, chance: random.Random) -> str:
    copy = chance.choice(house.copies)
    copy.end(signal.SIGTERM)
    return copy.name


def freeze_a_program(house: House, chance: random.Random) -> str:
    """Suspend it with all its connections open, as a machine does that is moved."""
    copy, seconds = chance.choice(house.copies), chance.uniform(*FROZEN_SECONDS)
    copy.process.signal(signal.SIGSTOP)
    time.sleep(seconds)
    copy.process.signal(signal.SIGCONT)
    return f"{copy.name} for {seconds:.1f} s"


def stop_the_broker(house: House, chance: random.Random) -> str:
    return away(house, chance, house.rabbitmq, house.rabbitmq.power.stop)


def kill_the_broker(house: House, chance: random.Random) -> str:
    return away(house, chance, house.rabbitmq, house.rabbitmq.power.kill)


def empty_the_broker(house: House, chance: random.Random) -> str:
    """It is killed, and comes back without a queue, an exchange or a message."""

    def lose_everything() -> None:
        house.rabbitmq.power.kill()
        house.rabbitmq.power.empty()

    return away(house, chance, house.rabbitmq, lose_everything)


def stop_the_database(house: House, chance: random.Random) -> str:
    return away(house, chance, house.postgres, house.postgres.power.stop)


def kill_the_database(house: House, chance: random.Random) -> str:
    return away(house, chance, house.postgres, house.postgres.power.kill)


def away(
    house: House, chance: random.Random, server: servers.RabbitMQ | servers.Postgres, end: Callable[[], None]
) -> str:
    """Away for a while; every other time a program is killed meanwhile, and has to start without the server."""
    seconds = chance.uniform(*DOWN_SECONDS)
    end()
    time.sleep(seconds)
    meanwhile = f"; {kill_a_program(house, chance)} killed meanwhile" if chance.random() < PART_KILLED_MEANWHILE else ""
    house.start_again(server)
    return f"away for {seconds:.1f} s and its start{meanwhile}"


def cut_connections(house: House, chance: random.Random) -> str:
    name, roads = somewhere(house, chance)
    house.network.on(roads, Road.cut)
    return name


def hold_up(house: House, chance: random.Random) -> str:
    """A road lets nothing through for a while; then all that waited arrives."""
    name, roads = somewhere(house, chance)
    seconds = chance.uniform(*HELD_SECONDS)
    house.network.on(roads, Road.hold)
    time.sleep(seconds)
    house.network.on(roads, Road.release)
    return f"{name} for {seconds:.1f} s"


def swallow(house: House, chance: random.Random) -> str:
    """The present connections lead nowhere any more, and nobody is told; new ones work."""
    name, roads = somewhere(house, chance)
    house.network.on(roads, Road.swallow)
    return name


def somewhere(house: House, chance: random.Random) -> tuple[str, list[Road]]:
    """The roads to a server, of one copy or of all."""
    to_broker = chance.random() < PART_ON_THE_WAY_TO_THE_BROKER
    are_all = chance.random() < PART_OF_ALL_COPIES
    there = [copy for copy in house.copies if to_broker or copy.to_database is not None]
    chosen = there if are_all else [chance.choice(there)]
    roads = [copy.to_broker if to_broker else copy.to_database for copy in chosen]
    whose = "all" if are_all else chosen[0].name
    return f"{whose} to the {'broker' if to_broker else 'database'}", [road for road in roads if road is not None]


MISFORTUNES = (
    Misfortune("a program is killed (kill -9)", kill_a_program),
    Misfortune("both copies of a program are killed", kill_both_copies),
    Misfortune("a program is stopped (SIGTERM)", stop_a_program),
    Misfortune("a program is frozen, and goes on", freeze_a_program),
    Misfortune("the broker is stopped and started", stop_the_broker),
    Misfortune("the broker is killed and started", kill_the_broker),
    Misfortune("the broker is killed and emptied", empty_the_broker),
    Misfortune("the database is restarted", stop_the_database),
    Misfortune("the database is killed and started", kill_the_database),
    Misfortune("connections are cut", cut_connections),
    Misfortune("connections are held up", hold_up),
    Misfortune("connections are swallowed", swallow),
)


def shuffled(chance: random.Random, kinds: Sequence[Misfortune] = MISFORTUNES) -> Callable[[], Misfortune]:
    """One kind after the other, each as often as the others, in an order that differs from round to round."""
    bag: list[Misfortune] = []

    def draw() -> Misfortune:
        if not bag:
            bag.extend(kinds)
            chance.shuffle(bag)
        return bag.pop()

    return draw
