import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import flask
import pytest
from flask.testing import FlaskClient

from clients.gateway.organization import Organization, Organizations
from clients.gateway.payment import callbacks
from clients.gateway.progress import PaymentProgress
from clients.gateway.web import filters
from services.payment.invoices import RESUMABLE
from shared import translations
from shared.contract.auth import commands as auth_commands
from shared.contract.payment import commands as payment_commands
from shared.contract.payment import queries
from shared.contract.refusals import Reason
from shared.contract.values import Waiver
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

PAY = "/member/pay/1405"
REFRESHES = 'data-refresh-seconds="5"'
RESULT = f"/payment/result/{samples.ATTEMPT}"
BACK = f"/payment/return?Authority={samples.AUTHORITY}&Status="


@pytest.fixture(autouse=True)
def approved(services: FakeServices) -> None:
    services.renewal = samples.renewal("approved")
    services.invoices = (samples.invoice("open"),)


def test_the_invoice_is_shown_in_rials_and_tomans_with_its_time(member: FlaskClient) -> None:
    page = member.get(PAY).text
    assert "حق عضویت سال ۱۴۰۵، پایه ۲" in page
    assert "۹٬۰۰۰٬۰۰۰ ریال (۹۰۰٬۰۰۰ تومان)" in page
    assert "قابل پرداخت است" in page


def test_paying_leads_to_the_bank_under_the_forms_own_id(member: FlaskClient, services: FakeServices) -> None:
    fields = {"command_id": str(uuid4())}
    answer = pages.send(member, PAY, fields)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/pg/StartPay/{samples.AUTHORITY}")
    assert [str(call.id) for call in services.sent(payment_commands.StartPayment)] == [fields["command_id"]]


@pytest.mark.parametrize("reason", [Reason.BANK_UNREACHABLE, Reason.ALREADY_PAID, Reason.INVOICE_EXPIRED])
def test_where_paying_is_refused_the_page_says_why(member: FlaskClient, services: FakeServices, reason: Reason) -> None:
    services.refuse(payment_commands.StartPayment, reason)
    answer = pages.send(member, PAY, {})
    assert answer.status_code == 422
    assert translations.refusal(services.refusals[payment_commands.StartPayment]) in answer.text


def test_a_paid_invoice_has_no_button(member: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("settled"),)
    page = member.get(PAY).text
    assert "دوباره پرداخت نکنید" in page
    assert "پرداخت الکترونیک</" not in page


def test_an_expired_invoice_is_issued_again_by_the_members_click(member: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("open", payable_until=samples.NOW - timedelta(minutes=1)),)
    page = member.get(PAY).text
    assert "مهلت پرداخت" in page
    assert f'<form method="post" action="{PAY}">' not in page
    assert f'<form method="post" action="{PAY}/renew">' in page
    answer = pages.send(member, f"{PAY}/renew", {"command_id": str(uuid4())})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAY)
    assert [(call.member, call.year) for call in services.sent(payment_commands.RenewInvoice)] == [
        (samples.MEMBER, 1405)
    ]


def test_an_invoice_of_a_year_that_is_over_leads_to_the_renewal_of_this_one(
    member: FlaskClient, services: FakeServices
) -> None:
    over = {"issued_at": samples.NOW - timedelta(days=400), "payable_until": samples.NOW - timedelta(days=370)}
    services.invoices = (samples.invoice("open", **over),)
    page = member.get(PAY).text
    assert f"{PAY}/renew" not in page
    assert 'href="/member/renewal"' in page
    services.refuse(payment_commands.RenewInvoice, Reason.INVOICE_OUTDATED)
    answer = pages.send(member, f"{PAY}/renew", {})
    assert answer.status_code == 422
    assert "تمدید سال جاری را درخواست کنید" in answer.text


def test_a_waiver_that_nobody_has_granted_yet_is_told_before_the_payment(
    member: FlaskClient, services: FakeServices
) -> None:
    services.invoices = (samples.invoice("open", waiver_requested_rials=1_000_000),)
    assert "بخشودگی ۱٬۰۰۰٬۰۰۰ ریال درخواست شده" in member.get(PAY).text
    services.invoices = (samples.invoice("open"),)
    assert "بخشودگی" not in member.get(PAY).text


