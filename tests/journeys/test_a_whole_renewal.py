"""One renewal from the first typed answer to its papers: a telephone that loses its connection, a return by field, and the PDFs."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from shared.text import persian
from tests.demo import expected, steps, users
from tests.demo.__main__ import SESSION_COOKIE
from tests.demo.event_logs import Logs
from tests.demo.steps import Scenario
from tests.journeys import browser_page, driver
from tests.journeys.test_in_a_browser import confirm, fill, go_on, pay, says, see_capacity, sign_in
from tests.support.pdf_text import pdf_text

SAVE_SECONDS = 20
NOTE = "نام شهر را کامل بنویسید"
FIELDS = "main :is(input:not([type=hidden]), select, textarea)"
SHOWN = "one => { const box = one.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight && scrollY === 0 }"
"""Whether an element is on the first screen of a page that nobody has scrolled."""
KEPT_PATHS = """
    caches.keys()
        .then((names) => Promise.all(names.map((one) => caches.open(one).then((kept) => kept.keys()))))
        .then((all) => all.flat().map((one) => new URL(one.url).pathname))
"""
RETURNED = ["RenewalRequested", "DeclarationSubmitted", "ReviewOpened", "RenewalReturned"]
MARKS_OF_DIRECTION = re.compile("[\u200b-\u200f\u2066-\u2069]")


@pytest.fixture
def phone(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with browser_page.page(browser, browser_context_args, width=390) as page:
        yield page


@pytest.fixture
def desk(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with browser_page.page(browser, browser_context_args, width=1280) as page:
        yield page


def test_a_renewal_is_declared_without_a_connection_corrected_approved_paid_and_on_paper(
    phone: Page, desk: Page, scenario: Scenario, logs: Logs, tmp_path: Path
) -> None:
    driver.until(scenario, steps.request)
    cookie = {"name": SESSION_COOKIE, "value": scenario.members_browser.cookie(SESSION_COOKIE), "url": scenario.portal}
    phone.context.add_cookies([cookie])  # type: ignore[list-item]
    contact_without_a_connection(phone, scenario)
    for topic, answers in list(expected.by_topic(scenario.year).items())[1:]:
        expect(phone.get_by_role("heading", name=topic)).to_be_focused()
        if any(name.startswith("jobs.") for name in answers):
            phone.get_by_role("button", name="افزودن ردیف").click()
        fill(phone, answers)
        go_on(phone)
    send(phone)

    open_from_the_desk(desk, scenario)
    return_two_fields(desk)
    correct(phone, scenario)
    approve_on_the_first_screen(desk, scenario)
    logs.wait_for(
        [*RETURNED, "DeclarationSubmitted", "ReviewOpened", "RenewalApproved", "InvoiceIssued"],
        scenario.applicant.name,
        driver.ANSWER_SECONDS,
    )

    pay(phone, scenario)
    confirm(desk, scenario)
    see_capacity(phone, scenario)
    receipt_reads_as_its_page(phone, scenario, tmp_path)
    card_reads_as_its_page(phone, scenario, tmp_path)


def contact_without_a_connection(phone: Page, scenario: Scenario) -> None:
    """What is typed is saved every 20 seconds, stays on the page without a connection, and is saved once there is one."""
    contact = expected.by_topic(scenario.year)["چگونه با شما تماس بگیریم؟"]
    phone.clock.install()
    phone.goto(f"{scenario.portal}/member/declaration")
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    status = phone.locator("[data-live=saved]")
    fill(phone, {"mobile": contact["mobile"]})
    phone.clock.fast_forward(SAVE_SECONDS * 1000)
    expect(status).to_contain_text("ذخیره شد")
    go_elsewhere_without_a_connection(phone, scenario)

    phone.goto(f"{scenario.portal}/member/declaration/contact")
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


def go_elsewhere_without_a_connection(phone: Page, scenario: Scenario) -> None:
    """Our own page says when the draft was saved, keeps nothing else, and gives way to the page that was wanted."""
    said = phone.locator("[data-live=saved]").inner_text()
    phone.context.set_offline(True)
    phone.goto(f"{scenario.portal}/member")
    says(phone, "اتصال اینترنت قطع است")
    says(phone, said)
    assert phone.get_by_text("خروج").count() == 0
    assert {path for path in phone.evaluate(KEPT_PATHS) if not path.startswith("/static/")} == {"/offline"}
    phone.context.set_offline(False)
    says(phone, "فرم خوداظهاری را پر کنید")


def open_from_the_desk(desk: Page, scenario: Scenario) -> None:
    if "/desk" not in desk.url:
        desk.goto(f"{scenario.portal}/desk")
        desk.get_by_label("مدیر پورتال و کارکنان سازمان").check()
        sign_in(desk, scenario.manager.name, scenario.manager.secret)
    desk.goto(f"{scenario.portal}/desk")
    desk.get_by_role("row", name=users.typed(scenario.applicant.name)).get_by_role("link").first.click()
    says(desk, "مسئول فنی معدن")


def return_two_fields(desk: Page) -> None:
    desk.get_by_role("link", name="بازگرداندن برای اصلاح…").click()
    says(desk, "اگر نفرستد، درخواست آن‌گاه بی پیامد مالی بسته می‌شود")
    desk.get_by_role("checkbox", name="شهر سکونت").check()
    desk.locator("#note-city").fill(NOTE)
    desk.get_by_role("checkbox", name="ساعت کار در هفته").check()
    desk.get_by_role("button", name="بازگرداندن برای اصلاح", exact=True).click()
    says(desk, "برای اصلاح به عضو بازگردانده شد")
    expect(desk.get_by_role("button", name="واگرداندن تصمیم")).to_be_visible()


def correct(phone: Page, scenario: Scenario) -> None:
    """Only the two fields can be typed into, and the check shows only what has changed."""
    phone.goto(f"{scenario.portal}/member/renewal")
    says(phone, NOTE)
    says(phone, "مهلت اصلاح و پس از آن")
    phone.get_by_role("link", name="اصلاح خوداظهاری").click()
    says(phone, "گام ۱ از ۲")
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


def approve_on_the_first_screen(desk: Page, scenario: Scenario) -> None:
    """Amount, what was corrected beside its note, and the button, without scrolling."""
    open_from_the_desk(desk, scenario)
    amount = persian.format_number(expected.due(scenario.year).amount_rials)
    button = desk.get_by_role("button", name="تأیید", exact=True)
    for shown in (
        desk.locator("#amount-title", has_text=amount),
        desk.locator(".changes ins", has_text="کاشان"),
        button,
    ):
        must_be_on_the_first_screen(shown)
    box = button.bounding_box()
    assert box is not None
    desk.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    says(desk, "تأیید شد. صورت‌حساب صادر")


def must_be_on_the_first_screen(shown: Locator) -> None:
    expect(shown).to_be_visible()
    assert shown.evaluate(SHOWN), shown


def receipt_reads_as_its_page(phone: Page, scenario: Scenario, folder: Path) -> None:
    phone.goto(f"{scenario.portal}/member/receipt/{scenario.year}")
    must_read_alike(
        phone, "دریافت رسید (PDF)", folder, "نام", "شمارهٔ عضویت", "تاریخ پرداخت", "شمارهٔ پیگیری بانک", "شمارهٔ رسید"
    )


def card_reads_as_its_page(phone: Page, scenario: Scenario, folder: Path) -> None:
    phone.goto(f"{scenario.portal}/member/card")
    must_read_alike(phone, "دریافت کارت (PDF)", folder, "نام", "شمارهٔ عضویت", "پایه و رسته", "استان عضویت")


def must_read_alike(phone: Page, link: str, folder: Path, *labels: str) -> None:
    """Each word that the page says under these labels stands in the file that its link brings."""
    with phone.expect_download() as download:
        phone.get_by_role("link", name=link).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    text = plain(pdf_text(file.read_bytes()))
    for label in labels:
        value = phone.locator(f'main dl.facts > div:has(dt:text-is("{label}")) > dd').first.inner_text()
        words = re.findall(r"[^\s،]+", value)
        assert words, label
        assert [word for word in words if plain(word) not in text] == [], (label, text)


def plain(text: str) -> str:
    """Letters and digits as they are read, without marks of direction and without the spaces between words."""
    return re.sub(r"\s", "", MARKS_OF_DIRECTION.sub("", unicodedata.normalize("NFKC", text)))
