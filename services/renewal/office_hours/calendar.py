"""The calendar of a province: the country's holidays as seed rows, and the working hours that follow from the table."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from sqlalchemy import Connection, select

from services.renewal.office_hours import rules
from services.renewal.renewals import projection, queries
from shared.contract.renewal import answers
from shared.event_store.command_handler import Records
from shared.settings import Settings
from shared.text import persian

RULE = rules.load_rule()
YEARS_AHEAD = 1


def seed(records: Records, _settings: Settings) -> None:
    """Put the country's holidays of this year and the next into the table, where they are not yet; rows that stand stay.

    The table is the truth: the library knows neither provincial closures nor the day on which the moon is really seen.
    """
    this_year = datetime.now(UTC).year
    records.write(lambda connection: add_missing(connection, range(this_year - 1, this_year + YEARS_AHEAD + 1)))


def add_missing(connection: Connection, gregorian_years: range) -> None:
    """Add the holidays of years that the table does not have."""
    query = select(projection.CALENDAR.c.on).where(projection.CALENDAR.c.province == projection.NATIONWIDE)
    known = {on.year for on in connection.execute(query).scalars()}
    for on, label in official_holidays([year for year in gregorian_years if year not in known]):
        projection.set_day(connection, projection.NATIONWIDE, on, (None, None), label, seeded=True)


def official_holidays(gregorian_years: list[int]) -> Iterator[tuple[date, str]]:
    """The country's official holidays, with their Persian names."""
    if gregorian_years:
        import holidays  # noqa: PLC0415 - a fifth of a second and some memory, for what is needed once a year

        yield from sorted(holidays.country_holidays("IR", years=gregorian_years, language="fa_IR").items())


def hours_of(connection: Connection, province: str, around: datetime) -> rules.WorkingHours:
    """A province's working hours from the table, for the days that follow an instant."""
    first = around.astimezone(persian.TEHRAN).date()
    last = first + rules.SIGHT
    days = queries.special_days(connection, province, first, last)
    special = {
        day["on"]: (day["opens"], day["closes"]) if day["opens"] and day["closes"] else None for day in days
    }  # fmt: skip
    return rules.WorkingHours(RULE, special)


def answer(hours: rules.WorkingHours, now: datetime) -> answers.OfficeHours:
    """Whether the office is open now, when it opens next, and by when it would review; how far it was looked for, where none is found."""
    window, due_at = hours.next_window(now), hours.review_due_at(now)
    seen_until = now + rules.SIGHT
    return answers.OfficeHours(
        open_now=window is not None and window.opens_at <= now,
        opens_at=window.opens_at if window else seen_until,
        closes_at=window.closes_at if window else seen_until,
        review_due_at=due_at or seen_until,
        is_known=due_at is not None,
    )
