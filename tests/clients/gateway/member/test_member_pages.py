import re

import pytest
from flask.testing import FlaskClient

from shared.contract.payment import queries
from shared.contract.refusals import Reason
from shared.contract.renewal import commands
from shared.contract.values import InvoiceLine, MemberClass, UnpaidYear
from tests.clients.gateway import pages, samples
from tests.clients.gateway.fake_services import FakeServices

COMMAND_ID = "5f0c7a4e-1d8f-4a53-9a53-1a2b3c4d5e6f"


def test_the_start_page_leads_to_the_members_page_and_tells_the_hours(visitor: FlaskClient) -> None:
    page = visitor.get("/").text
    assert '<html lang="fa" dir="rtl">' in page
    assert '<a class="button" href="/member">صفحه اعضای سازمان</a>' in page
    assert "سازمان نظام مهندسی معدن استان اصفهان" in page
    assert "سازمان تا" in page


def test_a_member_sees_one_next_thing_to_do(member: FlaskClient) -> None:
    page = member.get("/member").text
    assert "زهرا صفوی‌نیا" in page
    assert page.count('class="button"') == 1
    assert re.search(r'<a class="button" href="/member/renewal">تمدید عضویت</a>', page)


def test_the_fee_is_known_before_anything_is_typed(member: FlaskClient) -> None:
    page = member.get("/member/renewal").text
    assert "۹٬۰۰۰٬۰۰۰ ریال (۹۰۰٬۰۰۰ تومان)" in page
    assert "<dd>تمدید عضویت</dd>" in page


def test_a_request_is_made_under_the_forms_own_id(member: FlaskClient, services: FakeServices) -> None:
    fields = {"year": "1405", "command_id": COMMAND_ID}
    answer = pages.send(member, "/member/renewal", fields)
    assert answer.headers["Location"] == "/member/declaration"
    pages.send(member, "/member/renewal", fields)
    sent = services.sent(commands.RequestRenewal)
    assert [(str(call.id), call.member, call.year) for call in sent] == [(COMMAND_ID, samples.MEMBER, 1405)] * 2


def test_each_form_has_an_id_of_its_own(member: FlaskClient) -> None:
    first, second = (pages.hidden(member.get("/member/renewal").text)["command_id"] for _ in range(2))
    assert first != second


@pytest.mark.parametrize("year", ["", "این سال", "1300", "۱۴۰۵۵"])
def test_a_year_that_is_none_is_refused_on_the_page(member: FlaskClient, services: FakeServices, year: str) -> None:
    services.refuse(commands.RequestRenewal, Reason.NOT_THIS_YEAR)
    answer = pages.send(member, "/member/renewal", {"year": year})
    assert answer.status_code == 422
    assert "تمدید فقط برای سال جاری ممکن است." in answer.text


def test_where_there_is_a_request_it_is_opened_instead_of_a_second_form(
    member: FlaskClient, services: FakeServices
) -> None:
    services.renewal = samples.renewal("submitted")
    page = member.get("/member/renewal").text
    assert "درخواست شما در کارتابل مدیر است" in page
    assert "7K3MX09QTB" in page
    assert "حداکثر تا" in page
    assert "انصراف از درخواست" in page


def test_a_review_without_a_due_time_is_shown_as_unknown(
    visitor: FlaskClient, member: FlaskClient, manager: FlaskClient, services: FakeServices
) -> None:
    """The office is closed for longer than its calendar is looked through."""
    services.hours_are_known = False
    services.renewal = samples.renewal("submitted", review_due_at=None)
    services.desk = (services.renewal,)
    assert "زمان بررسی درخواست‌ها هنوز معلوم نیست" in visitor.get("/").text
    assert "زمان بررسی هنوز معلوم نیست" in member.get("/member").text
    assert "زمان بررسی هنوز معلوم نیست" in member.get("/member/renewal").text
    assert "هنوز معلوم نیست" in manager.get("/desk").text
    assert "هنوز معلوم نیست" in manager.get("/desk/calendar").text


@pytest.mark.parametrize(
    ("status", "reason"), [("returned", "نشانی خوانا نیست"), ("rejected", "استان عضویت باید منتقل شود")]
)
def test_a_reason_is_shown_as_the_manager_wrote_it(
    member: FlaskClient, services: FakeServices, status: str, reason: str
) -> None:
    services.renewal = samples.renewal(status, decisions=(samples.decision(status, f"{reason} <b>"),))
    page = member.get("/member/renewal").text
    assert f"{reason} &lt;b&gt;" in page


def test_a_request_is_taken_back(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")
    answer = pages.send(member, "/member/renewal/withdraw", {"command_id": COMMAND_ID})
    assert answer.headers["Location"] == "/member"
    assert [str(call.id) for call in services.sent(commands.WithdrawRenewal)] == [COMMAND_ID]


def test_a_page_confirms_before_a_request_is_taken_back(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")
    form = '<form method="post" action="/member/renewal/withdraw">'
    assert form not in member.get("/member/renewal").text
    assert form in member.get("/member/renewal/withdraw").text
    assert not services.sent(commands.WithdrawRenewal)


def test_an_approved_request_can_not_be_taken_back(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("approved")
    assert "انصراف از درخواست" not in member.get("/member/renewal").text


def test_the_capacity_is_explained_line_by_line(member: FlaskClient, services: FakeServices) -> None:
    services.capacity = samples.capacity()
    page = member.get("/member/capacity/1405").text
    numbers = re.findall(r'<span class="units"><bdi dir="ltr">([^<]+)</bdi> P</span>', page)
    assert numbers == ["۷۲۰", "۳۹۰", "۳۳۰", "+۷۲۰", "۷۲۰", "−۲۴۰", "۴۸۰", "−۱۵۰", "۳۳۰"]
    assert "payment #12" in page
    assert "1405 deductions.mine_technical_manager.4" in page
    assert "جدول کسر ظرفیت، مسئول فنی معدن، درجه ۴" in page


def test_before_the_confirmation_there_is_no_capacity_and_the_page_says_when(member: FlaskClient) -> None:
    page = member.get("/member/capacity/1405")
    assert page.status_code == 200
    assert "ظرفیت پس از تأیید پرداخت صادر می‌شود" in page.text


def test_the_estimate_counts_the_years_that_are_owed_and_the_credit(
    member: FlaskClient, services: FakeServices
) -> None:
    owed = (UnpaidYear(year=1404, member_class=MemberClass.GRADE_3),)
    services.unpaid_years = owed
    lines = tuple(
        InvoiceLine(year=year, member_class=MemberClass.GRADE_3, amount_rials=amount)
        for year, amount in ((1404, 4_000_000), (1405, 9_000_000))
    )
    services.estimate = {"amount_rials": 13_000_000, "lines": lines, "credit_rials": 1_000_000}
    page = member.get("/member/renewal").text
    assert "۱۲٬۰۰۰٬۰۰۰ ریال (۱٬۲۰۰٬۰۰۰ تومان)" in page
    assert "حق عضویت سال ۱۴۰۴، پایه ۳" in page
    assert "بستانکاری شما" in page
    [sent] = services.sent(queries.EstimateFee)
    assert (sent.unpaid_years, sent.member) == (owed, samples.MEMBER)


def test_a_reversed_payment_is_shown_to_the_member(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("approved")
    services.invoices = (samples.invoice("open", reversed_at=samples.NOW),)
    page = member.get("/member").text
    assert "حق عضویت را دوباره بپردازید" in page
    assert "بانک پرداخت شما را" in page
    assert "پس گرفته شد" in page
