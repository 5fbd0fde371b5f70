"""A declaration on a telephone whose connection is cut in the middle; then it is returned with two fields, which alone are corrected."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demo import expected, steps
from tests.demo.__main__ import SESSION_COOKIE
from tests.demo.event_logs import Logs
from tests.demo.steps import Scenario
from tests.journeys import browser_page, driver
from tests.journeys.test_in_a_browser import fill, go_on, says

SAVE_SECONDS = 20
NOTE = "نام شهر را کامل بنویسید"
FIELDS = "main :is(input:not([type=hidden]), select, textarea)"


@pytest.fixture
def phone(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with browser_page.page(browser, browser_context_args, width=360) as page:
        yield page


def test_a_declaration_survives_a_cut_connection_and_is_corrected_where_it_was_returned(
    phone: Page, scenario: Scenario, logs: Logs
) -> None:
    driver.until(scenario, steps.request)
    cookie = {"name": SESSION_COOKIE, "value": scenario.members_browser.cookie(SESSION_COOKIE), "url": scenario.portal}
    phone.context.add_cookies([cookie])  # type: ignore[list-item]
    contact_without_a_connection(phone, scenario)
    for answers in list(expected.by_topic(scenario.year).values())[1:]:
        if any(name.startswith("jobs.") for name in answers):
            phone.get_by_role("button", name="افزودن ردیف").click()
        fill(phone, answers)
        go_on(phone)
    send(phone)

    return_two_fields(scenario)
    correct(phone, scenario)
    scenario.managers_browser.go(f"/desk/{scenario.applicant.name}/{scenario.year}")
    scenario.managers_browser.must_say("نسخهٔ ۲", "کاشان")
    steps.approve(scenario)
    events = ["RenewalRequested", "DeclarationSubmitted", "RenewalReturned", "DeclarationSubmitted", "RenewalApproved"]
    logs.wait_for([*events, "InvoiceIssued"], scenario.applicant.name, driver.ANSWER_SECONDS)


def contact_without_a_connection(phone: Page, scenario: Scenario) -> None:
    """What is typed is saved every 20 seconds, stays on the page without a connection, and is saved once there is one."""
    contact = expected.by_topic(scenario.year)["چگونه با شما تماس بگیریم؟"]
    phone.clock.install()
    phone.goto(f"{scenario.portal}/member/declaration")
    status = phone.locator("[data-live=saved]")
    fill(phone, {"mobile": contact["mobile"]})
    phone.clock.fast_forward(SAVE_SECONDS * 1000)
    expect(status).to_contain_text("ذخیره شد")

    phone.context.set_offline(True)
    fill(phone, {"email": contact["email"]})
    phone.get_by_role("button", name="ذخیره و ادامه", exact=True).last.click()
    expect(status).to_contain_text("اکنون ذخیره نشد")
    expect(phone.locator("#email")).to_have_value(str(contact["email"]))
    phone.context.set_offline(False)
    expect(status).to_contain_text("ذخیره شد")

    elsewhere = scenario.members_browser
    elsewhere.go("/member/declaration/contact")
    typed = {one.name: one.value for form in elsewhere.page.forms for one in form.controls}
    assert {name: typed[name] for name in contact} == contact
    go_on(phone)
    says(phone, "گام ۲ از ۶")


def return_two_fields(scenario: Scenario) -> None:
    steps.open_desk(scenario)
    manager = scenario.managers_browser
    manager.go(f"/desk/{scenario.applicant.name}/{scenario.year}/return")
    fields: dict[str, str | bool] = {"field-city": True, "note-city": NOTE, "field-weekly_hours": True}
    manager.press("بازگرداندن برای اصلاح", fields)
    manager.must_say("برای اصلاح به عضو بازگردانده شد")


def correct(phone: Page, scenario: Scenario) -> None:
    """Only the two fields can be typed into, and the check shows only what has changed."""
    phone.goto(f"{scenario.portal}/member/renewal")
    says(phone, NOTE)
    phone.get_by_role("link", name="اصلاح خوداظهاری").click()
    says(phone, "گام ۱ از ۲")
    says(phone, NOTE)
    assert [one.get_attribute("name") for one in phone.locator(FIELDS).all()] == ["city"]
    fill(phone, {"city": "کاشان"})
    go_on(phone)
    says(phone, "گام ۲ از ۲")
    assert [one.get_attribute("name") for one in phone.locator(FIELDS).all()] == ["weekly_hours"]
    go_on(phone)
    says(phone, "پیش‌تر: اصفهان")
    expect(phone.locator("main .changed:visible")).to_have_count(1)
    send(phone)


def send(phone: Page) -> None:
    phone.get_by_role("checkbox", name="درستی همهٔ این اظهارات").check()
    phone.get_by_role("button", name="می‌پذیرم و ارسال می‌کنم").click()
    says(phone, "درخواست شما در کارتابل مدیر است")
