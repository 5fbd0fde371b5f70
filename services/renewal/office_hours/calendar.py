"""The calendar of a province: official holidays as seeded rows, days that officers set, and the office hours that follow."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from services.renewal.office_hours.rules import SIGHT, Rule, WorkingHours
from services.renewal.tables import CALENDAR
from shared.contract.envelope import Recorded
from shared.contract.renewal import answers, events, queries
from shared.event_store.command_handler import Records
from shared.event_store.sql import upsert
from shared.event_store.sql.prepared import Prepared
from shared.settings import Settings
from shared.text import persian

NATIONWIDE = "*"
"""The province of days that hold everywhere until a province sets them otherwise."""
YEARS_AHEAD = 1
DAYS = Prepared(
    select(CALENDAR)
    .where(or_(CALENDAR.c.province == NATIONWIDE, CALENDAR.c.province == bindparam("of")))
    .where(CALENDAR.c.on >= bindparam("first"), CALENDAR.c.on <= bindparam("last"))
)


def seed(records: Records, _settings: Settings, at: datetime) -> None:
    """Insert the official holidays of this year and the next where they are missing; present rows stay.

    The table is the truth: the library knows neither provincial closures nor the day on which the moon is really seen.
    """
    records.write(lambda connection: add_missing(connection, range(at.year - 1, at.year + YEARS_AHEAD + 1)))


def add_missing(connection: Connection, gregorian_years: range) -> None:
    """Add the holidays of years that the table does not have."""
    query = select(CALENDAR.c.on).where(CALENDAR.c.province == NATIONWIDE)
    known = {on.year for on in connection.execute(query).scalars()}
    for on, label in official_holidays([year for year in gregorian_years if year not in known]):
        save_day(connection, NATIONWIDE, on, (None, None), label, seeded=True)


def official_holidays(gregorian_years: list[int]) -> Iterator[tuple[date, str]]:
    """The country's official holidays, with their Persian names."""
    if gregorian_years:
        import holidays  # noqa: PLC0415 - a fifth of a second and some memory, for what is needed once a year

        yield from sorted(holidays.country_holidays("IR", years=gregorian_years, language="fa_IR").items())


def react(connection: Connection, recorded: Recorded) -> None:
    """Put a day that an officer has set among those that are seeded."""
    match recorded.event:
        case events.CalendarDaySet() as event:
            save_day(connection, event.province, event.on, (event.opens, event.closes), event.label, seeded=False)
        case _:
            pass


def save_day(  # noqa: PLR0913 - the columns of a day
    connection: Connection, province: str, on: date, hours: tuple[time | None, time | None], label: str, seeded: bool
) -> None:
    row = {"opens": hours[0], "closes": hours[1], "label": label, "seeded": seeded}
    upsert.put(connection, CALENDAR, {"province": province, "on": on}, row)


def special_days(connection: Connection, province: str, first: date, last: date) -> Sequence[dict[str, Any]]:
    """The days that differ from the week's rule; a province's own row comes before the nationwide one."""
    days: dict[date, Any] = {}
    for row in DAYS.rows(connection, {"of": province, "first": first, "last": last}):
        if row.on not in days or row.province == province:
            days[row.on] = row
    return [days[on]._asdict() for on in sorted(days)]


def working_hours(connection: Connection, rule: Rule, province: str, around: datetime) -> WorkingHours:
    """A province's working hours on the days that follow an instant."""
    first = persian.day_of(around)
    days = special_days(connection, province, first, first + SIGHT)
    special = {
        day["on"]: (day["opens"], day["closes"]) if day["opens"] and day["closes"] else None for day in days
    }  # fmt: skip
    return WorkingHours(rule, special)


def late_before(connection: Connection, rule: Rule, province: str, now: datetime) -> datetime | None:
    """The beginning of the last working day that is over: what is older has waited for all of it."""
    day = working_hours(connection, rule, province, now - SIGHT).last_working_day(now)
    return datetime.combine(day, time(), persian.TEHRAN).astimezone(UTC) if day else None


def month(connection: Connection, rule: Rule, query: queries.GetOfficeMonth) -> tuple[answers.CalendarDay, ...]:
    """Each day of a Jalali month with the hours that hold, and its label where it differs from the week's rule."""
    first, last = persian.month_bounds(query.year, query.month)
    hours = working_hours(connection, rule, query.province, datetime.combine(first, time(), persian.TEHRAN))
    labels = {day["on"]: day["label"] for day in special_days(connection, query.province, first, last)}
    found: list[answers.CalendarDay] = []
    for on in (first + timedelta(days=count) for count in range((last - first).days + 1)):
        opens, closes = hours.hours(on) or (None, None)
        found.append(answers.CalendarDay(on=on, opens=opens, closes=closes, label=labels.get(on, "")))
    return tuple(found)


def next_closure(
    connection: Connection, hours: WorkingHours, province: str, now: datetime
) -> answers.CalendarDay | None:
    """The next day that is closed out of turn, with its name."""
    day = hours.next_closure(now)
    rows = special_days(connection, province, day, day) if day else ()
    return answers.CalendarDay.model_validate(dict(rows[0])) if rows else None


def office_hours(hours: WorkingHours, now: datetime, closure: answers.CalendarDay | None = None) -> answers.OfficeHours:
    """Whether the office is open, when it opens next, and when a review is due; the end of `SIGHT` where none is found."""
    window, due_at = hours.next_window(now), hours.review_due_at(now)
    end = now + SIGHT
    return answers.OfficeHours(
        open_now=window is not None and window.opens_at <= now,
        opens_at=window.opens_at if window else end,
        closes_at=window.closes_at if window else end,
        review_due_at=due_at or end,
        is_known=due_at is not None,
        next_closure=closure,
    )
