"""A province's queue by age, weeks and times in states, from a story of renewals whose figures are counted by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event

from services.renewal import overview
from services.renewal.service import RenewalService
from shared.contract.overview_answers import WEEKS_SHOWN, DeskOverview, TimeInState
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands
from shared.contract.values import Role
from shared.event_store.sql.prepared import Prepared
from tests.services.renewal import samples as s
from tests.services.renewal.renewals.test_desk import RETURNED, Office

NOW = datetime(2026, 4, 21, 9, 30, tzinfo=UTC)
"""Tuesday 1 Ordibehesht 1405, 13:00 in Tehran; the office is open from 8 to 14, and was the day before."""
HOUR = timedelta(hours=1)
YESTERDAY = datetime(2026, 4, 20, 8, 30, tzinfo=UTC)
"""12:00 in Tehran."""


@pytest.fixture
def office(service: RenewalService) -> Office:
    return Office(service)


def figures(office: Office, now: datetime = NOW, province: str = "isfahan") -> DeskOverview:
    with office.service.records.read() as connection:
        return overview.overview(connection, office.service.office_rule, province, now)


def declare(office: Office, member: str, at: datetime, **more: Any) -> None:
    office.enrol(member)
    office.declare(member, at, **more)


def approve(office: Office, member: str, at: datetime, *, version: int = 1, year: int = s.YEAR) -> None:
    about = {"actor": s.MANAGER, "declaration_version": version}
    office.send(commands.ApproveRenewal, member, at=at, year=year, **about)


def counts(found: DeskOverview) -> list[tuple[int | None, int]]:
    return [(one.up_to_hours, one.requests) for one in found.queue]


def test_the_age_is_counted_in_working_time(office: Office) -> None:
    """30 minutes, 90 minutes, 3 hours and exactly 4; from 12:00 of the day before to 13:00 are 2 and 5 hours, and another day is 13."""
    declare(office, "0001", NOW - 0.5 * HOUR)
    declare(office, "0002", NOW - 1.5 * HOUR)
    declare(office, "0003", NOW - 3 * HOUR)
    declare(office, "0004", NOW - 4 * HOUR)
    declare(office, "0005", YESTERDAY)
    declare(office, "0006", YESTERDAY - timedelta(days=1))
    declare(office, "0007", NOW - timedelta(days=12))
    found = figures(office)
    assert counts(found) == [(1, 1), (2, 1), (4, 2), (8, 1), (24, 1), (None, 1)]
    assert [one.is_late for one in found.queue] == [False, False, False, True, True, True]
    assert found.not_promised == 0


def test_what_was_sent_in_the_night_has_not_aged_before_the_office_opens(office: Office) -> None:
    declare(office, "0001", datetime(2026, 4, 20, 20, 0, tzinfo=UTC))
    assert counts(figures(office, datetime(2026, 4, 21, 4, 0, tzinfo=UTC)))[0] == (1, 1)


def test_the_late_ones_are_those_that_the_desk_has_as_overdue(office: Office) -> None:
    for day in range(1, 9):
        declare(office, f"{day:04}", NOW - timedelta(days=day, hours=day % 3))
    late = sum(one.requests for one in figures(office).queue if one.is_late)
    assert late == office.desk(NOW).overdue > 0


def test_other_provinces_and_other_statuses_are_not_in_the_queue(office: Office) -> None:
    office.enrol("0001", province="yazd")
    office.declare("0001", NOW - HOUR)
    declare(office, "0002", NOW - HOUR)
    office.send(commands.RejectRenewal, "0002", **RETURNED)
    assert sum(one.requests for one in figures(office).queue) == 0
    assert sum(one.requests for one in figures(office, province="yazd").queue) == 1


def test_weeks_count_requests_and_approvals_beside_those_of_last_year(office: Office) -> None:
    """Two requests this week, one the week before; an approval; and a year of 52 weeks before, one request that was approved."""
    last_year = NOW - timedelta(days=364)
    declare(office, "0001", last_year, year=1404)
    approve(office, "0001", last_year + HOUR, year=1404)
    declare(office, "0002", NOW - timedelta(weeks=1))
    declare(office, "0003", NOW - HOUR)
    declare(office, "0004", NOW - HOUR)
    approve(office, "0003", NOW)
    *earlier, before, now = figures(office).weeks
    assert len(earlier) == WEEKS_SHOWN - 2
    assert now.starts_on == date(2026, 4, 18)
    assert (now.requests, now.approvals, now.requests_last_year, now.approvals_last_year) == (2, 1, 1, 1)
    assert (before.requests, before.approvals, before.requests_last_year, before.approvals_last_year) == (1, 0, 0, 0)
    assert not any(week.requests or week.approvals or week.requests_last_year for week in earlier)


def test_times_are_those_of_each_stay(office: Office) -> None:
    """Filled in 2 hours; reviewed after 3, corrected within 24, reviewed again after 1."""
    at = NOW - timedelta(days=3)
    office.enrol("0001")
    office.send(commands.RequestRenewal, "0001", at=at)
    office.send(commands.SubmitDeclaration, "0001", at=at + 2 * HOUR, form=s.FORM)
    office.send(commands.ReturnRenewal, "0001", **{**RETURNED, "at": at + 5 * HOUR})
    office.send(commands.SubmitDeclaration, "0001", at=at + 29 * HOUR, form=s.FORM)
    approve(office, "0001", at + 30 * HOUR, version=2)
    assert figures(office).times == (
        TimeInState(state="filling", stays=1, median_seconds=2 * 3600, most_seconds=2 * 3600),
        TimeInState(state="review", stays=2, median_seconds=3600, most_seconds=3 * 3600),
        TimeInState(state="correction", stays=1, median_seconds=24 * 3600, most_seconds=24 * 3600),
    )


def test_stays_that_ended_before_the_weeks_shown_are_left_out(office: Office) -> None:
    declare(office, "0001", NOW)
    approve(office, "0001", NOW + HOUR)
    assert figures(office, NOW + timedelta(weeks=WEEKS_SHOWN + 1)).times == ()


def test_of_a_renewal_that_was_returned_long_ago_only_the_late_stays_count(office: Office) -> None:
    """Filled and returned before all weeks shown; sent again and approved in the last of them."""
    long_ago = NOW - timedelta(weeks=WEEKS_SHOWN + 2)
    office.enrol("0001")
    office.send(commands.RequestRenewal, "0001", at=long_ago, year=1404)
    office.send(commands.SubmitDeclaration, "0001", at=long_ago + HOUR, form=s.FORM, year=1404)
    office.send(commands.ReturnRenewal, "0001", **{**RETURNED, "at": long_ago + 2 * HOUR, "year": 1404})
    office.send(commands.SubmitDeclaration, "0001", at=NOW - HOUR, form=s.FORM, year=1404)
    approve(office, "0001", NOW, version=2, year=1404)
    assert [one.state for one in figures(office).times] == ["review", "correction"]


def test_the_figures_are_few_statements(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    declare(office, "0001", NOW - HOUR)
    statements: list[str] = []
    rows = Prepared.rows

    def counted(prepared: Prepared, *about: Any) -> list[Any]:
        statements.append(str(prepared.statement))
        return rows(prepared, *about)

    monkeypatch.setattr(Prepared, "rows", counted)
    with office.service.records.read() as connection:
        sqlalchemy_event.listen(connection, "before_cursor_execute", lambda *about: statements.append(about[2]))
        overview.overview(connection, office.service.office_rule, "isfahan", NOW)
    assert len(statements) == 8


@pytest.mark.parametrize(
    ("role", "province", "may"),
    [
        (Role.MANAGER, "isfahan", True),
        (Role.AUDITOR, "isfahan", True),
        (Role.FINANCE, "isfahan", False),
        (Role.ADMIN, "isfahan", False),
        (Role.MANAGER, "fars", False),
        (Role.AUDITOR, "fars", False),
    ],
)
def test_the_province_and_the_role_are_checked(service: RenewalService, role: Role, province: str, may: bool) -> None:
    service.caller = Passport(
        principal_kind=PrincipalKind.OFFICER,
        subject="x",
        roles=frozenset({role}),
        provinces=frozenset({"isfahan"}),
    )
    query = {"province": province}
    if may:
        assert len(service.get_desk_overview(query)["weeks"]) == WEEKS_SHOWN
    else:
        with pytest.raises(Refused, match=Reason.NOT_ALLOWED):
            service.get_desk_overview(query)
