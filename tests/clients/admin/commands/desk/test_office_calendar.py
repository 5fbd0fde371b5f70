from datetime import date, time

import pytest

from shared.contract import base
from shared.contract.renewal import answers, calendar_answers, commands
from tests.clients.admin.fake_server import MARYAM, Tamdid

DAYS = calendar_answers.Calendar(
    days=(
        answers.CalendarDay(on=date(2027, 3, 20), opens=None, closes=None, label="روز ملی شدن صنعت نفت"),
        answers.CalendarDay(on=date(2026, 10, 7), opens=time(10), closes=time(14), label="شروع با تأخیر"),
    )
)


@pytest.fixture
def calendar(maryam: Tamdid) -> Tamdid:
    maryam.server.replies = {"renewal.get_calendar": DAYS, "renewal.set_calendar_day": base.Done(position=9)}
    return maryam


def test_special_days_are_listed_in_jalali(calendar: Tamdid) -> None:
    closed, late = [line for line in calendar("calendar", "list").stdout.splitlines() if "140" in line]
    assert "1405/12/29" in closed
    assert "closed" in closed
    assert "10:00-14:00" in late


@pytest.mark.parametrize("typed", ["10:00-14:00", "۱۰:۰۰ - ۱۴:۰۰"])
def test_hours_are_set_for_the_only_province_served(calendar: Tamdid, typed: str) -> None:
    result = calendar("calendar", "set", "۱۴۰۵/۰۷/۱۵", typed, "--label", "شروع با تأخیر")
    assert result.exit_code == 0, result.output
    (command,) = calendar.server.sent(commands.SetCalendarDay)
    assert (command.province, command.on) == ("isfahan", date(2026, 10, 7))
    assert (command.opens, command.closes) == (time(10), time(14))


@pytest.mark.parametrize("typed", ["closed", "تعطیل"])
def test_an_office_is_closed_by_a_word(calendar: Tamdid, typed: str) -> None:
    calendar("calendar", "set", "1405/07/15", typed, "--label", "آلودگی هوا")
    (command,) = calendar.server.sent(commands.SetCalendarDay)
    assert command.opens is None
    assert command.closes is None


@pytest.mark.parametrize("typed", ["14:00-10:00", "10:00-10:00", "25:00-26:00", "00:00-00:00", "soon"])
def test_hours_that_are_none_are_wrong_usage(calendar: Tamdid, typed: str) -> None:
    assert calendar("calendar", "set", "1405/07/15", typed, "--label", "شروع با تأخیر").exit_code == 2


def test_who_serves_several_provinces_names_one(calendar: Tamdid) -> None:
    passport = MARYAM.passport.model_copy(update={"provinces": frozenset({"yazd", "isfahan"})})
    calendar.sign_in(MARYAM.model_copy(update={"passport": passport}))
    assert calendar("calendar", "set", "1405/07/15", "closed", "--label", "آلودگی هوا").exit_code == 2
    result = calendar("calendar", "set", "1405/07/15", "closed", "--label", "آلودگی هوا", "--province", "یزد")
    assert result.exit_code == 0
    assert set(calendar.json("calendar", "list")) == {"yazd", "isfahan"}


def test_what_the_contract_does_not_allow_is_wrong_usage(calendar: Tamdid) -> None:
    result = calendar("calendar", "set", "1405/07/15", "closed", "--label", "x")
    assert result.exit_code == 2
    assert "label: This is too short." in result.stderr
