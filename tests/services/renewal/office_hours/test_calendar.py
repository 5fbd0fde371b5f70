"""The calendar of a province, on SQLite and on PostgreSQL: seeded holidays, and days that officers set."""

from datetime import UTC, date, datetime, time
from uuid import uuid4

import pytest

from services.renewal.office_hours import calendar, domain
from services.renewal.office_hours.rules import load_rule
from services.renewal.service import RenewalService
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands
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
