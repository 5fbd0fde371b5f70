"""The calendar of a province, on SQLite and on PostgreSQL: seeded holidays, and days that officers set."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from services.renewal.office_hours import calendar, domain
from services.renewal.office_hours.rules import load_rule
from services.renewal.service import RenewalService
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, queries
from shared.event_store.command_handler import Records
from shared.settings import Settings
from tests.services.renewal import samples as s


@pytest.fixture
def records(service: RenewalService) -> Records:
    return service.records


def test_the_holidays_are_seeded_once_and_a_province_may_differ(records: Records) -> None:
    calendar.seed(records, Settings(), datetime.now(UTC))
    calendar.seed(records, Settings(), datetime.now(UTC))
    nowruz = date(datetime.now(UTC).year, 3, 21)
    command = commands.SetCalendarDay(
        id=uuid4(), deadline=s.DUE, at=s.AT, actor=s.MANAGER,
        province="isfahan", on=nowruz, opens=time(9), closes=time(11), label="کشیک نوروزی",
    )  # fmt: skip
    records.handle("calendar/isfahan", command, domain.OFFICE_CALENDAR)
    assert (
        records.handle("calendar/isfahan", command.model_copy(update={"id": uuid4()}), domain.OFFICE_CALENDAR).recorded
        == ()
    )
    with records.read() as connection:
        isfahan = calendar.special_days(connection, "isfahan", nowruz, nowruz)
        fars = calendar.special_days(connection, "fars", nowruz, nowruz)
        hours = calendar.working_hours(connection, load_rule(), "isfahan", datetime.combine(nowruz, time(5), UTC))
    assert [(day["opens"], day["label"]) for day in isfahan] == [(time(9), "کشیک نوروزی")]
    assert [day["opens"] for day in fars] == [None]
    assert hours.hours(nowruz) == (time(9), time(11))


def test_half_of_a_days_hours_is_refused(records: Records) -> None:
    command = commands.SetCalendarDay(
        id=uuid4(), deadline=s.DUE, at=s.AT, province="isfahan", on=date(2026, 5, 1), opens=time(9), label="آزمون"
    )
    with pytest.raises(Refused) as refusal:
        records.handle("calendar/isfahan", command, domain.OFFICE_CALENDAR)
    assert refusal.value.reason is Reason.BAD_INPUT


def test_what_waits_since_before_the_last_working_day_is_late_by_the_provinces_own_days(records: Records) -> None:
    now = datetime(2026, 4, 18, 6, 30, tzinfo=UTC)  # Saturday 1405/01/29
    set_day = commands.SetCalendarDay(
        id=uuid4(), deadline=s.DUE, at=s.AT, actor=s.MANAGER, province="isfahan", on=date(2026, 4, 15), label="آلودگی هوا"
    )  # fmt: skip
    records.handle("calendar/isfahan", set_day, domain.OFFICE_CALENDAR)
    with records.read() as connection:
        found = [calendar.late_before(connection, load_rule(), one, now) for one in ("isfahan", "yazd")]
    midnight = datetime(2026, 4, 13, 20, 30, tzinfo=UTC)
    assert found == [midnight, midnight + timedelta(days=1)]


def test_a_month_has_each_day_with_the_hours_that_hold(records: Records) -> None:
    set_day = commands.SetCalendarDay(
        id=uuid4(), deadline=s.DUE, at=s.AT, actor=s.MANAGER, province="isfahan", on=date(2026, 11, 29), label="آلودگی هوا"
    )  # fmt: skip
    records.handle("calendar/isfahan", set_day, domain.OFFICE_CALENDAR)
    with records.read() as connection:
        found = [
            calendar.month(connection, load_rule(), queries.GetOfficeMonth(province=one, year=1405, month=9))
            for one in ("isfahan", "yazd")
        ]
    assert [(days[0].on, days[-1].on, len(days)) for days in found] == [
        (date(2026, 11, 22), date(2026, 12, 21), 30)
    ] * 2
    smog = [days[7] for days in found]
    assert [(day.opens, day.label) for day in smog] == [(None, "آلودگی هوا"), (time(8), "")]
    assert [day.opens for day in found[1][4:7]] == [None, None, time(8)]  # Thursday, Friday, Saturday


def test_the_last_month_of_a_leap_year_has_thirty_days(records: Records) -> None:
    query = queries.GetOfficeMonth(province="isfahan", year=1403, month=12)
    with records.read() as connection:
        assert len(calendar.month(connection, load_rule(), query)) == 30
