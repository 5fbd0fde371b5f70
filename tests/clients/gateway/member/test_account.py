"""The account of a member without an invoice, and of unknown membership numbers."""

import re

import pytest
from flask.testing import FlaskClient

from shared.contract.auth import queries as auth_queries
from shared.contract.payment import finance_answers
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason
from shared.contract.values import InvoiceLine, MemberClass, UnpaidYear
from tests.clients.gateway import samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

ACCOUNT = "/desk/account/0012345"
SETTLED = "تسویه است"
OWED = tuple(UnpaidYear(year=year, member_class=MemberClass.GRADE_2) for year in (1404,))


@pytest.fixture(autouse=True)
def owes_two_years(services: FakeServices) -> None:
    services.card = samples.card(paid_through=1403)
    services.balance = finance_answers.Balance(member=samples.MEMBER, balance_rials=0, entries=())
    services.unpaid_years = OWED
    lines = [InvoiceLine(year=year, member_class=MemberClass.GRADE_2, amount_rials=9_000_000) for year in (1404, 1405)]
    services.estimate = {"lines": lines, "amount_rials": 18_000_000}


@pytest.fixture
def reza(signed_in: SignedIn) -> FlaskClient:
    return signed_in("finance-session")


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", "", page))


def test_who_owes_years_and_has_no_invoice_is_not_shown_as_settled(
    reza: FlaskClient, member: FlaskClient, services: FakeServices
) -> None:
    for page in (words(reza.get(ACCOUNT).text), words(member.get("/member/account").text)):
        assert SETTLED not in page
        assert "هنوز صورت‌حسابی برای سال ۱۴۰۵ صادر نشده است" in page
        assert "تا پایان سال ۱۴۰۳ پرداخت شده است" in page
        assert "۱۸٬۰۰۰٬۰۰۰ ریال (۱٬۸۰۰٬۰۰۰ تومان) برای سال‌های ۱۴۰۴، ۱۴۰۵" in page
    queries_sent = services.sent(payment_queries.EstimateFee)
    assert {(one.member, one.year, one.unpaid_years) for one in queries_sent} == {(samples.MEMBER, 1405, OWED)}


def test_a_number_that_nobody_has_is_refused(reza: FlaskClient, services: FakeServices) -> None:
    services.refuse(auth_queries.GetMember, Reason.UNKNOWN_MEMBER)
    answer = reza.get("/desk/account/9999999")
    assert answer.status_code == 404
    assert "عضوی با شمارهٔ ۹۹۹۹۹۹۹ در بانک اعضا نیست." in answer.text
    assert SETTLED not in answer.text


@pytest.mark.parametrize(
    "path", ["/desk/9999999/1405", "/desk/payments/9999999/1405", "/desk/account/9999999/1405/slip"]
)
def test_every_page_about_nobody_says_so(manager: FlaskClient, services: FakeServices, path: str) -> None:
    services.refuse(auth_queries.GetMember, Reason.UNKNOWN_MEMBER)
    answer = manager.get(path)
    assert answer.status_code == 404
    assert "عضوی با شمارهٔ ۹۹۹۹۹۹۹ در بانک اعضا نیست." in answer.text


@pytest.mark.parametrize(
    "path", ["/desk/account/abc", "/desk/abc/1405", "/desk/abc/1405/capacity", "/desk/a/capacity/what-if"]
)
def test_what_is_no_number_is_nobodys(manager: FlaskClient, path: str) -> None:
    assert manager.get(path).status_code == 404


def test_a_member_of_another_province_is_not_shown(reza: FlaskClient, services: FakeServices) -> None:
    services.refuse(auth_queries.GetMember, Reason.NOT_ALLOWED)
    assert reza.get(ACCOUNT).status_code == 403


def test_invoices_of_this_province_stay_its_business_after_the_member_has_moved(
    reza: FlaskClient, services: FakeServices
) -> None:
    services.invoices = (samples.invoice("settled"),)
    services.refuse(auth_queries.GetMember, Reason.NOT_ALLOWED)
    assert "صورت‌حساب سال ۱۴۰۵" in reza.get(ACCOUNT).text


def test_only_invoices_are_shown_as_settled(reza: FlaskClient, services: FakeServices) -> None:
    """The invoice of 1404 is paid; 1405 is owed all the same."""
    services.invoices = (samples.invoice("confirmed", year=1404),)
    entries = samples.balance().entries[:2]
    services.balance = finance_answers.Balance(member=samples.MEMBER, balance_rials=0, entries=entries)
    page = words(reza.get(ACCOUNT).text)
    assert "صورت‌حساب‌های صادرشده تسویه است." in page
    assert "هنوز صورت‌حسابی برای سال ۱۴۰۵ صادر نشده است" in page


def test_a_year_that_is_charged_is_not_estimated(reza: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("open"),)
    reza.get(ACCOUNT)
    assert services.sent(payment_queries.EstimateFee) == []


def test_while_the_register_is_silent_nothing_is_claimed(reza: FlaskClient, services: FakeServices) -> None:
    services.refuse(auth_queries.GetMember, Reason.NO_ANSWER)
    page = reza.get(ACCOUNT).text
    assert SETTLED not in page
    assert "اکنون در دسترس نیست" in page
