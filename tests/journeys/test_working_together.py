"""Two managers at one desk, in a real browser without scripts: claim, hand-over, a decision that came first, notes and the timeline."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy import demonstration
from shared.text import persian
from tests.demo import steps
from tests.demo.steps import Scenario
from tests.journeys import browser_page, driver
from tests.journeys.test_account_security import OFFICERS, says, sign_in

COLLEAGUE = "moaven"
COLLEAGUES_NAME = "معاون نمایشی اصفهان"
MANAGERS_NAME = "مدیر نمایشی اصفهان"
REASON = "تصویر قرارداد معدن خوانا نیست"
NOTE = "عضو ۱۲ آبان تلفنی توضیح داد"


@pytest.fixture
def browsers(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[list[Page]]:
    """The manager's, and the colleague's on a telephone."""
    with (
        browser_page.page(browser, browser_context_args, width=1280, scripts=False) as desk,
        browser_page.page(browser, browser_context_args, width=360, scripts=False) as phone,
    ):
        yield [desk, phone]


def test_two_managers_share_a_desk(browsers: list[Page], scenario: Scenario) -> None:
    desk, phone = browsers
    driver.until(scenario, steps.send_declaration)
    review = f"{scenario.portal}/desk/{scenario.applicant.name}/{scenario.year}"
    sign_in(desk, scenario.portal, OFFICERS, scenario.manager.name, scenario.manager.secret)
    sign_in(phone, scenario.portal, OFFICERS, COLLEAGUE, demonstration.password_of(COLLEAGUE))
    claim(desk, phone, scenario, review)
    write_a_note(desk, phone, review)
    hand_over(desk, phone, review)
    decide_both(desk, phone, review)


def claim(desk: Page, phone: Page, scenario: Scenario, review: str) -> None:
    desk.goto(review)
    says(desk, "در دست کسی نیست")
    desk.get_by_role("button", name="در دست بگیرید").dblclick()
    says(desk, "در دست شما")
    phone.goto(f"{scenario.portal}/desk?holder=nobody")
    expect(phone.get_by_text(persian.digits_to_persian(scenario.applicant.name))).to_have_count(0)
    phone.goto(review)
    says(phone, f"در دست {MANAGERS_NAME}")
    assert not browser_page.is_too_wide(phone)
    phone.get_by_role("button", name="تأیید", exact=True).click()
    says(phone, f"{MANAGERS_NAME} این درخواست را تا")
    expect(phone.get_by_role("button", name="با این حال تأیید")).to_be_visible()


def write_a_note(desk: Page, phone: Page, review: str) -> None:
    desk.get_by_text("گاه‌شمار پرونده").click()
    desk.get_by_label("یادداشت داخلی").fill(NOTE)
    desk.get_by_role("button", name="ثبت یادداشت").click()
    says(desk, "یادداشت داخلی ثبت شد.")
    phone.goto(review)
    phone.get_by_text("گاه‌شمار پرونده").click()
    expect(phone.get_by_text(NOTE)).to_be_visible()


def hand_over(desk: Page, phone: Page, review: str) -> None:
    desk.get_by_role("link", name="واگذاری به همکار…").click()
    desk.get_by_label("همکار").select_option(label=COLLEAGUES_NAME)
    desk.get_by_role("button", name="واگذاری").click()
    says(desk, f"در دست {COLLEAGUES_NAME}")
    phone.goto(review)
    says(phone, "در دست شما")
    phone.get_by_role("button", name="رها کنید").click()
    says(phone, "این درخواست دیگر در دست کسی نیست.")


def decide_both(desk: Page, phone: Page, review: str) -> None:
    """Both have the page of a return open; the second reads who was first, and has the own words to copy."""
    desk.goto(f"{review}/return")
    phone.goto(f"{review}/reject")
    phone.get_by_label("دلیل رد").fill("اشتغال تمام‌وقت در استان دیگر")
    phone.get_by_role("button", name="رد درخواست").click()
    desk.get_by_role("checkbox", name="شهر سکونت").check()
    desk.get_by_label("یادداشت برای شهر سکونت").fill("نام شهر را کامل بنویسید")
    desk.get_by_label("دلیل بازگرداندن").fill(REASON)
    desk.get_by_role("button", name="بازگرداندن برای اصلاح").click()
    says(desk, f"{COLLEAGUES_NAME} این درخواست را در")
    says(desk, "تصمیم شما ثبت نشد.")
    typed = desk.get_by_label("آنچه نوشته بودید (ثبت نشد)")
    assert sorted(one.input_value() for one in typed.all()) == sorted([REASON, "نام شهر را کامل بنویسید"])
    desk.go_back()
    says(desk, "تصمیم‌ها")
    desk.goto(review)
    desk.get_by_text("گاه‌شمار پرونده").click()
    for words in ("در دست گرفته شد", "به همکار واگذار شد", "رها شد", "درخواست رد شد"):
        expect(desk.locator(".timeline").get_by_text(words)).to_be_visible()
