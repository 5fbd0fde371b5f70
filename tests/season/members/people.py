"""The people of a season: members of several provinces and their officers, each with addresses, hours and ways of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import cycle
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert

from services.notification.tables import CHOICES, CONTACTS
from shared.contract.values import Role

PROVINCES = ("isfahan", "tehran", "fars", "zanjan", "kerman", "yazd")
BOTH, MOBILE, MAIL, NONE = ("sms", "email"), ("sms",), ("email",), ()
ADDRESSES = (BOTH, MOBILE, BOTH, MAIL, MOBILE, NONE, BOTH)
"""Which ways a member has a proved address of, one member after the other."""


@dataclass(frozen=True)
class Choice:
    """What a person has chosen: by which ways, whether reminders, and the quiet hours."""

    ways: tuple[str, ...] = BOTH
    reminders: bool = True
    quiet_from: time = time(21)
    quiet_to: time = time(8)

    def is_quiet(self, at: time) -> bool:
        start, end = self.quiet_from, self.quiet_to
        return start <= at < end if start <= end else at >= start or at < end


USUAL = Choice()
CHOICES_OF_MEMBERS = (
    *(USUAL,) * 5,
    Choice(quiet_from=time(22, 30), quiet_to=time(6, 30)),
    Choice(ways=MAIL),
    Choice(reminders=False),
    Choice(quiet_from=time(12), quiet_to=time(16)),
    Choice(ways=NONE),
    Choice(ways=MOBILE, quiet_from=time(20), quiet_to=time(10)),
)


@dataclass(frozen=True)
class Person:
    """A member or an officer, named as actors are."""

    name: str
    province: str
    addresses: dict[str, str] = field(default_factory=dict)
    """The proved ones, by way."""
    choice: Choice = USUAL

    @property
    def member(self) -> str:
        kind, _, number = self.name.partition(":")
        return number if kind == "member" else ""


@dataclass(frozen=True)
class Officer(Person):
    """An officer of one province."""

    role: Role = Role.MANAGER


def members(count: int) -> Iterator[Person]:
    """Members with every mix of addresses and choices."""
    mixes = zip(cycle(PROVINCES), cycle(ADDRESSES), cycle(CHOICES_OF_MEMBERS), strict=False)
    for number, (province, ways, choice) in zip(range(count), mixes, strict=False):
        all_ways = {"sms": f"0913{number:07}", "email": f"m{number}@example.ir"}
        yield Person(f"member:{number:07}", province, {way: all_ways[way] for way in ways}, choice)


def officers() -> Iterator[Officer]:
    """A manager and an officer of finance in each province."""
    for number, province in enumerate(PROVINCES):
        yield Officer(
            f"officer:manager.{province}",
            province,
            {"sms": f"0914{number:07}", "email": f"manager.{province}@example.ir"},
            role=Role.MANAGER,
        )
        yield Officer(
            f"officer:finance.{province}", province, {"email": f"finance.{province}@example.ir"}, role=Role.FINANCE
        )


def store(connection: Connection, people: Sequence[Person], at: datetime) -> None:
    """Their proved addresses and their choices, as rows of notification."""
    contacts: list[dict[str, Any]] = []
    choices: list[dict[str, Any]] = []
    for one in people:
        key = {"person": one.name, "member": one.member}
        for way, value in one.addresses.items():
            contacts.append({**key, "way": way, "value": value, "address": uuid4(), "proved_at": at})
        if one.choice != USUAL:
            hours = {"quiet_from": one.choice.quiet_from, "quiet_to": one.choice.quiet_to}
            ways = " ".join(sorted(one.choice.ways))
            choices.append({**key, "ways": ways, "wants_reminders": one.choice.reminders, **hours})
    for table, rows in ((CONTACTS, contacts), (CHOICES, choices)):
        if rows:
            connection.execute(insert(table), rows)
