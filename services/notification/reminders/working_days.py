"""Whether a province's office is open on a day: as its officers have set it, else by the week and the country's official holidays."""

from datetime import date
from functools import cache

from sqlalchemy import Connection, select

from services.notification.reminders.rules import Rules
from services.notification.tables import CALENDAR


def closed_provinces(connection: Connection, rules: Rules, day: date, provinces: frozenset[str]) -> frozenset[str]:
    """Those of some provinces whose office is closed on a day."""
    query = select(CALENDAR.c.province, CALENDAR.c.is_open).where(CALENDAR.c.on == day)
    set_by_officers = {row.province: row.is_open for row in connection.execute(query)}
    usually_open = day.strftime("%A").lower() not in rules.closed and day not in official_holidays(day.year)
    return frozenset(one for one in provinces if not set_by_officers.get(one, usually_open))


@cache
def official_holidays(gregorian_year: int) -> frozenset[date]:
    """The country's official holidays."""
    import holidays  # noqa: PLC0415 - a fifth of a second and some memory, for what is needed once a year

    return frozenset(holidays.country_holidays("IR", years=[gregorian_year]))
