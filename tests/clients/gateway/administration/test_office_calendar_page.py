"""The office calendar as a month: each day with the hours that hold, week by week from Saturday on."""

from clients.gateway.administration.office_calendar import weeks
from shared.contract.renewal import queries
from tests.clients.gateway import samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

PAGE = "/desk/calendar?province=isfahan"


def test_a_month_has_each_day_with_its_hours_and_its_label(signed_in: SignedIn, services: FakeServices) -> None:
    page = signed_in("manager-session").get(f"{PAGE}&year=1405&month=9").text
    [query] = services.sent(queries.GetOfficeMonth)
    assert (query.province, query.year, query.month) == ("isfahan", 1405, 9)
    for text in ("آذر ۱۴۰۵", "۰۸:۰۰", "۱۴:۰۰", "تعطیل، آلودگی هوا", "month=10#month-title"):
        assert text in page


def test_weeks_begin_on_saturday_and_have_seven_days() -> None:
    found = weeks(samples.month())
    assert {len(week) for week in found} == {7}
    assert {day.on.weekday() for day in (week[0] for week in found) if day} == {5}
    assert [day for week in found for day in week if day] == list(samples.month())
    assert found[0][0] is None


def test_a_month_that_is_none_is_refused(signed_in: SignedIn) -> None:
    assert signed_in("manager-session").get(f"{PAGE}&month=13").status_code in (400, 422)
