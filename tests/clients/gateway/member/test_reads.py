"""Who has read a member's rows: merged from all services, in words, for the member and for auditors."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from shared.contract.operations import queries
from shared.contract.operations.answers import Read
from shared.contract.refusals import Reason
from shared.contract.values import Role
from tests.clients.gateway import samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

PAGE, AUDIT = "/member/reads", "/desk/reads"


def read(message: str, minutes_ago: int = 0, officer: str = "maryam", year: int | None = None, **more: object) -> Read:
    about = {"member": samples.MEMBER, "year": year, "officer": officer, "roles": (Role.MANAGER,)}
    return Read.model_validate(
        {**about, "message": message, "at": samples.NOW - timedelta(minutes=minutes_ago), **more}
    )


@pytest.fixture
def member(signed_in: SignedIn) -> FlaskClient:
    return signed_in("member-session")


@pytest.fixture
def auditor(signed_in: SignedIn) -> FlaskClient:
    return signed_in("auditor-session")


def rows(page: str) -> list[str]:
    """The words of each row of the table."""
    found = re.findall(r"<tr role=\"row\">\s*<th scope=\"row\".*?</tr>", page, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", one)).strip() for one in found]


def test_a_member_whom_nobody_has_read_is_told_so(member: FlaskClient) -> None:
    assert "تاکنون کسی از کارکنان سازمان پروندهٔ شما را ندیده است" in member.get(PAGE).text


def test_reads_of_all_services_are_one_list_the_newest_first(member: FlaskClient, services: FakeServices) -> None:
    services.reads = {
        "auth": [read("GetMember"), read("GetMemberNames", 60)],
        "renewal": [read("GetRenewal", year=1405)],
        "payment": [read("GetInvoices", 30, "reza", roles=(Role.FINANCE, Role.TREASURY))],
    }
    first, second, third = rows(member.get(PAGE).text)
    assert first.startswith("مریم تهرانی مدیر پورتال مشخصات در بانک اعضا؛ درخواست تمدید سال ۱۴۰۵")
    assert second.startswith("رضا کاشانی امور مالی، خزانه‌داری صورت‌حساب‌ها و پرداخت‌ها")
    assert third.startswith("مریم تهرانی مدیر پورتال نام، در فهرستی از اعضا")
    assert {one.member for one in services.sent(queries.ListReads)} == {samples.MEMBER}


def test_what_only_a_newer_service_knows_is_shown_by_its_name(member: FlaskClient, services: FakeServices) -> None:
    services.reads = {"auth": [read("GetSomethingNew")]}
    assert "GetSomethingNew" in rows(member.get(PAGE).text)[0]


def test_a_list_that_is_not_whole_says_so(member: FlaskClient, services: FakeServices) -> None:
    services.reads = {"auth": [read("GetMember")]}
    assert "کامل نیست" not in member.get(PAGE).text
    services.silent = "payment"
    page = member.get(PAGE).text
    assert len(rows(page)) == 1
    assert "این فهرست اکنون کامل نیست" in page


def test_long_lists_have_pages_without_a_gap(member: FlaskClient, services: FakeServices) -> None:
    services.reads = {
        "auth": [read("GetMember", 20 * number) for number in range(130)],
        "capacity": [read("GetCapacity", 20 * number + 10) for number in range(130)],
    }
    pages = [rows(member.get(f"{PAGE}?start={start}").text) for start in range(0, 300, 50)]
    assert [len(page) for page in pages] == [50, 50, 50, 50, 50, 10]
    assert len({row for page in pages for row in page}) == 260
    assert f'href="{PAGE}?start=100"' in member.get(f"{PAGE}?start=50").text
    assert member.get(f"{PAGE}?start=5001").status_code == 400


def test_an_officer_has_no_such_page_and_a_member_no_auditors(signed_in: SignedIn, services: FakeServices) -> None:
    assert signed_in("manager-session").get(PAGE).status_code == 403
    for session in ("member-session", "manager-session", "finance-session", "admin-session"):
        assert signed_in(session).get(f"{AUDIT}?officer=maryam").status_code == 403
    assert services.sent(queries.ListReads) == []


def test_the_account_leads_to_the_list(member: FlaskClient, signed_in: SignedIn) -> None:
    assert f'href="{PAGE}"' in member.get("/member/account").text
    assert PAGE not in signed_in("finance-session").get("/desk/account/0012345").text


def test_an_auditor_begins_with_a_form_and_asks_by_member_or_officer(
    auditor: FlaskClient, services: FakeServices
) -> None:
    assert auditor.get("/desk").headers["Location"] == AUDIT
    assert "شمارهٔ عضویت، نام کاربری همکار یا هر دو را بنویسید" in auditor.get(AUDIT).text
    assert services.sent(queries.ListReads) == []
    services.reads = {"auth": [read("GetMember"), read("ReadEvents", member="")]}
    of_log, of_member = rows(auditor.get(f"{AUDIT}?member=۰۰۱۲۳۴۵&officer=maryam").text)
    assert "۰۰۱۲۳۴۵" in of_member
    assert "همهٔ اعضا دفتر رویدادهای سامانه" in of_log
    called = {(one.member, one.officer) for one in services.sent(queries.ListReads)}
    assert called == {(samples.MEMBER, "maryam")}


@pytest.mark.parametrize("typed", ["member=12x", "officer=مریم", "member=1&officer=maryam"])
def test_what_can_be_no_number_or_name_is_not_asked(auditor: FlaskClient, services: FakeServices, typed: str) -> None:
    page = auditor.get(f"{AUDIT}?{typed}")
    assert (page.status_code, "شمارهٔ عضویت یا نام کاربری درست نیست" in page.text) == (200, True)
    assert services.sent(queries.ListReads) == []


def test_an_auditor_of_elsewhere_is_refused(auditor: FlaskClient, services: FakeServices) -> None:
    services.refuse(queries.ListReads, Reason.NOT_ALLOWED)
    assert auditor.get(f"{AUDIT}?member=0012345").status_code == 403
