import re
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from shared.contract.payment import queries
from shared.contract.refusals import Reason
from tests.clients.gateway import samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

OWN = "/member/receipt/1405"
CHECK = f"/receipt/{samples.TASK}"
BACK = {"reversed_at": samples.NOW}


@pytest.fixture(autouse=True)
def paid(services: FakeServices) -> None:
    services.invoices = (samples.invoice("confirmed", receipts=(samples.receipt(),)),)


def test_a_receipt_has_its_number_and_a_code_to_its_check(member: FlaskClient) -> None:
    page = member.get(OWN).text
    assert "۱۴۰۵-۰۰۰۰۱۷" in page
    assert f'<a href="http://127.0.0.1:8000{CHECK}">' in page
    assert re.search('<svg [^>]*class="qr"', page)
    assert "001*****53" not in page


def test_a_receipt_that_went_back_is_marked_also_while_the_invoice_is_open_again(
    member: FlaskClient, services: FakeServices
) -> None:
    services.invoices = (samples.invoice("open", receipts=(samples.receipt(**BACK),)),)
    page = member.get(OWN).text
    assert '<p class="stamp">برگشت‌خورده</p>' in page
    assert f'href="{OWN}"' in member.get("/member").text


def test_an_earlier_receipt_of_the_same_invoice_stays_to_be_seen(member: FlaskClient, services: FakeServices) -> None:
    both = (samples.receipt(**BACK, number=4), samples.receipt())
    services.invoices = (samples.invoice("settled", receipts=both),)
    page = member.get(OWN).text
    assert "stamp" not in page
    assert "۱۴۰۵-۰۰۰۰۰۴" in page


def test_anybody_checks_a_receipt_and_reads_no_name(visitor: FlaskClient, services: FakeServices) -> None:
    page = visitor.get(CHECK).text
    assert "این رسید معتبر است" in page
    assert "۹٬۰۰۰٬۰۰۰ ریال" in page
    assert "••••۳۴۵" in page
    for hidden in ("صفوی", samples.MEMBER, "۰۰۱۲۳۴۵"):
        assert hidden not in page
    assert services.passport_of(queries.GetReceipt) is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (BACK, "این رسید معتبر نیست: برگشت‌خورده"),
        ({"refunded_rials": 9_000_000}, "این رسید معتبر نیست: بازپرداخت‌شده"),
        ({"refunded_rials": 1_000_000}, "بخشی از این رسید بازپرداخت شده است"),
    ],
)
def test_what_a_receipt_is_worth_now_is_shown_first(
    visitor: FlaskClient, services: FakeServices, changes: dict[str, Any], said: str
) -> None:
    services.receipt = samples.receipt(**changes)
    assert f"<h1>{said}</h1>" in visitor.get(CHECK).text


def test_a_made_up_token_finds_nothing(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(queries.GetReceipt, Reason.UNKNOWN_RECEIPT)
    answer = visitor.get(f"/receipt/{uuid4()}")
    assert answer.status_code == 404
    assert "رسیدی با این نشانی صادر نشده است." in answer.text
    assert visitor.get("/receipt/17").status_code == 404


@pytest.mark.parametrize(
    ("outcome", "changes", "wording"),
    [
        ("reversed", {"cause": "by_bank", "is_payable": True}, ("دوباره بپردازید", "اضافه")),
        ("reversed", {"cause": "by_bank"}, ("چیزی برای پرداخت نمانده است", "دوباره بپردازید")),
        ("reversed", {"cause": "duplicate"}, ("پرداخت اضافه برگردانده شد", "صورت‌حساب دوباره باز است")),
        ("duplicate", {}, ("از بانک خواسته‌ایم آن را به کارت شما برگرداند", "امور مالی باید")),
        ("duplicate", {"refund": "due"}, ("امور مالی باید آن را بازگرداند", "از بانک خواسته‌ایم")),
        ("duplicate", {"refund": "granted"}, ("به‌زودی واریز می‌شود", "از بانک خواسته‌ایم")),
        ("duplicate", {"refunded_rials": 9_000_000}, ("به شما بازگردانده شد", "از بانک خواسته‌ایم")),
        (
            "paid",
            {"refunded_rials": 1_000_000},
            ("۱٬۰۰۰٬۰۰۰ ریال از این پرداخت به شما بازگردانده شده است", "برگرداند؛"),
        ),
        ("paid", {"refund": "requested"}, ("در انتظار تأیید است", "بازگردانده شده")),
    ],
)
def test_a_refund_is_shown_without_a_session(
    visitor: FlaskClient, services: FakeServices, outcome: str, changes: dict[str, Any], wording: tuple[str, str]
) -> None:
    said, unsaid = wording
    services.result = samples.payment_result(outcome).model_copy(update=changes)
    page = visitor.get(f"/payment/result/{samples.ATTEMPT}").text
    assert said in page
    assert unsaid not in page


def test_paying_again_is_offered_only_where_there_is_something_to_pay(
    member: FlaskClient, services: FakeServices
) -> None:
    for is_payable in (True, False):
        services.result = samples.payment_result("reversed").model_copy(update={"is_payable": is_payable})
        page = member.get(f"/payment/result/{samples.ATTEMPT}").text
        assert ('href="/member/pay/1405"' in page) is is_payable


def test_without_a_session_the_result_leads_to_the_receipts_check(visitor: FlaskClient, services: FakeServices) -> None:
    services.result = samples.payment_result("paid").model_copy(update={"receipt": samples.TASK})
    assert f'href="{CHECK}"' in visitor.get(f"/payment/result/{samples.ATTEMPT}").text


def test_finance_finds_the_receipts_at_the_account(signed_in: SignedIn) -> None:
    assert f'<a href="{CHECK}">رسید <bdi dir="ltr">۱۴۰۵-۰۰۰۰۱۷</bdi></a> (معتبر)' in (
        signed_in("finance-session").get("/desk/account/0012345").text
    )
