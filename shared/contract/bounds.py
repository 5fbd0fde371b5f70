"""Bounds of commands and queries: numbers, days, instants and hours; events and answers are not bounded."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from shared.text import numbers

IN_MESSAGE = "asked"
"""The validation context in which the grammar and the bounds of commands and queries apply (`base.parse`)."""
ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Not every form of ISO 8601: a week's day, `2026-W40-1`, is none that a calendar shows."""
POSITION_MAX = 2**63 - 1
VERSION_MAX = 2**31 - 1
RIALS_MAX = 10**15
"""More than any account holds; a hundred thousand lines of it still fit a database's integer."""
YEAR_MIN, YEAR_MAX = 1370, 1500
DAY_MIN, DAY_MAX = date(1921, 3, 21), date(2072, 3, 19)
"""1300/01/01 and 1450/12/29: days of a life and of its work."""
INSTANT_MIN, INSTANT_MAX = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def in_message(read: Callable[[Any], object]) -> BeforeValidator:
    """A grammar and bounds of commands and queries. Events and answers are read without: they may be older than a bound."""
    return BeforeValidator(lambda value, about: read(value) if about.context == IN_MESSAGE else value)


def typed(grammar: Callable[[str], object], most: int | None = None) -> BeforeValidator:
    """Text is read by a grammar of `numbers`; a boolean is no number, and only a quantity may be a float."""

    def read(value: object) -> object:
        if isinstance(value, bool) or (isinstance(value, float) and grammar is not numbers.quantity):
            raise PydanticCustomError("number_type", "not an exact number")
        try:
            number = grammar(value) if isinstance(value, str) else value
        except numbers.NumberWrong as wrong:
            raise PydanticCustomError(wrong.code, "not a number of this kind") from None
        if most is not None and isinstance(number, int) and number > most:
            raise PydanticCustomError("less_than_equal", "too large")
        return number

    return in_message(read)


def read_day(value: object) -> date:
    """A day as ISO text or as itself, never a count of seconds."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and ISO_DAY.fullmatch(value) else value
    except ValueError:
        day = None
    if not isinstance(day, date) or isinstance(day, datetime):
        raise PydanticCustomError("date_from_datetime_parsing", "not a day")
    if not DAY_MIN <= day <= DAY_MAX:
        raise PydanticCustomError("day_out_of_range", "not a day of a life")
    return day


def read_instant(value: object) -> datetime:
    """An instant as ISO text with its offset or as itself, never a count of seconds."""
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value.upper() else value
    except ValueError:
        instant = None
    if not isinstance(instant, datetime) or instant.tzinfo is None:
        raise PydanticCustomError("instant_type", "not an instant with its offset")
    if not INSTANT_MIN <= instant <= INSTANT_MAX:
        raise PydanticCustomError("instant_out_of_range", "not an instant of this century")
    return instant


def read_hour(value: object) -> time:
    """An hour of the office as ISO text or as itself, never a count of seconds, and without an offset."""
    try:
        hour = time.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        hour = None
    if not isinstance(hour, time) or hour.tzinfo is not None:
        raise PydanticCustomError("time_parsing", "not an hour of the day")
    return hour


COUNTED, AMOUNT = typed(numbers.count), typed(numbers.rials, RIALS_MAX)

PAGE_MAX = 200
"""Rows in one answer."""
OFFSET_MAX = 10**9
Limit = Annotated[int, Field(ge=1, le=PAGE_MAX), COUNTED]
Offset = Annotated[int, Field(ge=0, le=OFFSET_MAX), COUNTED]
