"""Files of lists: the same filters and rights as the page, all rows of it, formulas escaped, numbers as numbers."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clients.gateway.member.reads import OF_MEMBER
from clients.gateway.review.desk_export import HEADINGS
from shared.contract.auth import queries as auth_queries
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason
from shared.contract.renewal import answers
from shared.contract.renewal import queries as renewal_queries
from tests.clients.gateway import samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices
from tests.clients.gateway.member.test_reads import read

LISTS = [
    ("manager-session", "/desk", "desk"),
    ("manager-session", "/desk?q=x", "found"),
    ("manager-session", "/desk/payments?status=open", "payments"),
    ("manager-session", "/desk/money", "tasks"),
    ("manager-session", "/desk/money?list=alerts", "alerts"),
    ("manager-session", "/desk/capacity", "over-use"),
    ("manager-session", "/desk/capacity?list=shares", "shares"),
    ("manager-session", "/desk/capacity?list=mines", "mines"),
    ("manager-session", "/desk/0012345/1405/capacity", "capacity"),
    ("manager-session", "/desk/account/0012345", "ledger-0012345"),
    ("manager-session", "/desk/account/0012345?list=debts", "debts"),
    ("manager-session", "/desk/account/0012345?list=invoices", "invoices"),
    ("manager-session", "/desk/calendar", "calendar"),
    ("manager-session", "/desk/undelivered?kind=approved", "undelivered"),
    ("manager-session", "/desk/overview", "queue"),
    ("manager-session", "/desk/overview?list=money", "money"),
    ("treasurer-session", "/desk/statement", "differences"),
    ("treasurer-session", f"/desk/statement/file/{'a' * 64}", "statement"),
    ("admin-session", "/desk/officers", "officers"),
    ("auditor-session", "/desk/reads?member=0012345", "reads"),
    ("member-session", "/member/account", "ledger-0012345"),
    ("member-session", "/member/reads", "reads"),
    ("member-session", "/member/capacity/1405", "capacity"),
]
"""Every list that a page shows, with who may see it and the name of its files."""


@pytest.fixture(autouse=True)
def in_the_middle(services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")
    services.desk = (services.renewal,)
    services.invoices = (samples.invoice("open"),)
    services.capacity = samples.capacity()
    services.over_use = (samples.capacity(),)
    services.mines = (samples.contested_mine(),)
    services.tasks = (samples.task("held"),)
    services.sent_notices = (samples.sent_notice({"cause": "blocked"}),)


def table(response: TestResponse) -> list[list[str]]:
    assert response.status_code == 200
    assert response.mimetype == "text/csv"
    assert response.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


def sheet(response: TestResponse) -> Any:
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.data)).active


@pytest.mark.parametrize(("session", "path", "name"), LISTS)
def test_each_list_is_there_as_both_kinds_of_file(signed_in: SignedIn, session: str, path: str, name: str) -> None:
    client, sign = signed_in(session), "&" if "?" in path else "?"
    rows = table(client.get(f"{path}{sign}as=csv"))
    response = client.get(f"{path}{sign}as=xlsx")
    found = sheet(response)
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="{name}-1')
    assert response.headers["Cache-Control"] == "no-store"
    assert found.sheet_view.rightToLeft
    assert [cell.value for cell in found[1]] == rows[0]
    assert found.max_row == len(rows)
    assert len({len(row) for row in rows}) == 1


def test_each_page_links_to_its_files(manager: FlaskClient) -> None:
    page = manager.get("/desk?province=yazd&flag=none&start=0").text
    assert 'href="/desk?province=yazd&amp;flag=none&amp;list=&amp;as=csv"' in page
    page = manager.get("/desk/capacity").text
    assert all(f"list={name}&amp;as=xlsx" in page for name in ("over-use", "shares", "mines"))


def test_all_rows_of_the_filters_are_in_it_and_not_the_page_alone(manager: FlaskClient, services: FakeServices) -> None:
    services.desk = tuple(samples.renewal("submitted", member=f"{n:07}") for n in range(450))
    rows = table(manager.get("/desk?province=yazd&flag=none&start=50&as=csv"))
    assert [row[0] for row in rows[1:]] == [f"{n:07}" for n in range(450)]
    sent = services.sent(renewal_queries.ListDesk)
    assert {(one.province, one.flag, one.limit) for one in sent} == {("yazd", "none", 200)}
    assert [one.offset for one in sent] == [0, 200, 400]


def test_a_row_has_codes_as_text_and_numbers_as_numbers(manager: FlaskClient, services: FakeServices) -> None:
    notes = answers.DeskNotes(
        change="changed", changed_parts=("jobs",), debt_years=2, flags=("licence_ends",), minutes_left=-61
    )
    services.desk = (samples.renewal("submitted", desk=notes),)
    row = dict(zip(HEADINGS, (cell.value for cell in sheet(manager.get("/desk?as=xlsx"))[2]), strict=True))
    assert row["شمارهٔ عضویت"] == "0012345"
    assert (row["سال"], row["سال پرداخت‌نشده"], row["دقیقهٔ کاری مانده"]) == (1405, 2, -61)
    assert (row["نسبت به پیشین"], row["نشانه‌ها"]) == ("تغییرکرده", "پروانه رو به پایان")


def test_what_would_be_a_formula_is_text(manager: FlaskClient, services: FakeServices) -> None:
    services.card = services.card.model_copy(update={"first_name": "=HYPERLINK(1)", "last_name": "x"})
    assert table(manager.get("/desk?as=csv"))[1][1] == "'=HYPERLINK(1) x"
    cell = sheet(manager.get("/desk?as=xlsx"))["B2"]
    assert (cell.value, cell.data_type) == ("'=HYPERLINK(1) x", "s")


@pytest.mark.parametrize("session", ["member-session", "finance-session", "auditor-session", "admin-session"])
def test_who_may_not_see_the_list_gets_no_file(signed_in: SignedIn, services: FakeServices, session: str) -> None:
    response = signed_in(session).get("/desk?as=csv")
    assert response.status_code in (303, 403)
    assert not services.sent(renewal_queries.ListDesk)


def test_a_province_of_others_is_not_in_it(manager: FlaskClient, services: FakeServices) -> None:
    manager.get("/desk/payments?province=fars&as=csv")
    assert {one.province for one in services.sent(payment_queries.ListPayments)} == {"isfahan"}


def test_a_refusal_is_a_page_and_no_half_file(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(renewal_queries.ListDesk, Reason.NO_ANSWER)
    response = manager.get("/desk?as=csv")
    assert response.status_code == 503
    assert response.mimetype == "text/html"


def test_every_row_that_is_exported_is_read_by_the_officers_own_passport(
    manager: FlaskClient, services: FakeServices
) -> None:
    """So each service records the read of each member, as for a page."""
    manager.get("/desk?as=csv")
    assert services.passport_of(renewal_queries.ListDesk) == "passport of manager-session"
    assert services.passport_of(auth_queries.GetMemberNames) == "passport of manager-session"


def test_another_kind_of_file_is_the_page(manager: FlaskClient) -> None:
    assert "<h1>کارتابل</h1>" in manager.get("/desk?as=exe").text


def test_no_other_list_is_taken_for_one_that_is_not_there_now(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(payment_queries.GetMoneyOverview, Reason.NO_ANSWER)
    assert manager.get("/desk/overview?as=csv").status_code == 200
    assert manager.get("/desk/overview?list=money&as=csv").status_code == 503


def test_the_name_by_which_an_officer_signs_in_is_for_auditors_alone(
    signed_in: SignedIn, services: FakeServices
) -> None:
    services.reads = {"auth": [read("GetMember"), read("GetMember", 60, "gone")]}
    of_member = table(signed_in("member-session").get("/member/reads?as=csv"))
    assert of_member[0] == list(OF_MEMBER)
    assert [row[1] for row in of_member[1:]] == ["مریم تهرانی", "gone"]  # as on the page, where no name is known
    assert "maryam" not in str(of_member)
    assert table(signed_in("auditor-session").get("/desk/reads?member=0012345&as=csv"))[1][5:] == ["maryam", "0012345"]
