from datetime import date

import pytest
from flask.testing import FlaskClient

from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason
from shared.contract.renewal import queries as renewal_queries
from shared.contract.renewal.answers import CalendarDay
from tests.clients.gateway import samples
from tests.clients.gateway.fake_services import FakeServices


def test_the_start_page_has_the_fees_of_each_class_and_how_to_reach_the_organization(visitor: FlaskClient) -> None:
    page = visitor.get("/").text
    for text in ("حق عضویت سال ۱۴۰۵", "۳٬۰۰۰٬۰۰۰ ریال", "ورودیه", "tel:031-00000000", "شنبه تا چهارشنبه"):
        assert text in page, text


def test_without_a_tariff_the_rest_of_the_page_is_shown(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(payment_queries.GetTariff, Reason.NO_TARIFF)
    page = visitor.get("/")
    assert page.status_code == 200
    assert "تعرفهٔ امسال اکنون در دسترس نیست" in page.text
    assert "باز است" in page.text


def test_the_next_closure_is_named(visitor: FlaskClient, services: FakeServices) -> None:
    services.next_closure = CalendarDay(on=date(2027, 2, 11), opens=None, closes=None, label="پیروزی انقلاب")
    assert "تعطیلی بعدی: پنجشنبه ۲۲ بهمن ۱۴۰۵، پیروزی انقلاب." in visitor.get("/").text


def test_an_office_without_coming_hours_says_what_still_works(visitor: FlaskClient, services: FakeServices) -> None:
    services.hours_are_known = False
    page = visitor.get("/").text
    assert "تا اطلاع بعدی تعطیل است" in page
    assert "آنچه نوشته‌اید نگه داشته می‌شود" in page


def test_hours_that_nobody_answers_keep_nobody_from_the_page(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(renewal_queries.GetOfficeHours, Reason.NO_ANSWER)
    assert "ساعت کار اکنون در دسترس نیست" in visitor.get("/").text


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("127.0.0.1:8000/card/gVb0c-Zk3S_QmN1yT7xLwA ", "/card/gVb0c-Zk3S_QmN1yT7xLwA"),
        (f"http://127.0.0.1:8000/receipt/{samples.TASK}/", f"/receipt/{samples.TASK}"),
        ("https://elsewhere.example/card/gVb0c-Zk3S_QmN1yT7xLwA", "/card/gVb0c-Zk3S_QmN1yT7xLwA"),
    ],
)
def test_a_typed_address_of_a_check_leads_to_our_own(visitor: FlaskClient, typed: str, leads_to: str) -> None:
    answer = visitor.get("/check", query_string={"address": typed})
    assert (answer.status_code, answer.headers["Location"]) == (303, leads_to)


@pytest.mark.parametrize("typed", ["//evil.example/", "0012345", "card/../../x"])
def test_what_is_no_address_of_a_check_is_said_at_the_field(visitor: FlaskClient, typed: str) -> None:
    page = visitor.get("/check", query_string={"address": typed})
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.text


def test_a_request_is_followed_from_the_start_page(visitor: FlaskClient) -> None:
    assert 'href="/follow"' in visitor.get("/").text
    assert visitor.get("/follow").status_code == 200
