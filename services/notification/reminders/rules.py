"""The data file of reminders: deadlines of the season by province, and how long before what somebody is reminded."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.policies import policy_files
from shared.provinces import PROVINCES
from shared.text import persian

FILE = Path(__file__).parent / "season.toml"
DEFAULT = "default"
MonthDay = Annotated[
    str,
    StringConstraints(
        pattern=r"^((0[1-6]/(0[1-9]|[12][0-9]|3[01]))|((0[7-9]|1[01])/(0[1-9]|[12][0-9]|30))|(12/(0[1-9]|[12][0-9])))$"
    ),
]
"""A day that every Jalali year has."""
Days = Annotated[int, Field(ge=1, le=365)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Minutes = Annotated[int, Field(ge=1, le=24 * 60)]


class DaysBefore(BaseModel):
    """Days before (and after) what somebody is reminded of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    before: tuple[Days, ...]
    after: tuple[Days, ...]
    invoice: tuple[Days, ...]
    licence: tuple[Days, ...]


class MinutesOf(BaseModel):
    """Minutes before a promise is due, after a payment began, and after a payment was confirmed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    promise: Minutes
    payment: Minutes
    capacity: Minutes


class Occasion(NamedTuple):
    """A day of the season on which a province's members are reminded of the year's renewal."""

    province: str
    year: int
    deadline: date


class Rules(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: time
    """When in the morning, in Tehran, the day's reminders begin."""
    closed: frozenset[Weekday]
    """Days of the week on which the offices are closed."""
    deadline: Mapping[str, MonthDay]
    days: DaysBefore
    minutes: MinutesOf

    @model_validator(mode="after")
    def complete(self) -> Self:
        if not self.deadline.keys() <= {DEFAULT, *PROVINCES} or DEFAULT not in self.deadline:
            raise ValueError("deadline needs a default, and besides it names provinces only")
        return self

    def deadline_of(self, province: str, year: int) -> date:
        month_day = self.deadline.get(province, self.deadline[DEFAULT])
        return persian.parse_date(f"{year}/{month_day}")

    def occasions(self, day: date) -> Iterator[Occasion]:
        """The reminders of the season that fall on a day."""
        year = persian.jalali_year_of(day)
        for province in PROVINCES:
            for of_year in (year, year + 1):
                deadline = self.deadline_of(province, of_year)
                distance = (deadline - day).days
                if distance in self.days.before or -distance in self.days.after:
                    yield Occasion(province, of_year, deadline)

    def morning(self, day: date) -> datetime:
        """When the reminders of a day begin."""
        return datetime.combine(day, self.at, persian.TEHRAN)

    def next_morning(self, at: datetime) -> datetime:
        """The first beginning after an instant."""
        today = self.morning(persian.day_of(at))
        return today if today > at else today + timedelta(days=1)


@cache
def load() -> Rules:
    """The rules of the file; `PolicyError` where it is wrong."""
    return policy_files.parse(Rules, FILE.read_text(encoding="utf-8"), FILE.name)