def test_arrears_entrance_and_waivers_are_rows_of_the_sum(member: FlaskClient, services: FakeServices) -> None:
    line = services.invoices[0].lines[0]
    lines = (line.model_copy(update={"year": 1404, "amount_rials": 6_000_000}), line)
    waivers = (Waiver(year=1404, amount_rials=1_000_000),)
    services.invoices = (
        samples.invoice("open", lines=lines, entrance_rials=5_000_000, waivers=waivers, amount_rials=19_000_000),
    )
    page = member.get(PAY).text
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="amount">([^<]+)</td>', page)
    assert rows == [
        ("حق عضویت سال ۱۴۰۴، پایه ۲", "۶٬۰۰۰٬۰۰۰ ریال"),
        ("حق عضویت سال ۱۴۰۵، پایه ۲", "۹٬۰۰۰٬۰۰۰ ریال"),
        ("ورودیهٔ عضویت", "۵٬۰۰۰٬۰۰۰ ریال"),
        ("بخشودگی سال ۱۴۰۴", "−۱٬۰۰۰٬۰۰۰ ریال"),
        ("جمع", "۱۹٬۰۰۰٬۰۰۰ ریال (۱٬۹۰۰٬۰۰۰ تومان)"),
    ]


def test_a_replaced_invoice_leads_to_the_one_that_replaced_it(member: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("open", replaced_by_year=1406),)
    page = member.get(PAY).text
    assert 'href="/member/pay/1406"' in page
    assert '<form method="post" action="/member/pay' not in page


def test_a_cancelled_invoice_has_nothing_to_pay(member: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("open", cancelled_at=samples.NOW),)
    page = member.get(PAY).text
    assert "چیزی برای پرداخت نیست" in page
    assert '<form method="post" action="/member/pay' not in page


def test_a_reversal_is_shown_before_paying_again(member: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("open", reversed_at=samples.NOW),)
    page = member.get(PAY).text
    assert "بانک پرداختی را که انجام داده بودید" in page
    assert '<form method="post" action="/member/pay' in page


def test_a_year_without_an_invoice_is_refused(member: FlaskClient) -> None:
    answer = member.get("/member/pay/1404")
    assert answer.status_code == 404
    assert "هنوز صورت‌حسابی صادر نشده است" in answer.text


