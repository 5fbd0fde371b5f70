"""The rule of office hours: when the office is open, and when a review that starts at an instant is due (docs/domain.md 7.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.policies import policy_files
from shared.provinces import PROVINCES
from shared.text import persian

CORRECTION_DAYS_MAX = 30
"""As many as lie in sight, holidays included."""
DEFAULT = "default"
REVIEW_WORKING_TIME = timedelta(hours=4)
"""Within how much working time the manager answers."""
SIGHT = timedelta(days=60)
"""An office that is closed for longer has no hours that could be promised: its next window and its promises are None."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Hours = tuple[time, time] | None
"""Opening and closing in Tehran, or closed."""
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])/(0[1-9]|[12][0-9]|3[01])$")]


class Range(BaseModel):
    """A range of the rule: on these days, between these Jalali dates of every year, the office is open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: frozenset[str]
    opens: time
    closes: time
    from_: MonthDay = Field(default="01/01", alias="from")
    to: MonthDay = "12/30"

    def includes(self, day: date) -> bool:
        return self.from_ <= persian.format_date(day)[5:] <= self.to


class Rule(BaseModel):
    """The week's rule of the data file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    range: Annotated[tuple[Range, ...], Field(min_length=1)]
    correction_days: Annotated[Mapping[str, Annotated[int, Field(ge=1, le=CORRECTION_DAYS_MAX)]], Field(min_length=1)]
    """Working days for a correction by province; `default` for all others."""

    @model_validator(mode="after")
    def complete(self) -> Self:
        """Provinces that the file does not name have the default, which it must have."""
        if not self.correction_days.keys() <= {DEFAULT, *PROVINCES} or DEFAULT not in self.correction_days:
            raise ValueError("correction_days needs a default, and besides it names provinces only")
        return self

    def correction_days_of(self, province: str) -> int:
        return self.correction_days.get(province, self.correction_days[DEFAULT])


@dataclass(frozen=True)
class Window:
    """A stretch of working time, from instant to instant."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class WorkingHours:
    """The rule, and the single days that differ from it."""

    rule: Rule
    special: Mapping[date, Hours] = field(default_factory=dict)

    def hours(self, day: date) -> Hours:
        """The office's hours of a day."""
        if day in self.special:
            return self.special[day]
        row = next(row for row in reversed(self.rule.range) if row.includes(day))
        return (row.opens, row.closes) if WEEKDAYS[day.weekday()] in row.days else None

    def next_closure(self, at: datetime) -> date | None:
        """The next day that is closed though the rule would have it open; today counts."""
        today = persian.day_of(at)
        usual = WorkingHours(self.rule)
        days = sorted(day for day, hours in self.special.items() if hours is None and day >= today)
        return next((day for day in days if usual.hours(day)), None)

    def windows(self, at: datetime) -> Iterator[Window]:
        """The stretches of working time that end after an instant; the first may have begun before it."""
        first = persian.day_of(at)
        for day in (first + timedelta(days=count) for count in range(SIGHT.days)):
            hours = self.hours(day)
            if hours is None:
                continue
            opens, closes = (datetime.combine(day, hour, persian.TEHRAN).astimezone(UTC) for hour in hours)
            if closes > at:
                yield Window(opens, closes)

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """The whole minutes of working time between two instants, as far as the office's hours are in sight from the first."""
        inside = takewhile(lambda window: window.opens_at < end, self.windows(start))
        spans = (min(window.closes_at, end) - max(window.opens_at, start) for window in inside)
        return sum(spans, timedelta()) // timedelta(minutes=1)

    def next_window(self, at: datetime) -> Window | None:
        """The window that is open at an instant, or else the next one in sight."""
        return next(self.windows(at), None)

    def review_due_at(self, submitted_at: datetime) -> datetime | None:
        """By when a review is due: so much working time after the submission, or after the next opening."""
        return self.after(submitted_at, REVIEW_WORKING_TIME)

    def after(self, at: datetime, working_time: timedelta) -> datetime | None:
        """The instant so much working time after another, as far as hours are in sight."""
        left = working_time
        for window in self.windows(at):
            starts = max(window.opens_at, at)
            if starts + left <= window.closes_at:
                return starts + left
            left -= window.closes_at - starts
        return None

    def before(self, at: datetime, working_time: timedelta) -> datetime | None:
        """The instant so much working time before another, as far back as hours are in sight."""
        left = working_time
        for window in reversed(list(self.windows(at - SIGHT + timedelta(days=1)))):
            ends = min(window.closes_at, at)
            if window.opens_at <= ends - left:
                return ends - left
            left -= max(timedelta(), ends - window.opens_at)
        return None

    def last_working_day(self, at: datetime) -> date | None:
        """The last day whose hours have passed, as far back as hours are in sight."""
        today = persian.day_of(at)
        for day in (today - timedelta(days=count) for count in range(SIGHT.days)):
            hours = self.hours(day)
            if hours is not None and datetime.combine(day, hours[1], persian.TEHRAN) <= at:
                return day
        return None

    def correction_due_at(self, returned_at: datetime, working_days: int) -> datetime | None:
        """By when a correction is due: the end of the last of so many working days that follow the day of the return, within its year.

        A declaration is of the present year: its pages take none of the year before.
        """
        today = persian.day_of(returned_at)
        later = (one for one in self.windows(returned_at) if persian.day_of(one.opens_at) > today)
        last = next(islice(later, working_days - 1, None), None)
        _, last_of_year = persian.year_bounds(persian.jalali_year(returned_at))
        return min(last.closes_at, persian.midnight(last_of_year + timedelta(days=1))) if last else None


RULE_FILE = Path(__file__).parent / "data" / "office_hours.toml"


def load_rule() -> Rule:
    """The week's rule from its data file; `PolicyError` names a wrong cell."""
    return policy_files.parse(Rule, RULE_FILE.read_text("utf-8"), RULE_FILE.name)
