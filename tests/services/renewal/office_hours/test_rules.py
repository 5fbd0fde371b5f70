"""Working hours in Tehran, by the vectors of the domain and at the edges of days and years."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.renewal.office_hours.rules import REVIEW_WORKING_TIME, Rule, WorkingHours, load_rule
from shared.text import persian

RULE = load_rule()
HOURS = WorkingHours(RULE)


def tehran(day: str, hour: str) -> datetime:
    return datetime.combine(persian.parse_date(day), time.fromisoformat(hour), persian.TEHRAN)


@pytest.mark.parametrize(
    ("submitted", "due"),
    [
        (("1405/01/26", "13:00"), ("1405/01/29", "11:00")),  # Wednesday: one hour is left, the rest is on Saturday
        (("1405/01/28", "10:00"), ("1405/01/29", "12:00")),  # Friday
        (("1404/12/26", "15:00"), ("1404/12/27", "12:00")),  # Tuesday after closing
        (("1405/01/29", "08:00"), ("1405/01/29", "12:00")),  # at the very opening
        (("1405/01/29", "10:00"), ("1405/01/29", "14:00")),  # the review may end with the day
        (("1405/01/29", "10:01"), ("1405/01/30", "08:01")),
        (("1405/03/16", "06:30"), ("1405/03/16", "11:00")),  # the summer's hours
    ],
)
def test_a_review_is_due_after_four_working_hours(submitted: tuple[str, str], due: tuple[str, str]) -> None:
    assert HOURS.review_due_at(tehran(*submitted)) == tehran(*due)


def test_a_range_begins_and_ends_on_its_days() -> None:
    hours = [HOURS.hours(persian.parse_date(day)) for day in ("1405/03/13", "1405/03/16", "1405/06/15", "1405/06/16")]
    assert [opening[0].hour if opening else None for opening in hours] == [8, 7, 7, 8]


def test_thursday_and_friday_are_closed() -> None:
    assert HOURS.hours(persian.parse_date("1405/01/27")) is None
    assert HOURS.hours(persian.parse_date("1405/01/28")) is None


def test_a_special_day_stands_before_the_rule() -> None:
    wednesday, saturday = persian.parse_date("1405/01/26"), persian.parse_date("1405/01/29")
    special = WorkingHours(RULE, {wednesday: None, saturday: (time(10), time(12))})
    assert special.review_due_at(tehran("1405/01/26", "09:00")) == tehran("1405/01/30", "10:00")


def test_the_next_closure_is_a_day_that_the_rule_would_have_open() -> None:
    thursday, saturday = persian.parse_date("1405/01/27"), persian.parse_date("1405/01/29")
    special = WorkingHours(RULE, {thursday: None, saturday: None})
    assert special.next_closure(tehran("1405/01/26", "09:00")) == saturday
    assert special.next_closure(tehran("1405/01/30", "09:00")) is None


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (("1405/01/29", "10:00"), "1405/01/26"),  # Saturday is not over; Wednesday is the last day before it
        (("1405/01/30", "08:00"), "1405/01/29"),
        (("1405/01/30", "16:00"), "1405/01/30"),
    ],
)
def test_the_last_working_day_is_over(now: tuple[str, str], last: str) -> None:
    assert HOURS.last_working_day(tehran(*now)) == persian.parse_date(last)


def test_an_office_that_was_closed_for_months_has_no_last_working_day() -> None:
    first = persian.parse_date("1405/01/30")
    closed = WorkingHours(RULE, {first - timedelta(days=count): None for count in range(70)})
    assert closed.last_working_day(tehran("1405/01/30", "16:00")) is None


def test_the_window_that_is_open_comes_before_the_next() -> None:
    now = tehran("1405/01/29", "09:00")
    windows = [HOURS.next_window(at) for at in (now, tehran("1405/01/29", "14:00"))]
    opens = [window.opens_at for window in windows if window]
    assert opens == [tehran("1405/01/29", "08:00"), tehran("1405/01/30", "08:00")]


def test_an_office_that_never_opens_promises_nothing() -> None:
    first = persian.parse_date("1405/01/29")
    closed = WorkingHours(RULE, {first + timedelta(days=count): None for count in range(70)})
    assert closed.review_due_at(tehran("1405/01/29", "09:00")) is None
    assert closed.next_window(tehran("1405/01/29", "09:00")) is None


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - the zone comes next
def test_a_promise_is_kept_within_working_time_and_never_before_four_hours(naive: datetime) -> None:
    submitted = naive.replace(tzinfo=persian.TEHRAN)
    due = HOURS.review_due_at(submitted)
    assert due is not None
    assert due - submitted >= REVIEW_WORKING_TIME
    local = due.astimezone(persian.TEHRAN)
    hours = HOURS.hours(local.date())
    assert hours is not None
    assert hours[0] < local.time() <= hours[1]


def test_a_wrong_cell_of_the_rule_is_named() -> None:
    with pytest.raises(ValidationError, match=r"range\.0\.from"):
        Rule.model_validate(
            {"range": [{"days": ["saturday"], "opens": time(8), "closes": time(9), "from": "13/01"}]}
        )  # fmt: skip


def test_the_rule_holds_on_the_leap_day() -> None:
    assert persian.format_date(date(2025, 3, 20)) == "1403/12/30"
    assert HOURS.hours(date(2025, 3, 20)) is None  # a Thursday
    assert HOURS.hours(date(2030, 3, 20)) is not None or date(2030, 3, 20).weekday() in (3, 4)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (("1405/01/29", "09:00"), ("1405/01/29", "10:30"), 90),
        (("1405/01/26", "13:00"), ("1405/01/29", "11:00"), 240),  # over Thursday and Friday
        (("1405/01/27", "09:00"), ("1405/01/28", "23:00"), 0),
        (("1405/01/29", "06:00"), ("1405/01/30", "15:00"), 720),
        (("1405/01/29", "10:00"), ("1405/01/29", "10:00"), 0),
    ],
)
def test_the_minutes_of_working_time_between_two_instants(
    start: tuple[str, str], end: tuple[str, str], minutes: int
) -> None:
    assert HOURS.minutes_between(tehran(*start), tehran(*end)) == minutes