@pytest.mark.parametrize("status", ["OK", "NOK", ""])
def test_coming_back_asks_the_bank_whatever_the_browser_says(
    visitor: FlaskClient, services: FakeServices, status: str
) -> None:
    answer = visitor.get(BACK + status)
    assert (answer.status_code, answer.headers["Location"]) == (303, RESULT)
    assert [call.authority for call in services.sent(payment_commands.VerifyPayment)] == [samples.AUTHORITY]
    assert services.passport_of(payment_commands.VerifyPayment) is None


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The rests of callbacks, which are not waited for."""
    found: list[float] = []
    monkeypatch.setattr(callbacks, "sleep", found.append)
    return found


def test_only_callbacks_that_come_again_and_those_of_no_payment_are_held_up(
    visitor: FlaskClient, member: FlaskClient, services: FakeServices, rests: list[float]
) -> None:
    for client in (visitor, member):
        client.get(BACK + "OK")
    assert rests == []
    visitor.get(BACK + "NOK")
    assert rests == [callbacks.REST_SECONDS]
    services.refuse(payment_commands.VerifyPayment, Reason.UNKNOWN_PAYMENT)
    visitor.get(f"/payment/return?Authority=A{7:035}&Status=OK")
    assert rests == [callbacks.REST_SECONDS] * 2


@pytest.mark.usefixtures("rests")
def test_callbacks_of_a_payment_that_was_asked_about_a_moment_ago_cost_no_rpc(
    app: flask.Flask, visitor: FlaskClient, member: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(20):
        for status in ("OK", "NOK"):
            assert visitor.get(BACK + status).headers["Location"] == RESULT
    assert len(services.messages) == 1
    assert [member.get(BACK + "OK").headers["Location"] for _ in range(20)] == [RESULT] * 20
    assert len(services.sent(payment_commands.VerifyPayment)) == 2, "the payer's browser is answered for itself"
    monkeypatch.setattr(app.extensions["callbacks"], "_seconds", -1)
    visitor.get(BACK + "OK")
    assert len(services.sent(payment_commands.VerifyPayment)) == 3


def test_callbacks_of_many_payments_fill_no_memory(visitor: FlaskClient, app: flask.Flask) -> None:
    for number in range(callbacks.ANSWERS_MAX + 10):
        visitor.get(f"/payment/return?Authority=A{number:035}&Status=OK")
    assert len(app.extensions["callbacks"]._answers) == callbacks.ANSWERS_MAX


def test_where_too_many_come_back_at_once_the_outcome_is_not_known_yet(
    visitor: FlaskClient, app: flask.Flask, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "WAIT_SECONDS", 0.01)
    with app.extensions["callbacks"].slot(samples.AUTHORITY):
        page = visitor.get(BACK + "OK")
    assert page.status_code == 200
    assert "در حال استعلام – دوباره پرداخت نکنید" in page.text
    assert services.messages == []
    assert visitor.get(BACK + "OK").status_code == 303


@pytest.mark.parametrize(
    ("session", "passport"),
    [("member-session", "passport of member-session"), ("manager-session", None), ("an ended session", None)],
)
def test_payment_is_told_which_member_comes_back(
    signed_in: SignedIn, services: FakeServices, session: str, passport: str | None
) -> None:
    assert signed_in(session).get(BACK + "OK").headers["Location"] == RESULT
    assert services.passport_of(payment_commands.VerifyPayment) == passport


@pytest.mark.parametrize("authority", ["", "x", "A" * 37, "A0000000000000000000000000021788515%20"])
def test_a_key_that_can_be_none_of_the_banks_is_handed_on_as_nobodys_so_that_it_is_counted(
    visitor: FlaskClient, services: FakeServices, authority: str
) -> None:
    services.refuse(payment_commands.VerifyPayment, Reason.UNKNOWN_PAYMENT)
    answer = visitor.get(f"/payment/return?Authority={authority}&Status=OK")
    assert answer.status_code == 404
    assert [(call.authority, call.claims) for call in services.sent(payment_commands.VerifyPayment)] == [
        ("A" + "0" * 35, "paid")
    ]


@pytest.mark.parametrize(
    ("said", "attempt"), [("", None), (f"&attempt={UUID(int=7)}", UUID(int=7)), ("&attempt=made-up", UUID(int=0))]
)
def test_whose_attempt_the_browser_is_back_from_is_handed_on_to_be_held_against_the_key(
    visitor: FlaskClient, services: FakeServices, said: str, attempt: UUID | None
) -> None:
    visitor.get(f"{BACK}NOK{said}")
    assert [(call.attempt, call.claims) for call in services.sent(payment_commands.VerifyPayment)] == [
        (attempt, "not_paid")
    ]


def test_an_unknown_key_is_a_page_of_its_own(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(payment_commands.VerifyPayment, Reason.UNKNOWN_PAYMENT)
    answer = visitor.get(BACK + "OK")
    assert answer.status_code == 404
    assert "پرداختی با این شناسه یافت نشد" in answer.text


def test_when_nobody_can_say_the_page_asks_again_and_warns(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(payment_commands.VerifyPayment, Reason.NO_ANSWER)
    page = visitor.get(BACK + "OK").text
    assert "در حال استعلام – دوباره پرداخت نکنید" in page
    assert REFRESHES in page
    assert 'href="/payment/return?' in page


@pytest.mark.parametrize(
    ("outcome", "said", "refreshes_again"),
    [
        ("paid", "پرداخت انجام شد", False),
        ("not_paid", "پرداخت انجام نشد", False),
        ("unknown", "در حال استعلام – دوباره پرداخت نکنید", True),
        ("held", "در دست بررسی است – دوباره پرداخت نکنید", False),
        ("duplicate", "دو بار پرداخت شده است", False),
        ("reversed", "بانک این پرداخت را برگرداند", False),
    ],
)
def test_each_outcome_is_shown_without_a_session(
    visitor: FlaskClient, services: FakeServices, outcome: str, said: str, refreshes_again: bool
) -> None:
    services.result = samples.payment_result(outcome)
    page = visitor.get(RESULT).text
    assert said in re.sub("<[^>]*>", "", page)
    assert (REFRESHES in page) == refreshes_again
    assert 'http-equiv="refresh"' not in page


def test_the_banks_reference_is_shown_to_the_signed_in_only(visitor: FlaskClient, member: FlaskClient) -> None:
    assert "۱۰۰۲۰۰۳۰۰" in member.get(RESULT).text
    assert "۱۰۰۲۰۰۳۰۰" not in visitor.get(RESULT).text


def test_the_result_survives_a_session_that_is_over(services: FakeServices, member: FlaskClient) -> None:
    services.refuse(auth_commands.IssuePassports, Reason.NOT_SIGNED_IN)
    assert "پرداخت انجام شد" in member.get(RESULT).text


def test_an_attempt_nobody_made_is_not_found(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(queries.GetPaymentResult, Reason.UNKNOWN_PAYMENT)
    assert visitor.get(f"/payment/result/{uuid4()}").status_code == 404
    assert visitor.get("/payment/result/1").status_code == 404


def test_a_receipt_tells_who_paid_what_when(member: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("confirmed"),)
    page = member.get("/member/receipt/1405").text
    assert "زهرا صفوی‌نیا" in page
    assert "۱۰۰۲۰۰۳۰۰" in page
    assert "۵۰۲۲۲۹******۵۹۹۵" in page


def test_there_is_no_receipt_before_the_payment(member: FlaskClient) -> None:
    assert member.get("/member/receipt/1405").headers["Location"] == PAY


POSTED = {"RefId": "A0123456789ABCDEF0123", "SaleOrderId": "217885159", "SaleReferenceId": "7", "FinalAmount": "1"}


@pytest.mark.parametrize(("code", "status"), [("0", "OK"), ("17", "NOK"), ("", "NOK")])
def test_a_bank_that_posts_is_led_to_the_same_query(
    visitor: FlaskClient, services: FakeServices, code: str, status: str
) -> None:
    answer = visitor.post(f"/payment/return?attempt={samples.ATTEMPT}", data=POSTED | {"ResCode": code})
    key = "A00000217885159A0123456789ABCDEF0123"
    refreshes = f"/payment/return?Authority={key}&Status={status}&attempt={samples.ATTEMPT}"
    assert (answer.status_code, answer.headers["Location"]) == (303, refreshes)
    assert services.messages == []
    visitor.get(answer.headers["Location"])
    assert [(call.authority, call.attempt) for call in services.sent(payment_commands.VerifyPayment)] == [
        (key, samples.ATTEMPT)
    ]


@pytest.mark.parametrize("changes", [{"RefId": "../../evil"}, {"SaleOrderId": "x"}, {"SaleOrderId": "9" * 15}])
def test_a_post_that_can_be_none_of_the_banks_names_nobodys_key(visitor: FlaskClient, changes: dict[str, str]) -> None:
    answer = visitor.post("/payment/return", data=POSTED | changes)
    assert answer.headers["Location"] == "/payment/return?Authority=&Status=NOK"


def test_what_came_already_lessens_what_is_to_be_paid(member: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("open", received_rials=3_000_000, credit_rials=2_500_000),)
    page = member.get(PAY).text
    assert "بستانکاری شما از پیش</dt><dd>۲٬۵۰۰٬۰۰۰ ریال" in page
    assert "دریافت‌شده</dt><dd>۵۰۰٬۰۰۰ ریال" in page
    assert '<span class="button-more">۶٬۰۰۰٬۰۰۰ ریال</span>' in page
    assert "۶٬۰۰۰٬۰۰۰ ریال (۶۰۰٬۰۰۰ تومان) را تا" in member.get("/member").text


def test_a_surplus_payment_that_counts_for_the_next_invoice_is_shown_there(
    visitor: FlaskClient, services: FakeServices
) -> None:
    services.result = samples.payment_result("duplicate").model_copy(update={"credited_rials": 9_000_000})
    assert "در صورت‌حساب بعدی شما به حساب آمد" in visitor.get(RESULT).text


def test_the_amount_is_written_out_and_the_minutes_at_the_bank_are_told(
    member: FlaskClient, services: FakeServices
) -> None:
    services.invoices = (samples.invoice("open"),)
    page = member.get(PAY).text
    assert "مبلغ به حروف: نه میلیون ریال (نهصد هزار تومان)" in page
    assert "تا ۲۰ دقیقه فرصت دارید" in page
    assert timedelta(minutes=PaymentProgress.BANK_PAGE_MINUTES) == RESUMABLE


def test_a_payment_that_was_begun_is_to_be_gone_on_with(member: FlaskClient, services: FakeServices) -> None:
    began_at = datetime.now(UTC) - timedelta(minutes=5)
    services.invoices = (samples.invoice("open", attempts=(samples.attempt("started", started_at=began_at),)),)
    page = member.get(PAY).text
    assert "ادامهٔ پرداخت<span" in page
    assert f"همان پرداخت را تا {filters.long_instant(began_at + timedelta(minutes=20))}" in page


def test_a_slip_is_offered_where_the_organization_has_an_account_for_it(
    member: FlaskClient, services: FakeServices, app: flask.Flask
) -> None:
    services.invoices = (samples.invoice("open"),)
    assert "روی فیش" not in member.get(PAY).text
    own = Organization(deposit_account="IR" + "1" * 24)
    app.extensions["organizations"] = Organizations(of={"isfahan": own})
    page = member.get(PAY).text
    assert "روی فیش" in page
    assert own.deposit_account in page
