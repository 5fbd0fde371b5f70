"""Where the first sign-in needs a code of the office, in a browser without scripts: a manager prints it, the member sets a password with it."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy import demonstration
from tests.demo import users
from tests.journeys import browser_page
from tests.support.servers import instance

PASSWORD = "koohe-alvand-1405"
KINDS = {"member": "اعضای نظام مهندسی معدن", "officer": "مدیر پورتال و کارکنان سازمان"}


@pytest.fixture
def strict() -> Iterator[instance.Instance]:
    with instance.standalone(TAMDID_FIRST_SIGN_IN="activation") as running:
        yield running


@pytest.fixture
def pages(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[list[Page]]:
    """A desk and a telephone."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(browser_page.page(browser, browser_context_args, width=width, scripts=False))
            for width in (1280, 360)
        ]


def test_a_member_signs_in_by_a_code_of_the_office_and_sets_a_password(
    strict: instance.Instance, pages: list[Page]
) -> None:
    desk, phone = pages
    with closing(demonstration.signed_in(strict.portal, "admin", demonstration.admin_password())) as admin:
        member = users.newcomer(admin)
    manager = users.officer("manager")
    sign_in(phone, strict.portal, "member", member.name, member.secret)
    says(phone, "شماره یا گذرواژه درست نیست.")

    sign_in(desk, strict.portal, "officer", manager.name, manager.secret)
    says(desk, "کارتابل")
    desk.goto(f"{strict.portal}/desk/account/{member.name}")
    desk.get_by_role("link", name="کد فعال‌سازی برای نخستین ورود").click()
    desk.get_by_label("هویت عضو را با مدرک شناسایی بررسی کرده‌ام.").check()
    desk.get_by_role("button", name="ساختن کد").dblclick()
    says(desk, "تنها همین یک بار نشان داده می‌شود")
    code = desk.locator("#activation-code").inner_text()

    sign_in(phone, strict.portal, "member", member.name, code.upper())
    says(phone, "کد فعال‌سازی تنها همین یک بار وارد می‌کند.")
    phone.goto(f"{strict.portal}/member")
    expect(phone).to_have_url(f"{strict.portal}/password")
    phone.get_by_label("گذرواژهٔ کنونی").fill(code)
    phone.get_by_label("گذرواژهٔ تازه", exact=True).fill(PASSWORD)
    phone.get_by_label("تکرار گذرواژهٔ تازه").fill(PASSWORD)
    phone.get_by_role("button", name="ثبت گذرواژه").click()
    says(phone, "درخواست تمدید را ثبت کنید")
    browser_page.open_menu(phone).get_by_role("button", name="خروج").click()
    sign_in(phone, strict.portal, "member", member.name, code)
    says(phone, "شماره یا گذرواژه درست نیست.")
    sign_in(phone, strict.portal, "member", member.name, PASSWORD)
    says(phone, "درخواست تمدید را ثبت کنید")


def sign_in(page: Page, portal: str, kind: str, name: str, secret: str) -> None:
    page.goto(f"{portal}/sign-in")
    page.get_by_label(KINDS[kind]).check()
    page.get_by_label("شماره عضویت", exact=True).fill(name)
    page.get_by_label("گذرواژه یا کد فعال‌سازی").fill(secret)
    page.get_by_label("آنچه می‌بینید یا می‌شنوید").fill(page.locator("#captcha-hint bdi").inner_text())
    page.get_by_role("button", name="ورود", exact=True).last.click()


def says(page: Page, text: str) -> None:
    """The page shows these words, and nobody has to scroll sideways to read them."""
    expect(page.get_by_text(text).first).to_be_visible(timeout=browser_page.ANSWER_MS)
    assert not browser_page.is_too_wide(page)
