"""The overview page: for whom which charts, each with its text and table, and what it shows while a service is silent."""

import re

import pytest
from flask.testing import FlaskClient

from shared.contract.capacity.queries import GetCapacityOverview
from shared.contract.payment.queries import GetMoneyOverview
from shared.contract.refusals import Reason
from shared.contract.renewal.queries import GetDeskOverview
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

DESK, MONEY, CAPACITY = {"queue", "requests", "approvals"}, {"money", "outstanding"}, {"capacity"}


def charts_of(page: str) -> set[str]:
    return set(re.findall(r'<h2 id="chart-([a-z]+)">', page))


@pytest.mark.parametrize(
    ("session", "shown"),
    [
        ("manager-session", DESK | MONEY | CAPACITY | {"times"}),
        ("auditor-session", DESK | MONEY | {"times"}),
        ("finance-session", MONEY | {"times"}),
        ("treasurer-session", MONEY | {"times"}),
    ],
)
def test_each_officer_sees_the_charts_of_the_own_roles(signed_in: SignedIn, session: str, shown: set[str]) -> None:
    page = signed_in(session).get("/desk/overview")
    assert page.status_code == 200
    assert charts_of(page.text) == shown
    assert '<a href="/desk/overview" aria-current="page">نمای کلی</a>' in page.text


@pytest.mark.parametrize("session", ["member-session", "admin-session"])
def test_others_see_no_figures(signed_in: SignedIn, services: FakeServices, session: str) -> None:
    assert signed_in(session).get("/desk/overview").status_code == 403
    assert not services.sent(GetDeskOverview)
    assert not services.sent(GetMoneyOverview)


def test_the_figures_are_those_of_the_chosen_province_in_three_calls(
    manager: FlaskClient, services: FakeServices
) -> None:
    manager.get("/desk/overview?province=yazd")
    assert services.sent(GetDeskOverview) == [GetDeskOverview(province="yazd")]
    assert services.sent(GetMoneyOverview) == [GetMoneyOverview(province="yazd")]
    assert [one.province for one in services.sent(GetCapacityOverview)] == ["yazd"]


def test_a_province_of_others_is_not_asked_for(manager: FlaskClient, services: FakeServices) -> None:
    manager.get("/desk/overview?province=fars")
    assert services.sent(GetDeskOverview) == [GetDeskOverview(province="isfahan")]


def test_each_drawing_has_its_text_and_its_table(manager: FlaskClient) -> None:
    page = manager.get("/desk/overview").text
    drawings = re.findall(r'<svg class="chart-drawing"[^>]*role="img" aria-labelledby="([a-z]+)-about">', page)
    assert len(drawings) == page.count("همین عددها در جدول") == 7
    assert all(re.search(rf'<title id="{name}-about">[^<]+</title>', page) for name in drawings)
    assert "۴۴ درخواست در انتظار بررسی است و ۹ از آن‌ها از مهلت گذشته است." in page
    assert '<th scope="row">۴ تا ۸ ساعت</th><td class="amount">۵</td><td class="amount">گذشته از مهلت</td>' in page
    assert '<th scope="row">۱۴۰۵/۰۹/۰۷</th><td class="amount">۲۴</td><td class="amount">۴۹</td>' in page


def test_while_a_service_is_silent_the_others_are_shown(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(GetMoneyOverview, Reason.NO_ANSWER)
    page = manager.get("/desk/overview")
    assert page.status_code == 200
    assert charts_of(page.text) == DESK | CAPACITY | {"times"}
    for query in (GetDeskOverview, GetCapacityOverview):
        services.refuse(query, Reason.NO_ANSWER)
    assert "عددها اکنون در دسترس نیست." in manager.get("/desk/overview").text
