"""A member at a telephone and the manager at a desk, in a real browser: all six steps, impatiently, with Back and double clicks."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.text import persian
from tests.demo import expected, users
from tests.demo.event_logs import Logs, until
from tests.demo.steps import Scenario, steps
from tests.journeys import browser_page

EVENTS_SECONDS = 20
BACK_PRESSES_MAX = 3
TRIAL = "نسخهٔ آزمایشی — پرداخت‌ها واقعی نیست"


@pytest.fixture
def phone(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """The member's."""
    with browser_page.page(browser, browser_context_args, width=360) as page:
        yield page


@pytest.fixture
def desk(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """The manager's, with scripts forbidden."""
    with browser_page.page(browser, browser_context_args, width=1280, scripts=False) as page:
        yield page


def test_a_member_renews_at_a_telephone_and_the_manager_at_a_desk(
    phone: Page, desk: Page, scenario: Scenario, logs: Logs
) -> None:
    sign_in_from_the_start_page(phone, scenario)
    request(phone)
    declare(phone, scenario.year)
    send_twice_and_go_back(phone)
    logs.wait_for(["RenewalRequested", "DeclarationSubmitted"], scenario.applicant.name, EVENTS_SECONDS)

    approve(desk, scenario)
    logs.wait_for(["RenewalApproved", "InvoiceIssued"], scenario.applicant.name, EVENTS_SECONDS)

    pay(phone, scenario)
    go_back_after_paying(phone)
    logs.wait_for(["PaymentSettled", "BankNoticeReceived"], scenario.applicant.name, EVENTS_SECONDS)

    confirm(desk, scenario)
    see_capacity(phone, scenario)
    whole = [kind for step in steps() for kind in step.brings]
    logs.wait_for(whole, scenario.applicant.name, EVENTS_SECONDS)
    assert sorted(one.type for one in logs.of(scenario.applicant.name)) == sorted(whole)


PLAYED = "async audio => { audio.muted = true; await audio.play(); return [audio.duration, location.pathname] }"


def test_the_security_phrase_is_heard_in_its_page(phone: Page, scenario: Scenario) -> None:
    phone.goto(f"{scenario.portal}/sign-in")
    phrase = phone.locator("input[name=captcha_id]").input_value()
    player = phone.locator("audio[controls]")
    seconds, path = player.evaluate(PLAYED)
    assert 2 < seconds < 12
    assert path == "/sign-in"
    player.evaluate(PLAYED)
    assert phone.locator("input[name=captcha_id]").input_value() == phrase
    assert not browser_page.is_too_wide(phone)
    phone.get_by_label("اعضای نظام مهندسی معدن").check()
    sign_in(phone, scenario.applicant.name, scenario.applicant.secret)
    expect(phone).to_have_url(f"{scenario.portal}/member")


def sign_in_from_the_start_page(phone: Page, scenario: Scenario) -> None:
    """«صفحه اعضای سازمان», and the number and code as a Persian keyboard gives them."""
    phone.goto(scenario.portal)
    assert phone.locator("html").get_attribute("dir") == "rtl"
    says(phone, TRIAL)
    says(phone, "ساعت کار سازمان")
    phone.get_by_role("link", name="صفحه اعضای سازمان").click()
    says(phone, "ورود به سامانه")
    phone.get_by_label("اعضای نظام مهندسی معدن").check()
    sign_in(phone, users.typed(scenario.applicant.name), users.typed(scenario.applicant.secret.lstrip("0")))
    expect(phone).to_have_url(f"{scenario.portal}/member")
    says(phone, "درخواست تمدید را ثبت کنید")


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("شماره عضویت", exact=True).fill(name)
    page.get_by_label("کد ملی یا گذرواژه").fill(password)
    phrase = page.locator("#captcha-hint bdi").inner_text()
    page.get_by_label("آنچه می‌بینید یا می‌شنوید").fill(users.typed(phrase))
    page.get_by_role("button", name="ورود", exact=True).last.click()


def request(phone: Page) -> None:
    phone.get_by_role("link", name="تمدید عضویت", exact=True).click()
    says(phone, "۹٬۰۰۰٬۰۰۰ ریال (۹۰۰٬۰۰۰ تومان)")
    phone.get_by_role("button", name="ثبت", exact=True).dblclick()
    says(phone, "درخواست تمدید عضویت ثبت شد.")
    says(phone, "فرم خوداظهاری عضو")


def declare(phone: Page, year: int) -> None:
    """One field is forgotten at first: the page names it, and keeps all the rest."""
    contact, residence, *others = expected.by_topic(year).values()
    fill(phone, contact)
    go_on(phone)
    says(phone, "گام ۲ از ۶")
    expect(phone.locator("h1")).to_be_focused()
    fill(phone, residence | {"postal_code": ""})
    go_on(phone)
    expect(phone).to_have_title("خطا: کجا سکونت دارید؟ فرم خوداظهاری – تمدید عضویت")
    phone.get_by_role("alert").get_by_role("link", name="کد پستی را با ۱۰ رقم بنویسید.").click()
    expect(phone.locator("#postal_code")).to_be_focused()
    expect(phone.locator("#address")).to_have_value(str(residence["address"]))
    phone.keyboard.type(str(residence["postal_code"]))
    for answers in others:
        go_on(phone)
        expect(phone.locator("h1")).to_be_focused()
        if any(name.startswith("jobs.") for name in answers):
            phone.get_by_role("button", name="افزودن ردیف").click()
            says(phone, "ردیف ۱")
        fill(phone, answers)
    go_on(phone)
    says(phone, "پیش از ارسال بررسی کنید")
    says(phone, "۳۳۰ P")


def go_on(phone: Page) -> None:
    phone.get_by_role("button", name="ذخیره و ادامه", exact=True).last.dblclick()


def fill(page: Page, values: dict[str, str | bool]) -> None:
    for name, value in values.items():
        field = page.locator(f'[name="{name}"]')
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(str(value))
        else:
            field.fill(str(value))


def send_twice_and_go_back(phone: Page) -> None:
    """A second click sends nothing twice, and Back shows what became of it in place of the form."""
    phone.get_by_role("checkbox", name="درستی همهٔ این اظهارات").check()
    phone.get_by_role("button", name="می‌پذیرم و ارسال می‌کنم").dblclick()
    says(phone, "درخواست شما در کارتابل مدیر است")
    says(phone, "حداکثر تا")
    for _ in range(2):
        phone.go_back()
        says(phone, "خوداظهاری شما پیش‌تر، در ")
        says(phone, "درخواست شما در کارتابل مدیر است")


def approve(desk: Page, scenario: Scenario) -> None:
    desk.goto(f"{scenario.portal}/desk")
    desk.get_by_label("مدیر پورتال و کارکنان سازمان").check()
    sign_in(desk, scenario.manager.name, scenario.manager.secret)
    says(desk, "کارتابل")
    desk.get_by_role("row", name=users.typed(scenario.applicant.name)).get_by_role("link").click()
    says(desk, "مسئول فنی معدن")
    says(desk, "۳۳۰ P")
    desk.get_by_role("button", name="تأیید", exact=True).dblclick()
    says(desk, "تأیید شد. صورت‌حساب صادر و پرداخت الکترونیک برای عضو باز می‌شود.")
    desk.go_back()
    says(desk, "تأییدشده")
    expect(desk.get_by_role("button", name="تأیید", exact=True)).to_have_count(0)


def pay(phone: Page, scenario: Scenario) -> None:
    """A second click at the bank pays nothing twice; from its page one comes back by the link."""
    phone.goto(f"{scenario.portal}/member")
    phone.get_by_role("link", name="پرداخت الکترونیک").click()
    says(phone, "۹٬۰۰۰٬۰۰۰ ریال")
    phone.get_by_role("button", name="پرداخت الکترونیک").dblclick()
    says(phone, TRIAL)
    says(phone, "درگاه پرداخت آزمایشی")
    phone.get_by_role("button", name="پرداخت", exact=True).dblclick()
    paid, back = (
        phone.locator("h1", has_text="پرداخت انجام شد"),
        phone.get_by_role("link", name="بازگشت به سایت پذیرنده"),
    )
    expect(paid.first).to_be_visible()
    if back.count():
        back.click()
    says(phone, "شمارهٔ پیگیری بانک")
    says(phone, "مدیر پورتال پرداخت را تأیید می‌کند")


def go_back_after_paying(phone: Page) -> None:
    """Neither the bank's page nor ours lets one pay again."""
    phone.go_back()
    says(phone, "پرداخت انجام شده است")
    for _ in range(BACK_PRESSES_MAX):
        if "/member/pay/" in phone.url:
            break
        phone.go_back()
    says(phone, "این صورت‌حساب پرداخت شده است؛ دوباره پرداخت نکنید.")
    phone.get_by_role("link", name="رسید", exact=True).click()
    says(phone, "۹٬۰۰۰٬۰۰۰ ریال")


def confirm(desk: Page, scenario: Scenario) -> None:
    desk.goto(f"{scenario.portal}/desk/payments")
    desk.get_by_role("row", name=users.typed(scenario.applicant.name)).get_by_role("link").click()
    desk.get_by_role("button", name="تأیید پرداخت").dblclick()
    says(desk, "تأیید شد و ظرفیت سال او به‌روز می‌شود.")


def see_capacity(phone: Page, scenario: Scenario) -> None:
    phone.goto(f"{scenario.portal}/member")

    def granted() -> bool:
        phone.reload()
        return phone.get_by_role("link", name="ظرفیت اشتغال", exact=True).count() > 0

    until(granted, EVENTS_SECONDS, "word of the confirmation on the member's page")
    phone.get_by_role("link", name="ظرفیت اشتغال", exact=True).click()
    until(
        lambda: phone.reload() and phone.get_by_text("هر عدد از کجا آمده است").count(),
        EVENTS_SECONDS,
        "lines of the capacity",
    )
    due = expected.due(scenario.year)
    for units in (due.ceiling_units, due.used_units, due.remaining_units):
        says(phone, f"{persian.format_units(units)} P")
    says(phone, "مسئول فنی معدن، درجه ۴")


def says(page: Page, text: str) -> None:
    """The page shows these words, and on a telephone nobody has to scroll sideways to read them."""
    expect(page.get_by_text(text).first).to_be_visible(timeout=browser_page.ANSWER_MS)
    assert not browser_page.is_too_wide(page), f"{page.url} is wider than the screen"
