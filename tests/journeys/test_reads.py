"""Who has read a member's file: seen by the member in a real browser, by an auditor, and nobody reads without a trace."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from clients.admin.transport.http import HttpServer
from deploy import demonstration
from shared.contract.auth import commands as auth_commands
from shared.contract.auth import queries as auth_queries
from shared.contract.base import Message
from shared.contract.capacity import queries as capacity_queries
from shared.contract.operations import queries as operations_queries
from shared.contract.operations.answers import Read
from shared.contract.payment import queries as payment_queries
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import Employment, EmploymentStatus, JobKind, MemberClass
from shared.services import SERVICES
from shared.text import persian
from tests.demo import steps, users
from tests.demo.steps import Scenario
from tests.demo.users import Person
from tests.faults.load import row_of
from tests.journeys import browser_page, driver
from tests.support.servers import instance

MEMBERS, OFFICERS = "اعضای نظام مهندسی معدن", "مدیر پورتال و کارکنان سازمان"


@pytest.fixture
def pages(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[list[Page]]:
    """The manager's desk, the member's phone and the auditor's desk."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(browser_page.page(browser, browser_context_args, width=width, scripts=False))
            for width in (1280, 360, 1280)
        ]


def test_a_member_sees_who_has_opened_the_file_and_so_does_an_auditor(scenario: Scenario, pages: list[Page]) -> None:
    driver.until(scenario, steps.send_declaration)
    desk, phone, audit = pages
    number, chief = scenario.applicant.name, "مدیر نمایشی اصفهان"
    sign_in(phone, scenario.portal, MEMBERS, scenario.applicant)
    open_reads(phone)
    expect(phone.get_by_text(chief)).to_have_count(0)

    sign_in(desk, scenario.portal, OFFICERS, scenario.manager)
    desk.goto(f"{scenario.portal}/desk/{number}/{scenario.year}")
    says(desk, "خوداظهاری، نسخهٔ ۱")

    open_reads(phone)
    row = phone.get_by_role("row", name=chief).first
    for words in (
        "مدیر پورتال",
        "مشخصات در بانک اعضا",
        "درخواست تمدید",
        f"سال {persian.digits_to_persian(scenario.year)}",
    ):
        expect(row).to_contain_text(words)
    says(phone, "زمان‌ها به ده دقیقه گرد شده است")

    sign_in(audit, scenario.portal, OFFICERS, users.officer("auditor"))
    says(audit, "دسترسی‌ها به پروندهٔ اعضا")
    audit.get_by_label("شمارهٔ عضویت").fill(persian.digits_to_persian(number))
    audit.get_by_role("button", name="نمایش").click()
    expect(audit.get_by_role("row", name=chief).first).to_contain_text("درخواست تمدید")
    audit.get_by_label("شمارهٔ عضویت").fill("")
    audit.get_by_label("نام کاربری همکار").fill(scenario.manager.name)
    audit.get_by_role("button", name="نمایش").click()
    expect(audit.get_by_role("row", name=chief).first).to_be_visible()
    audit.get_by_label("شمارهٔ عضویت").fill(number)  # the manager has opened more files than a page names
    audit.get_by_role("button", name="نمایش").click()
    says(audit, persian.digits_to_persian(number))

    open_reads(phone)
    says(phone, "بازرس نمایشی دسترسی‌ها")
    says(phone, "همین فهرست دسترسی‌ها")


def test_no_query_reads_without_a_trace(scenario: Scenario, cluster: instance.Instance, admin: HttpServer) -> None:
    """By the JSON API, as each officer who may: each message that shows the member is on the member's list."""
    driver.until(scenario, steps.confirm)
    number, year = scenario.applicant.name, scenario.year
    here: dict[str, Any] = {"province": users.PROVINCE, "limit": 200}
    one: dict[str, Any] = {"member": number, "year": year}
    employment = Employment(status=EmploymentStatus.SELF_EMPLOYED)
    job: dict[str, Any] = {"kind": JobKind.MINE_TECHNICAL_MANAGER, "degree": 4}
    of_manager: list[Message[Any]] = [
        auth_queries.GetMember(member=number),
        auth_queries.GetMemberNames(members=(number,)),
        renewal_queries.GetRenewal(**one),
        renewal_queries.ListDesk(**here, status="approved"),
        payment_queries.GetInvoices(member=number),
        payment_queries.GetBalance(member=number),
        payment_queries.ListPayments(**here, status="confirmed"),
        payment_queries.EstimateFee(year=year, member_class=MemberClass.GRADE_2, member=number),
        capacity_queries.GetCapacity(**one),
        capacity_queries.ExplainCapacity(**one),
        capacity_queries.CountJobUnits(**one, employment=employment, jobs=()),
        capacity_queries.WhatIf(member=number, starts_on=persian.year_bounds(year)[1], **job),
    ]
    dry_run = auth_commands.ImportMembers(
        id=uuid4(), deadline=demonstration.deadline(), dry_run=True, rows=(row_of(scenario.applicant),)
    )
    with closing(demonstration.signed_in(cluster.portal, *vars(scenario.manager).values())) as manager:
        for message in of_manager:
            manager.call(message)
    admin.call(dry_run)
    by = {(read.officer, read.message) for read in reads_of(scenario)}
    wanted = {(scenario.manager.name, type(message).__name__) for message in of_manager} | {("admin", "ImportMembers")}
    assert wanted <= by


def test_a_whole_log_that_is_read_is_on_record_for_the_auditor(cluster: instance.Instance, admin: HttpServer) -> None:
    admin.call(operations_queries.ReadEvents(after=0, limit=1), service="bank")
    auditor = users.officer("auditor")
    with closing(demonstration.signed_in(cluster.portal, auditor.name, auditor.secret)) as server:
        found = server.call(operations_queries.ListReads(officer="admin"), service="bank").reads
    assert {(one.member, one.message) for one in found} == {("", "ReadEvents")}


def reads_of(scenario: Scenario) -> list[Read]:
    """All reads of the member, as the member gets them from each service."""
    query = operations_queries.ListReads(member=scenario.applicant.name, limit=200)
    with driver.api_client(scenario, scenario.members_browser) as server:
        return [read for service in SERVICES for read in server.call(query, service).reads]


def open_reads(page: Page) -> None:
    browser_page.open_menu(page).get_by_role("link", name="حساب", exact=True).click()
    page.get_by_role("link", name="چه کسی پروندهٔ مرا دیده است").click()
    says(page, "هر بار که یکی از کارکنان سازمان")


def sign_in(page: Page, portal: str, kind: str, person: Person) -> None:
    page.goto(f"{portal}/sign-in")
    page.get_by_label(kind).check()
    page.get_by_label("شماره عضویت", exact=True).fill(person.name)
    page.get_by_label("کد ملی یا گذرواژه").fill(person.secret)
    phrase = page.locator("#captcha-hint bdi").inner_text()
    page.get_by_label("آنچه می‌بینید یا می‌شنوید").fill(phrase)
    page.get_by_role("button", name="ورود", exact=True).last.click()


def says(page: Page, text: str) -> None:
    """The page shows these words, and nobody has to scroll sideways to read them."""
    expect(page.get_by_text(text).first).to_be_visible(timeout=browser_page.ANSWER_MS)
    assert not browser_page.is_too_wide(page), f"{page.url} is wider than the screen"
