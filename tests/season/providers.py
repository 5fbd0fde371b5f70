"""What goes wrong with the providers in a season, by simulated time: each for a while, and at times all of them."""

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from clients.phone.faults import Fault, faults_of
from clients.phone.messages import PROVIDERS
from shared.text import persian
from tests.season.plan import Plan

EVERY = timedelta(hours=6)
MANY = 1_000
"""Times, until it is switched off."""
TIMES: Mapping[Fault, tuple[int, int]] = {
    Fault.DOWN: (MANY, MANY),
    Fault.ERROR_ANSWER: (1, 6),
    Fault.NO_CREDIT: (5, 60),
    Fault.BLOCKED: (1, 3),
    Fault.NEVER_DELIVERED: (1, 8),
    Fault.ANSWER_LOST: (1, 6),
    Fault.DELIVERY_TWICE: (3, 20),
}
SLOW_SECONDS = 2
"""Of real time, more than the program under test waits for."""
SLOW_FOR, SLOW_SHARE = timedelta(minutes=30), 0.02
HOURS_DOWN, HOURS_OTHERS = (0.5, 2.0), (3.0, 3.0)
ALL_DOWN = timedelta(minutes=40)


class Change(NamedTuple):
    """A fault's value from an instant on; 0 ends it."""

    at: datetime
    provider: str
    fault: Fault
    value: int


def changes(plan: Plan, begin: datetime, end: datetime) -> list[Change]:
    """All of a season's, in their order; none after the end."""
    chance = random.Random(plan.seed)  # noqa: S311 - a seed, not a secret
    found = [one for provider in PROVIDERS for one in of_provider(provider, chance, begin, end)]
    for _ in range(max((end - begin).days // 15, 1)):
        found += all_down(chance, begin, end)
    return sorted(one for one in found if plan.slow or one.fault is not Fault.SLOW)


def of_provider(provider: str, chance: random.Random, begin: datetime, end: datetime) -> Iterator[Change]:
    at = begin
    while (at := at + EVERY * chance.uniform(0.5, 2)) < end - EVERY:
        is_slow = chance.random() < SLOW_SHARE
        fault = Fault.SLOW if is_slow else chance.choice([one for one in faults_of(provider) if one is not Fault.SLOW])
        if fault is Fault.SLOW:
            yield Change(at, provider, fault, SLOW_SECONDS)
            yield Change(at + SLOW_FOR, provider, fault, 0)
        else:
            hours = chance.uniform(*(HOURS_DOWN if fault is Fault.DOWN else HOURS_OTHERS))
            yield Change(at, provider, fault, chance.randint(*TIMES[fault]))
            yield Change(at + timedelta(hours=hours), provider, fault, 0)


def all_down(chance: random.Random, begin: datetime, end: datetime) -> Iterator[Change]:
    """Some day in office hours, or when the day's reminders begin."""
    day = persian.day_of(begin) + timedelta(days=chance.randrange(2, max((end - begin).days - 1, 3)))
    hour = chance.choice((9, chance.randrange(9, 19)))
    at = datetime.combine(day, datetime.min.time(), persian.TEHRAN) + timedelta(hours=hour, minutes=-1)
    for provider in PROVIDERS:
        yield Change(at, provider, Fault.DOWN, MANY)
        yield Change(at + ALL_DOWN, provider, Fault.DOWN, 0)
