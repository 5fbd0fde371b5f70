"""A member proves the declared number by the code that came to the phone, reads a message, and a manager sees that it arrived; without scripts, on a telephone."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demo import steps, users
from tests.demo.event_logs import until
from tests.demo.steps import Scenario
from tests.journeys import browser_page, driver
from tests.journeys.test_account_security import MEMBERS, OFFICERS, says, sign_in
from tests.support.servers import instance

NUMBER = "09131234567"
PATIENCE_SECONDS = 30


@pytest.fixture
def telephone(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with browser_page.page(browser, browser_context_args, width=360, scripts=False) as page:
        yield page


@pytest.fixture
def desk(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with browser_page.page(browser, browser_context_args, width=1280) as page:
        yield page


def test_a_member_is_told_by_a_number_that_a_code_has_proved(
    telephone: Page, desk: Page, scenario: Scenario, cluster: instance.Instance
) -> None:
    driver.until(scenario, steps.send_declaration)
    sign_in(telephone, scenario.portal, MEMBERS, scenario.applicant.name, scenario.applicant.secret)
    says(telephone, "برای اینکه از نتیجه باخبر شوید")
    until(lambda: has_count(telephone), PATIENCE_SECONDS, "the message that the declaration came is not in the inbox")

    telephone.goto(f"{scenario.portal}/member/renewal")
    telephone.get_by_role("button", name="فرستادن کد").first.dblclick()
    says(telephone, "کد شش‌رقمی را بنویسید")
    code = until(lambda: newest_code(cluster.phone), PATIENCE_SECONDS, "no code came to the phone")
    type_code(telephone, "۰۰۰۰۰۰" if code != "000000" else "۱۱۱۱۱۱")
    says(telephone, "این کد درست نیست")
    type_code(telephone, users.typed(code))
    says(telephone, "درست بود")
    assert telephone.url == f"{scenario.portal}/member/renewal"
    choose_any_hour(telephone, scenario.portal)

    telephone.goto(f"{scenario.portal}/messages")
    says(telephone, "درخواست تمدید شما رسید")
    says(telephone, "ورود از دستگاهی تازه")  # the declaration was sent from another one
    telephone.get_by_role("button", name=re.compile("^خواندم")).first.dblclick()
    says(telephone, "پیام خوانده شد")
    telephone.get_by_role("button", name=re.compile("^خواندم")).first.click()
    says(telephone, "پیام خوانده شد")
    expect(telephone.locator(".top-messages .count")).to_have_count(0)

    steps.open_desk(scenario)
    steps.approve(scenario)
    until(lambda: is_texted(cluster.phone), PATIENCE_SECONDS, "the approval did not come to the phone")
    sign_in(desk, scenario.portal, OFFICERS, scenario.manager.name, scenario.manager.secret)
    review = f"{scenario.portal}/desk/{scenario.applicant.name}/{scenario.year}"
    until(lambda: has_arrived(desk, review), PATIENCE_SECONDS, "the review does not show that it arrived")
    remove_number(telephone, scenario, cluster.phone)


def choose_any_hour(page: Page, portal: str) -> None:
    """By the proved number; no hour is quiet, at whichever this runs."""
    page.goto(f"{portal}/messages/ways/sms/code")
    says(page, "آماده")
    page.goto(f"{portal}/messages/ways")
    for hour in ("quiet_from", "quiet_to"):
        page.locator(f"[name={hour}]").select_option("00:00")
    page.get_by_role("button", name="ثبت انتخاب").click()
    says(page, "انتخاب شما ثبت شد")


def remove_number(page: Page, scenario: Scenario, phone: str) -> None:
    """After the password, for whoever has the open session alone takes no number away; the number is told."""
    page.goto(f"{scenario.portal}/messages/ways/sms/remove")
    page.get_by_role("button", name="برداشتن تلفن همراه").dblclick()
    says(page, "تأیید با گذرواژه")
    page.get_by_label("گذرواژه").fill(users.typed(scenario.applicant.secret))
    page.get_by_role("button", name="تأیید", exact=True).click()
    page.get_by_role("button", name="ادامه").click()
    says(page, "برداشته شد")
    until(lambda: is_left(phone), PATIENCE_SECONDS, "the number was not told that messages go there no more")
    page.goto(f"{scenario.portal}/sessions")
    says(page, "تغییر نشانی پیام‌ها")


def type_code(page: Page, code: str) -> None:
    page.get_by_label("کد شش‌رقمی").fill(code)
    page.get_by_role("button", name="ثبت کد").click()


def has_count(page: Page) -> bool:
    """Whether the inbox has something new."""
    page.goto(page.url.partition("/member")[0] + "/messages" if "/member" in page.url else page.url)
    return page.locator(".top-messages .count").count() == 1


def has_arrived(page: Page, review: str) -> bool:
    page.goto(review)
    page.locator("#notices summary").click()
    return page.get_by_text("به ۰۹۱۳•••۴۵۶۷: رسید").count() > 0


def texts(phone: str) -> list[str]:
    """The messages of the declared number, the newest first."""
    return [one["text"] for one in httpx.get(f"{phone}/messages", params={"to": NUMBER}).json()]


def newest_code(phone: str) -> str:
    codes = [code for text in texts(phone) if (code := re.search(r"^\d{6}$", text, re.MULTILINE))]
    return codes[0][0] if codes else ""


def is_left(phone: str) -> bool:
    return any("دیگر به این شماره نمی‌آید" in text for text in texts(phone))


def is_texted(phone: str) -> bool:
    return any("تأیید شد" in text for text in texts(phone))
