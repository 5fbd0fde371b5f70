"""An account's security in a real browser and without scripts: sessions, a lost password, and one-time codes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from clients.admin.transport.http import HttpServer
from shared.contract.values import Role
from tests.demo.event_logs import Logs
from tests.demo.steps import Scenario
from tests.demo.users import Person
from tests.journeys import browser_page
from tests.journeys.officers import appointed
from tests.support.servers import instance

EVENTS_SECONDS = 20
PASSWORD = "koohe-alvand-1405"
MEMBERS, OFFICERS = "اعضای نظام مهندسی معدن", "مدیر پورتال و کارکنان سازمان"


@pytest.fixture
def colleague(cluster: instance.Instance, admin: HttpServer) -> Person:
    """An officer of finance, whom the second admin has requested and the first one granted."""
    return appointed(cluster, admin, Role.FINANCE)


@pytest.fixture
def phone(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with browser_page.page(browser, browser_context_args, width=360, scripts=False) as page:
        yield page


@pytest.fixture
def desk(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with browser_page.page(browser, browser_context_args, width=1280, scripts=False) as page:
        yield page


def sign_out_on_phone(phone: Page) -> None:
    """By the menu that is folded on a narrow screen."""
    phone.get_by_text("فهرست", exact=True).click()
    phone.get_by_role("button", name="خروج").click()


def test_a_member_ends_a_forgotten_session_and_recovers_a_forgotten_password(
    phone: Page, desk: Page, scenario: Scenario, logs: Logs
) -> None:
    member = scenario.applicant
    for page in (desk, phone):
        sign_in(page, scenario.portal, MEMBERS, member.name, member.secret)
    read_security_events(desk, scenario.portal)
    phone.goto(f"{scenario.portal}/sessions")
    says(phone, "همین نشست")
    expect(phone.get_by_role("button", name="پایان دادن به نشست")).to_have_count(2)
    phone.get_by_role("link", name="پایان دادن به همهٔ نشست‌های دیگر").click()
    phone.get_by_role("button", name="پایان دادن به همهٔ نشست‌های دیگر").click()
    says(phone, "همهٔ نشست‌های دیگر پایان یافت.")
    expect(phone.get_by_role("button", name="پایان دادن به نشست")).to_have_count(1)
    desk.goto(f"{scenario.portal}/member")
    says(desk, "ورود به سامانه")

    phone.get_by_role("link", name="تغییر گذرواژه").click()
    set_password(phone, member.secret, "1234567890")
    says(phone, "این گذرواژه رایج است")
    set_password(phone, member.secret, PASSWORD)
    says(phone, "گذرواژهٔ تازه ثبت شد و همهٔ نشست‌های دیگر پایان یافت.")

    reset(desk, scenario)
    logs.wait_for(["PasswordChanged", "PasswordReset"], member.name, EVENTS_SECONDS)

    phone.goto(f"{scenario.portal}/member")
    says(phone, "ورود به سامانه")
    sign_in(phone, scenario.portal, MEMBERS, member.name, member.secret)
    says(phone, "گذرواژهٔ شما را برداشت")
    phone.get_by_role("link", name="اکنون گذرواژه‌ای برای خود بگذارید").click()
    set_password(phone, member.secret, PASSWORD)
    phone.goto(f"{scenario.portal}/sessions")
    says(phone, "همین نشست")
    sign_out_on_phone(phone)
    sign_in(phone, scenario.portal, MEMBERS, member.name, PASSWORD)
    says(phone, "درخواست تمدید را ثبت کنید")


def read_security_events(desk: Page, portal: str) -> None:
    """Of the sign-in by a second device; the notice ends when the list was seen."""
    desk.goto(f"{portal}/member")
    says(desk, "رویداد امنیتی تازه‌ای ثبت شده است")
    desk.get_by_role("link", name="ببینید").click()
    says(desk, "ورود با دستگاه تازه")
    desk.get_by_role("button", name="دیدم").click()
    desk.goto(f"{portal}/member")
    expect(desk.get_by_role("link", name="ببینید")).to_have_count(0)


def reset(desk: Page, scenario: Scenario) -> None:
    """The manager sees the member's papers and takes the password back."""
    sign_in(desk, scenario.portal, OFFICERS, scenario.manager.name, scenario.manager.secret)
    desk.goto(f"{scenario.portal}/desk/account/{scenario.applicant.name}")
    desk.get_by_role("link", name="گذرواژهٔ این عضو فراموش شده است؟").click()
    desk.get_by_label("هویت عضو را با مدرک شناسایی بررسی کرده‌ام.").check()
    desk.get_by_role("button", name="برداشتن گذرواژه").click()
    says(desk, "گذرواژه برداشته شد.")


def test_an_officer_signs_in_with_a_one_time_code(desk: Page, scenario: Scenario, colleague: Person) -> None:
    sign_in(desk, scenario.portal, OFFICERS, colleague.name, colleague.secret)
    desk.goto(f"{scenario.portal}/second-factor")
    desk.get_by_label("گذرواژهٔ کنونی").fill(colleague.secret)
    desk.get_by_role("button", name="روشن کردن").click()
    totp = pyotp.TOTP(desk.locator("#secret").inner_text())
    give_code(desk, totp.now())
    says(desk, "ورود دومرحله‌ای روشن شد")
    recovery_code = desk.locator(".codes bdi").first.inner_text()
    desk.get_by_role("button", name="خروج").click()

    sign_in(desk, scenario.portal, OFFICERS, colleague.name, colleague.secret)
    says(desk, "این حساب ورود دومرحله‌ای دارد")
    give_code(desk, totp.at(datetime.now(UTC), counter_offset=1))
    desk.goto(f"{scenario.portal}/desk/money")
    says(desk, "کارهای مالی")
    desk.get_by_role("button", name="خروج").click()

    sign_in(desk, scenario.portal, OFFICERS, colleague.name, colleague.secret)
    give_code(desk, "000000")
    says(desk, "رمز یک‌بارمصرف درست نیست")
    give_code(desk, recovery_code)
    desk.goto(f"{scenario.portal}/second-factor")
    says(desk, "۹ رمز بازیابی مانده است")


def sign_in(page: Page, portal: str, kind: str, name: str, secret: str) -> None:
    page.goto(f"{portal}/sign-in")
    page.get_by_label(kind).check()
    page.get_by_label("شماره عضویت", exact=True).fill(name)
    page.get_by_label("کد ملی یا گذرواژه").fill(secret)
    phrase = page.locator("#captcha-hint bdi").inner_text()
    page.get_by_label("آنچه می‌بینید یا می‌شنوید").fill(phrase)
    page.get_by_role("button", name="ورود", exact=True).last.click()


def set_password(page: Page, current: str, new: str) -> None:
    page.get_by_label("گذرواژهٔ کنونی").fill(current)
    page.get_by_label("گذرواژهٔ تازه", exact=True).fill(new)
    page.get_by_label("تکرار گذرواژهٔ تازه").fill(new)
    page.get_by_role("button", name="ثبت گذرواژه").click()


def give_code(page: Page, code: str) -> None:
    page.get_by_label("رمز شش‌رقمی برنامه").fill(code)
    page.get_by_role("button", name="تأیید رمز").click()


def says(page: Page, text: str) -> None:
    """The page shows these words, and nobody has to scroll sideways to read them."""
    expect(page.get_by_text(text).first).to_be_visible()
    assert not browser_page.is_too_wide(page)
