"""Deadlines of corrections: whole working days after the day of the return, by province."""

from datetime import date, datetime

import pytest
from pydantic import ValidationError

from services.renewal.office_hours.rules import Rule, WorkingHours, load_rule
from shared.text import persian

RULE = load_rule()


def tehran(day: int, hour: int, month: int = 4) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=persian.TEHRAN)


@pytest.mark.parametrize(
    ("returned_at", "days", "due_at"),
    [
        (tehran(15, 13), 1, tehran(18, 14)),  # Wednesday; Thursday and Friday are closed
        (tehran(18, 7), 1, tehran(19, 14)),  # before the office opens: that day does not count either
        (tehran(18, 23), 1, tehran(19, 14)),
        (tehran(17, 10), 1, tehran(18, 14)),  # Friday
        (tehran(15, 13), 10, tehran(29, 14)),
    ],
)
def test_the_day_of_the_return_does_not_count(returned_at: datetime, days: int, due_at: datetime) -> None:
    assert WorkingHours(RULE).correction_due_at(returned_at, days) == due_at


@pytest.mark.parametrize(
    ("returned_at", "due_at"),
    [
        (datetime(2026, 3, 19, 11, tzinfo=persian.TEHRAN), datetime(2026, 3, 21, tzinfo=persian.TEHRAN)),
        (datetime(2026, 3, 20, 23, 59, tzinfo=persian.TEHRAN), datetime(2026, 3, 21, tzinfo=persian.TEHRAN)),
        (datetime(2025, 3, 19, 11, tzinfo=persian.TEHRAN), datetime(2025, 3, 21, tzinfo=persian.TEHRAN)),
    ],
    ids=["1404-12-28", "the-last-minute-of-1404", "1403-which-has-a-leap-day"],
)
def test_a_correction_ends_with_its_year(returned_at: datetime, due_at: datetime) -> None:
    assert WorkingHours(RULE).correction_due_at(returned_at, 10) == due_at


def test_a_holiday_does_not_count() -> None:
    hours = WorkingHours(RULE, {date(2026, 4, 18): None})
    assert hours.correction_due_at(tehran(15, 13), 1) == tehran(19, 14)


def test_an_office_that_is_closed_for_long_promises_no_deadline() -> None:
    closed = {date.fromordinal(tehran(15, 0).date().toordinal() + day): None for day in range(70)}
    assert WorkingHours(RULE, closed).correction_due_at(tehran(15, 13), 1) is None


def test_a_province_has_its_own_days_or_the_default() -> None:
    content = RULE.model_dump(by_alias=True)
    rule = Rule.model_validate(content | {"correction_days": {"default": 10, "fars": 15}})
    assert (rule.correction_days_of("fars"), rule.correction_days_of("isfahan")) == (15, 10)


@pytest.mark.parametrize("days", [{}, {"fars": 5}, {"default": 0}, {"default": 31}, {"default": 5, "atlantis": 5}])
def test_wrong_days_stop_the_start(days: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Rule.model_validate(RULE.model_dump(by_alias=True) | {"correction_days": days})
