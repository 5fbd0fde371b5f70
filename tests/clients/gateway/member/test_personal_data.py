"""A member's own data: what is held and how long on a page, all of it as JSON and as PDF, in no cache, and never a part of it."""

import json
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from clients.gateway.member import personal_data_pdf
from shared.contract.operations.answers import PersonalRows
from shared.contract.operations.queries import GetPersonalData
from shared.contract.refusals import Reason
from tests.clients.gateway import samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

NAMES = {"account": f"member:{samples.MEMBER}", "first_name": "آذرخش", "last_name": "سنگ‌افروز"}
FORM = {"mobile": "09131234567", "address": "خیابان چهارباغ بالا، پلاک ۱۲", "jobs": [{"title": "معدن سنگ لاشه"}]}
DECLARATION = {"member": samples.MEMBER, "year": 1405, "submitted_at": "2026-10-07T11:00:00+00:00", "form": FORM}


@pytest.fixture
def member(signed_in: SignedIn, services: FakeServices) -> FlaskClient:
    services.held = {
        "auth": [PersonalRows(kind="persons", rows=(NAMES,), total=1)],
        "renewal": [PersonalRows(kind="declarations", rows=(DECLARATION,), total=1)],
    }
    return signed_in("member-session")


def test_the_page_says_what_is_held_how_long_and_how_to_have_it_erased(member: FlaskClient) -> None:
    page = member.get("/member/data")
    assert all(text in page.text for text in ("نام و کد ملی: ۱", "خوداظهاری‌ها: ۱، تا ۳۶۵۰ روز"))
    assert "دو راهبر سامانه آن را تأیید می‌کنند" in page.text
    assert "داده‌های من" in member.get("/member/account").text


def test_the_json_file_has_all_of_it_by_service(member: FlaskClient) -> None:
    answer = member.get("/member/data.json")
    content = json.loads(answer.data)
    assert content["member"] == samples.MEMBER
    assert content["held"]["auth"] == [{"kind": "persons", "rows": [NAMES], "total": 1}]
    assert content["held"]["renewal"][0]["rows"][0]["form"] == FORM
    assert "آذرخش" in answer.text, "readable as it is"


@pytest.mark.parametrize("ending", ["json", "pdf"])
def test_a_file_is_an_attachment_and_stays_in_no_cache(member: FlaskClient, ending: str) -> None:
    headers = member.get(f"/member/data.{ending}").headers
    assert headers["Content-Disposition"] == f'attachment; filename="tamdid-my-data.{ending}"'
    assert headers["Cache-Control"] == "no-store"


def test_the_pdf_has_its_font_in_it(member: FlaskClient) -> None:
    answer = member.get("/member/data.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert b"Vazirmatn" in answer.data
    assert b"/FontFile2" in answer.data


@pytest.mark.parametrize("path", ["/member/data", "/member/data.json", "/member/data.pdf"])
def test_a_part_is_never_shown_as_all(member: FlaskClient, services: FakeServices, path: str) -> None:
    services.silent = "payment"
    answer = member.get(path)
    assert answer.status_code == 503
    assert "آذرخش" not in answer.text


@pytest.mark.parametrize("path", ["/member/data.json", "/member/data.pdf"])
def test_a_fresh_code_comes_first_where_there_is_a_second_factor(
    member: FlaskClient, services: FakeServices, path: str
) -> None:
    services.refuse(GetPersonalData, Reason.CODE_NEEDED)
    page = member.get(path)
    assert "رمز یک‌بارمصرف" in page.text
    assert f'value="{path}"' in page.text, "where it goes on"


@pytest.mark.parametrize("path", ["/member/data", "/member/data.json", "/member/data.pdf"])
def test_officers_have_no_such_page(signed_in: SignedIn, path: str) -> None:
    assert signed_in("manager-session").get(path).status_code == 403


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("submitted_at", "2026-10-07T11:00:00+00:00", "۱۴۰۵/۰۷/۱۵، ۱۴:۳۰"),
        ("starts_on", "2026-10-07", "۱۴۰۵/۰۷/۱۵"),
        ("amount_rials", 9_000_000, "۹٬۰۰۰٬۰۰۰"),
        ("year", 1405, "۱۴۰۵"),
        ("is_on", True, "بله"),
        ("province", "isfahan", "اصفهان"),
        ("employer", "معادن سنگ سپاهان", "معادن سنگ سپاهان"),
        ("cadastre_code", "12-3456", "\u206612-3456\u2069"),
    ],
)
def test_values_are_written_for_a_reader(name: str, value: object, shown: str) -> None:
    assert personal_data_pdf.shown(name, value) == shown


def test_a_row_is_written_value_by_value_without_the_number_of_the_member() -> None:
    assert list(personal_data_pdf.flattened(DECLARATION)) == [
        ("year", 1405),
        ("submitted_at", "2026-10-07T11:00:00+00:00"),
        ("mobile", "09131234567"),
        ("address", "خیابان چهارباغ بالا، پلاک ۱۲"),
        ("title", "معدن سنگ لاشه"),
    ]


def test_a_long_list_is_cut_with_its_number() -> None:
    rows = [{"year": 1405}] * (personal_data_pdf.ROWS_MAX + 1)
    assert personal_data_pdf.heading({"kind": "invoices", "rows": rows, "total": 1200}) == "صورت‌حساب‌ها (۱۰۰ از ۱٬۲۰۰)"
    short = personal_data_pdf.render(
        samples.MEMBER, datetime.now(UTC), [{"kind": "invoices", "rows": rows, "total": 1}]
    )
    assert short.startswith(b"%PDF-")
