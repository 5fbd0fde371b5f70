"""Payments that are late to be confirmed are told on the desk and the payments page, and the desk asks two questions in all."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from clients.gateway.web import rpc
from shared.contract.auth.commands import IssuePassports
from shared.contract.auth.queries import GetMemberNames
from shared.contract.notification.queries import CountUnread
from shared.contract.payment import commands
from shared.contract.payment.queries import ListPayments
from shared.contract.refusals import Reason
from shared.contract.renewal.casework_answers import Assignment
from shared.contract.renewal.queries import GetOfficeHours, ListDesk
from tests.clients.gateway import pages, samples
from tests.clients.gateway.fake_services import FakeServices

LATE = "۱ پرداخت بیش از یک روز کاری است که تأیید نشده است"
SARAS = Assignment(
    officer="officer:sara",
    until=samples.NOW + timedelta(hours=1),
    assigned_by="officer:sara",
    assigned_at=samples.NOW,
    is_mine=False,
)
LINK = 'href="/desk/payments?province=isfahan&amp;status=settled&amp;late=1"'


@pytest.fixture
def late(services: FakeServices) -> None:
    long_ago = samples.LATE_BEFORE - timedelta(hours=1)
    services.invoices = (samples.invoice("settled", settled_at=long_ago), samples.invoice("settled", year=1404))


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize("path", ["/desk", "/desk/payments", "/desk/payments?status=confirmed"])
def test_late_payments_are_told_with_a_link_to_them(manager: FlaskClient, path: str) -> None:
    page = manager.get(path).text
    assert LATE in page
    assert LINK in page


@pytest.mark.parametrize("path", ["/desk", "/desk/payments"])
def test_what_waits_since_today_is_not_late(manager: FlaskClient, services: FakeServices, path: str) -> None:
    services.invoices = (samples.invoice("settled"),)
    assert "بیش از یک روز کاری" not in manager.get(path).text


@pytest.mark.usefixtures("late")
def test_the_list_of_the_link_has_the_late_ones_alone(manager: FlaskClient, services: FakeServices) -> None:
    page = manager.get("/desk/payments?province=isfahan&status=settled&late=1").text
    assert (page.count('name="pick"'), LATE in page) == (1, False)
    assert "همهٔ پرداخت‌های در انتظار</a>" in page
    assert "/desk/payments/0012345/1405?province=isfahan&amp;status=settled&amp;late=1" in page
    services.invoices = ()
    assert "هیچ پرداختی بیش از یک روز کاری در انتظار تأیید نیست." in manager.get("/desk/payments?late=1").text


@pytest.mark.usefixtures("late")
def test_without_office_hours_nothing_is_late_and_their_list_is_refused(
    manager: FlaskClient, services: FakeServices
) -> None:
    services.refuse(GetOfficeHours, Reason.NO_ANSWER)
    page = manager.get("/desk/payments")
    assert (page.status_code, LATE in page.text) == (200, False)
    assert manager.get("/desk/payments?late=1").status_code == 503


@pytest.mark.usefixtures("late")
def test_the_desk_asks_two_questions_and_of_payments_once_a_minute(
    manager: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = samples.NOW
    monkeypatch.setattr(rpc, "now", lambda: now)
    services.desk = (samples.renewal("submitted", assignment=SARAS),)

    def questions() -> list[type]:
        before = len(services.messages)
        assert LATE in manager.get("/desk").text
        kinds = [type(message) for message, _ in services.messages[before:]]
        return [kind for kind in kinds if kind not in (IssuePassports, CountUnread)]

    assert questions() == [ListDesk, ListPayments, GetMemberNames]
    now += timedelta(seconds=59)
    assert questions() == [ListDesk, GetMemberNames]
    now += timedelta(seconds=1)
    assert questions() == [ListDesk, ListPayments, GetMemberNames]


@pytest.mark.usefixtures("late")
def test_a_confirmation_is_seen_on_the_desk_at_once(manager: FlaskClient, services: FakeServices) -> None:
    assert LATE in manager.get("/desk").text
    pages.send(manager, "/desk/payments/0012345/1405", {"amount_rials": "9000000"})
    assert services.sent(commands.ConfirmPayment)
    services.invoices = services.invoices[1:]
    assert LATE not in manager.get("/desk").text


def test_a_desk_without_payments_answer_is_shown_and_asks_again(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(ListPayments, Reason.NO_ANSWER)
    for _ in range(2):
        assert manager.get("/desk").status_code == 200
    assert len(services.sent(ListPayments)) == 2


def test_of_payments_the_desk_reads_nobodys(manager: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("settled"),)
    manager.get("/desk")
    [query] = services.sent(ListPayments)
    assert query.late_before == samples.LATE_BEFORE
    answer = services(query)
    assert list(query.members_read(answer)) == []
