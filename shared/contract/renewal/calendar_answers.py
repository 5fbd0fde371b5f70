"""Answers about the office calendar."""

from shared.contract.base import Answer
from shared.contract.renewal.answers import CalendarDay


class OfficeMonth(Answer):
    """Every day of a Jalali month with the office hours that hold; a day that goes by the week's rule has no label."""

    days: tuple[CalendarDay, ...]


class Calendar(Answer):
    """The days of a Jalali year that differ from the week's rule."""

    days: tuple[CalendarDay, ...]
