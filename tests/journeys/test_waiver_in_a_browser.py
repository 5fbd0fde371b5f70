"""A manager waives a part of the fee with the approval, and another officer grants it, in a real browser without scripts."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.text import persian
from tests.demo import expected, steps, users
from tests.demo.event_logs import Logs
from tests.demo.steps import Scenario
from tests.demo.users import Person
from tests.journeys import browser_page, driver
from tests.journeys.test_account_security import MEMBERS, OFFICERS, says, sign_in

EVENTS_SECONDS = 20
WAIVED_RIALS = 2_000_000
REASON = "خسارت سیل در محل کار عضو"


@pytest.fixture
def browsers(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[list[Page]]:
    """The manager's, the second officer's and the member's."""
    with (
        browser_page.page(browser, browser_context_args, width=1280, scripts=False) as desk,
        browser_page.page(browser, browser_context_args, width=1280, scripts=False) as office,
        browser_page.page(browser, browser_context_args, width=360, scripts=False) as phone,
    ):
        yield [desk, office, phone]


def test_a_waiver_is_typed_with_the_approval_and_granted_by_another(
    browsers: list[Page], scenario: Scenario, logs: Logs
) -> None:
    desk, office, phone = browsers
    driver.until(scenario, steps.send_declaration)
    approve_with_a_waiver(desk, scenario)
    logs.wait_for(["RenewalApproved", "InvoiceIssued", "WriteOffRequested"], scenario.applicant.name, EVENTS_SECONDS)
    desk.goto(f"{scenario.portal}/desk/money")
    open_task(desk, scenario)
    says(desk, "این درخواست از خود شماست")

    grant(office, scenario, users.officer("treasury"))
    logs.wait_for(["WriteOffGranted"], scenario.applicant.name, EVENTS_SECONDS)
    sign_in(phone, scenario.portal, MEMBERS, scenario.applicant.name, scenario.applicant.secret)
    phone.goto(f"{scenario.portal}/member/pay/{scenario.year}")
    says(phone, f"{persian.format_number(expected.due(scenario.year).amount_rials - WAIVED_RIALS)} ریال")


def approve_with_a_waiver(desk: Page, scenario: Scenario) -> None:
    """At first without a reason: the page says so and keeps the amount."""
    amount = f"بخشودگی سال {persian.digits_to_persian(scenario.year)} به ریال"
    sign_in(desk, scenario.portal, OFFICERS, scenario.manager.name, scenario.manager.secret)
    desk.goto(f"{scenario.portal}/desk/{scenario.applicant.name}/{scenario.year}")
    desk.get_by_text("تأیید با بخشودن بخشی از بدهی").click()
    desk.get_by_label(amount).fill(users.typed("2,000,000"))
    desk.get_by_role("button", name="تأیید با بخشودگی").click()
    desk.get_by_role("alert").get_by_role("link", name="دلیل را در دست‌کم ۱۰ نویسه بنویسید.").click()
    expect(desk.get_by_label(amount)).to_have_value(users.typed("2,000,000"))
    desk.get_by_label("دلیل بخشودگی").fill(REASON)
    assert not browser_page.is_too_wide(desk)
    desk.get_by_role("button", name="تأیید با بخشودگی").click()
    says(desk, "بخشودگی در کارهای مالی در انتظار همکار دومی است")


def grant(office: Page, scenario: Scenario, officer: Person) -> None:
    sign_in(office, scenario.portal, OFFICERS, officer.name, officer.secret)
    office.goto(f"{scenario.portal}/desk/money")
    open_task(office, scenario)
    says(office, REASON)
    office.get_by_role("button", name="تأیید", exact=True).click()
    says(office, "چشم‌پوشی از بدهی تأیید و در حساب عضو ثبت شد.")


def open_task(page: Page, scenario: Scenario) -> None:
    page.get_by_role("row", name=users.typed(scenario.applicant.name)).get_by_role("link").click()
