import pytest
from flask.testing import FlaskClient

from shared.contract.values import InvoiceLine, MemberClass
from tests.clients.gateway import samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices
from tests.support.pdf_text import pdf_text

FILE = "/member/receipt/1405.pdf"
LINES = (
    InvoiceLine(year=1404, member_class=MemberClass.GRADE_2, amount_rials=7_500_000),
    InvoiceLine(year=1405, member_class=MemberClass.GRADE_2, amount_rials=9_000_000),
)


@pytest.fixture(autouse=True)
def paid(services: FakeServices) -> None:
    receipt = samples.receipt(amount_rials=16_500_000)
    services.invoices = (samples.invoice("confirmed", lines=LINES, amount_rials=16_500_000, receipts=(receipt,)),)


def text(member: FlaskClient) -> str:
    answer = member.get(FILE)
    assert answer.mimetype == "application/pdf"
    return pdf_text(answer.data)


def test_the_file_reads_as_the_page_does(member: FlaskClient) -> None:
    found = text(member)
    for line in (
        "سازمان نظام مهندسی معدن استان اصفهان",
        "رسید پرداخت حق عضویت سال ۱۴۰۵",
        "۱۴۰۵-۰۰۰۰۱۷ استان اصفهان",
        "زهرا صفوی",
        "۰۰۱۲۳۴۵",
        "۱۰۰۲۰۰۳۰۰",
        "۱۶٬۵۰۰٬۰۰۰ ریال",
        "شانزده میلیون و پانصد هزار ریال",
        "یک میلیون و ششصد و پنجاه هزار تومان",
        "۷٬۵۰۰٬۰۰۰ ریال",
        f"/receipt/{samples.TASK}",
        "مهر سازمان",
    ):
        assert line in found, line
    assert "برگشت" not in found


def test_a_receipt_that_went_back_says_so(member: FlaskClient, services: FakeServices) -> None:
    receipt = samples.receipt(reversed_at=samples.NOW)
    services.invoices = (samples.invoice("open", receipts=(receipt,)),)
    found = text(member)
    assert "برگشتخورده" in found.replace("\u200c", "")
    assert "این رسید دیگر معتبر نیست" in found


def test_the_file_is_stored_by_the_browser_and_by_no_cache(member: FlaskClient) -> None:
    headers = member.get(FILE).headers
    assert headers["Content-Disposition"] == 'attachment; filename="tamdid-receipt-1405.pdf"'
    assert headers["Cache-Control"] == "no-store"
    assert f'href="{FILE}"' in member.get("/member/receipt/1405").text


def test_without_a_receipt_there_is_no_file(member: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("open"),)
    assert member.get(FILE).status_code == 404


def test_officers_have_no_such_file(signed_in: SignedIn) -> None:
    assert signed_in("manager-session").get(FILE).status_code == 403
