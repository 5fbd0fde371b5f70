"""A bank statement that overlaps or corrects others, as a treasurer sees it before it counts."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.contract.payment import commands, finance_answers
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices
from tests.clients.gateway.finance.test_daily_reconciliation import HEADER, PAGE, ROWS, upload

DIGEST, WRONG = "b" * 64, "a" * 64
CHANGE = finance_answers.StatementChange(
    kind="changed",
    authority="A01",
    bank_reference="201",
    before_rials=900_000,
    after_rials=9_000_000,
    before_on=date(2026, 10, 7),
    after_on=date(2026, 10, 7),
)


@pytest.fixture
def treasurer(signed_in: SignedIn) -> FlaskClient:
    return signed_in("treasurer-session")


def difference(**more: Any) -> finance_answers.StatementDifference:
    counts = dict.fromkeys(("same", "added", "changed", "given_back", "gone"), 0)
    return finance_answers.StatementDifference.model_validate({**counts, "before_rials": 0, "after_rials": 0, **more})


def correction(opened_by: str, **more: Any) -> finance_answers.Statement:
    changed = difference(
        changed=1, before_rials=900_000, after_rials=9_000_000, changes=(CHANGE,), reopens=(date(2026, 10, 7),)
    )
    about = {"statement": DIGEST, "lines": 3, "lines_here": 3, "total_rials": 9_000_000, "is_correction": True}
    said = {"status": "open", "opened_by": opened_by, "opened_at": samples.NOW, "difference": changed}
    return finance_answers.Statement.model_validate({**about, **said, **more})


def test_whoever_brought_a_correction_sees_what_it_changes_and_that_a_colleague_counts_it(
    treasurer: FlaskClient, services: FakeServices
) -> None:
    services.statement = correction("officer:reza")
    page = upload(treasurer, "\n".join((HEADER, *ROWS))).text
    for said in ("تغییر می‌کند", "۹۰۰٬۰۰۰ ریال", "۹٬۰۰۰٬۰۰۰ ریال", "دوباره باز می‌شود", "همکار دیگری از امور مالی"):
        assert said in page
    assert "به حساب بیاید</button>" not in page


def test_a_colleague_finds_the_correction_and_counts_it(treasurer: FlaskClient, services: FakeServices) -> None:
    services.statement = correction("officer:khazanedar", opened_at=samples.NOW)
    services.statements = (services.statement,)
    assert f"{PAGE}/file/{DIGEST}" in treasurer.get(PAGE).text
    page = treasurer.get(f"{PAGE}/file/{DIGEST}").text
    assert "اصلاح صورت‌حساب: تفاوت‌ها را ببینید" in page
    answer = treasurer.post(f"{PAGE}/count", data=pages.hidden(page))
    assert answer.status_code == 303
    counted = services.sent(commands.CountStatement)
    assert [(call.statement, call.opened_at) for call in counted] == [(DIGEST, samples.NOW)], "as it was seen"


def test_a_file_says_which_one_it_corrects(treasurer: FlaskClient, services: FakeServices) -> None:
    counted = {"statement": WRONG, "status": "counted", "counted_at": samples.NOW, "difference": None}
    services.statements = (correction("officer:reza", **counted),)
    assert f'<option value="{WRONG}"' in treasurer.get(PAGE).text
    upload(treasurer, "\n".join((HEADER, *ROWS)), corrects=WRONG)
    assert [call.corrects for call in services.sent(commands.OpenStatement)] == [WRONG]


def test_lines_that_count_already_are_shown_as_counted(treasurer: FlaskClient, services: FakeServices) -> None:
    services.statement = correction("officer:reza", is_correction=False, difference=difference(same=2, added=1))
    assert "۲ پرداخت این فایل پیش‌تر با فایل دیگری به حساب آمده است" in upload(treasurer, f"{HEADER}\n{ROWS[0]}").text
    services.statement = correction("officer:reza", is_correction=False, difference=difference(same=3))
    assert "همهٔ پرداخت‌های این فایل پیش‌تر به حساب آمده‌اند" in upload(treasurer, f"{HEADER}\n{ROWS[0]}").text


def test_a_day_that_was_opened_again_says_so_and_can_be_closed(treasurer: FlaskClient, services: FakeServices) -> None:
    services.bank_day = samples.bank_day(reopened_by="officer:khazanedar", reopened_at=samples.NOW)
    page = treasurer.get(f"{PAGE}?on=1405/01/15").text
    assert "با اصلاح صورت‌حساب" in page
    assert "بستن روز</button>" in page


def test_a_corrected_file_names_the_one_that_counts_instead(treasurer: FlaskClient, services: FakeServices) -> None:
    counted = {"statement": WRONG, "status": "counted", "counted_at": samples.NOW, "counted_by": "officer:reza"}
    services.statement = correction("officer:reza", **counted, corrected_by=DIGEST, difference=None)
    page = treasurer.get(f"{PAGE}/file/{WRONG}").text
    assert "این فایل به حساب آمده است" in page
    assert f"{PAGE}/file/{DIGEST}" in page


@pytest.mark.parametrize("address", [f"{PAGE}/file/{'x' * 64}", f"{PAGE}/file/1"])
def test_an_address_of_no_file_is_refused(treasurer: FlaskClient, address: str) -> None:
    assert treasurer.get(address).status_code in {400, 404, 422}


def test_only_finance_sees_a_file(manager: FlaskClient) -> None:
    assert manager.get(f"{PAGE}/file/{DIGEST}").status_code == 403
