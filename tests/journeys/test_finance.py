"""Finance at work, in a real browser and without scripts: a deposit slip that two officers let count, and the bank's statement."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.text import persian
from tests.demo import steps, users
from tests.demo.event_logs import Logs
from tests.demo.steps import Scenario
from tests.demo.users import Person
from tests.journeys import browser_page, driver

EVENTS_SECONDS = 20
REASON = "اصل فیش در پرونده عضو دیده شد"
BOUNCED = "چک این فیش برگشت خورده است"


@pytest.fixture
def colleague() -> Person:
    """Somebody of finance and the treasury, besides the manager."""
    return users.officer("treasury")


@pytest.fixture
def desk(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with browser_page.page(browser, browser_context_args, width=1280, scripts=False) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with browser_page.page(browser, browser_context_args, width=360, scripts=False) as page:
        yield page


def test_a_slip_that_one_officer_brings_and_another_sees_counts_for_the_invoice(
    desk: Page, phone: Page, scenario: Scenario, colleague: Person, logs: Logs
) -> None:
    driver.until(scenario, steps.approve)
    number, amount = scenario.applicant.name, "۹٬۰۰۰٬۰۰۰ ریال"
    logs.wait_for(["RenewalApproved", "InvoiceIssued"], number, EVENTS_SECONDS)

    sign_in(desk, scenario.portal, colleague)
    desk.get_by_label("شمارهٔ عضویت").fill(users.typed(number))
    desk.get_by_role("button", name="حساب عضو").click()
    desk.get_by_role("link", name="ثبت فیش واریز").click()
    desk.get_by_label("شمارهٔ فیش یا پیگیری").fill(f"slip-{number}")
    desk.get_by_label("تاریخ واریز").fill("۱۴۰۵/۰۱/۱۵")
    send = desk.get_by_role("button", name="فرستادن برای تأیید")
    send.click()
    expect(desk.get_by_role("alert")).to_contain_text("دلیل را در دست‌کم ۱۰ نویسه بنویسید.")
    expect(desk.get_by_label("شمارهٔ فیش یا پیگیری")).to_have_value(f"slip-{number}")
    desk.get_by_label("دلیل").fill(REASON)
    send.dblclick()
    says(desk, "درخواست ثبت شد و در انتظار تأیید همکار است.")
    desk.get_by_role("link", name="فیش واریز، در انتظار تأیید همکار").click()
    says(desk, "این درخواست از خود شماست")

    sign_in(phone, scenario.portal, scenario.manager)
    row = phone.get_by_role("row", name=users.typed(number))
    row.get_by_role("link", name="فیش واریز، در انتظار تأیید همکار").click()
    says(phone, REASON)
    phone.get_by_role("button", name="تأیید", exact=True).dblclick()
    says(phone, "فیش تأیید شد و در حساب عضو به حساب آمد.")
    expect(phone).to_have_url(f"{scenario.portal}/desk/money?province={users.PROVINCE}")
    phone.goto(f"{scenario.portal}/desk/account/{number}")
    says(phone, "صورت‌حساب‌های صادرشده تسویه است.")
    logs.wait_for(["ManualPaymentRequested", "ManualPaymentGranted"], number, EVENTS_SECONDS)

    scenario.members_browser.go(f"/member/receipt/{scenario.year}")
    scenario.members_browser.must_say("شمارهٔ رسید", amount)


def test_a_slip_that_counts_is_taken_back_with_the_confirmation_that_stood_on_it(
    desk: Page, phone: Page, scenario: Scenario, colleague: Person, logs: Logs
) -> None:
    driver.until(scenario, steps.approve)
    number = scenario.applicant.name
    logs.wait_for(["RenewalApproved", "InvoiceIssued"], number, EVENTS_SECONDS)
    sign_in(desk, scenario.portal, colleague)
    bring_a_slip(desk, scenario)
    sign_in(phone, scenario.portal, scenario.manager)
    open_task(phone, number, "فیش واریز، در انتظار تأیید همکار")
    phone.get_by_role("button", name="تأیید", exact=True).click()
    steps.confirm(scenario)
    logs.wait_for(["ManualPaymentGranted", "PaymentConfirmed"], number, EVENTS_SECONDS)

    request_to_take_it_back(desk, scenario)
    phone.goto(f"{scenario.portal}/desk/money")
    open_task(phone, number, "ابطال فیش واریز، در انتظار تأیید همکار")
    says(phone, BOUNCED)
    says(phone, "این صورت‌حساب دوباره باز می‌شود و ۹٬۰۰۰٬۰۰۰ ریال بدهی می‌ماند")
    phone.get_by_role("button", name="تأیید", exact=True).dblclick()
    says(phone, "فیش باطل شد و دیگر در حساب عضو به حساب نمی‌آید.")
    phone.goto(f"{scenario.portal}/desk/account/{number}")
    says(phone, "باطل‌شده در")
    says(phone, "برگشت پرداخت")
    logs.wait_for(["ManualPaymentReversed", "ConfirmationWithdrawn"], number, EVENTS_SECONDS)
    scenario.members_browser.go("/member/account")
    scenario.members_browser.must_say("بدهی", "۹٬۰۰۰٬۰۰۰ ریال")


def bring_a_slip(desk: Page, scenario: Scenario) -> None:
    desk.goto(f"{scenario.portal}/desk/account/{scenario.applicant.name}/{scenario.year}/slip")
    desk.get_by_label("شمارهٔ فیش یا پیگیری").fill(f"slip-{scenario.applicant.name}")
    desk.get_by_label("تاریخ واریز").fill("۱۴۰۵/۰۱/۱۵")
    desk.get_by_label("دلیل").fill(REASON)
    desk.get_by_role("button", name="فرستادن برای تأیید").click()
    says(desk, "درخواست ثبت شد و در انتظار تأیید همکار است.")


def request_to_take_it_back(desk: Page, scenario: Scenario) -> None:
    """At first without a reason: the page says so and keeps the choice."""
    desk.goto(f"{scenario.portal}/desk/account/{scenario.applicant.name}")
    desk.get_by_role("link", name="ابطال این فیش").click()
    says(desk, "تأیید پرداخت و ظرفیت سال")
    send = desk.get_by_role("button", name="فرستادن برای تأیید")
    send.click()
    expect(desk.get_by_role("alert")).to_contain_text("دلیل را در دست‌کم ۱۰ نویسه بنویسید.")
    expect(desk.get_by_role("radio")).to_be_checked()
    desk.get_by_label("دلیل").fill(BOUNCED)
    send.dblclick()
    says(desk, "درخواست ثبت شد و در انتظار تأیید همکار است.")
    says(desk, "ابطال آن در انتظار تأیید همکار")


def open_task(phone: Page, number: str, name: str) -> None:
    phone.get_by_role("row", name=users.typed(number)).get_by_role("link", name=name).click()


def test_a_statement_is_looked_at_before_it_counts_and_shows_what_is_missing(
    desk: Page, scenario: Scenario, colleague: Person, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    authority, file = f"S{uuid4().hex}000", tmp_path / "bank.csv"
    rows = ["paid_at_iso,authority,amount_rial,ref_id,status", f"{now.isoformat()},{authority},4000000,778899,VERIFIED"]
    file.write_text("\n".join([*rows, f"{now.isoformat()},S2,x,1,LOST"]), encoding="utf-8-sig")
    sign_in(desk, scenario.portal, colleague)
    desk.get_by_role("link", name="صورت‌حساب بانک").click()
    read(desk, file)
    expect(desk.get_by_role("alert")).to_contain_text("هیچ ردیفی به حساب نیامد")
    says(desk, "مبلغ را به ریال و بی‌اعشار بنویسید")

    file.write_text("\n".join(rows), encoding="utf-8-sig")
    read(desk, file)
    says(desk, "پیش از به حساب آمدن ببینید")
    says(desk, persian.long_date(now.astimezone(persian.TEHRAN).date()))
    desk.get_by_role("button", name="به حساب بیاید").dblclick()
    says(desk, "به حساب آمد.")
    says(desk, "در بانک هست، نزد ما نیست")
    says(desk, authority)
    read(desk, file)
    says(desk, "این فایل پیش‌تر به حساب آمده است.")


def read(desk: Page, file: Path) -> None:
    desk.get_by_label("فایل", exact=True).set_input_files(file)
    desk.get_by_role("button", name="خواندن فایل").click()


def sign_in(page: Page, portal: str, person: Person) -> None:
    """Come to what waits about money, by way of the sign-in."""
    page.goto(f"{portal}/desk/money")
    page.get_by_label("مدیر پورتال و کارکنان سازمان").check()
    page.get_by_label("شماره عضویت", exact=True).fill(person.name)
    page.get_by_label("کد ملی یا گذرواژه").fill(person.secret)
    phrase = page.locator("#captcha-hint bdi").inner_text()
    page.get_by_label("آنچه می‌بینید یا می‌شنوید").fill(phrase)
    page.get_by_role("button", name="ورود", exact=True).last.click()
    expect(page.get_by_role("heading", name="کارهای مالی")).to_be_visible(timeout=browser_page.ANSWER_MS)


def says(page: Page, text: str) -> None:
    """The page shows these words, and nobody has to scroll sideways to read them."""
    expect(page.get_by_text(text).first).to_be_visible(timeout=browser_page.ANSWER_MS)
    assert not browser_page.is_too_wide(page), f"{page.url} is wider than the screen"
