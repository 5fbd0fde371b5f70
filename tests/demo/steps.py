"""What each person does, page by page, and which events must come of it: the six steps of the renewal, cut finely."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from shared.text import persian
from tests.demo import expected, users
from tests.demo.bank_faults import BANKS, OF_ALL_SESSIONS, BankScenario
from tests.demo.browser import Browser
from tests.demo.event_logs import until
from tests.demo.users import Person

PAGE_SECONDS = 30


@dataclass
class Scenario:
    """Who does it, and where."""

    portal: str
    applicant: Person
    manager: Person
    bank: str = "pay"
    """How it goes at the bank, by its name in `faults`."""
    year: int = field(default_factory=lambda: persian.jalali_year(datetime.now(UTC)))

    def __post_init__(self) -> None:
        self.members_browser = Browser(self.portal)
        self.managers_browser = Browser(self.portal)

    @property
    def at_the_bank(self) -> BankScenario:
        return BANKS[self.bank]

    def close(self) -> None:
        self.members_browser.close()
        self.managers_browser.close()


@dataclass(frozen=True)
class Step:
    """Something that a person does; `number` is the step's in the README."""

    number: int
    words: str
    do: Callable[[Scenario], None]
    brings: tuple[str, ...] = ()
    """The types of the events that must follow."""


def open_portal(scenario: Scenario) -> None:
    browser = scenario.members_browser
    browser.go(scenario.portal)
    browser.must_say("ساعت کار سازمان")
    browser.follow("صفحه اعضای سازمان")
    browser.must_say("ورود به سامانه")


def sign_in_as_member(scenario: Scenario) -> None:
    """With the national code as one types it by heart: without its leading zeros, in Persian digits."""
    number, code = scenario.applicant.name, scenario.applicant.secret.lstrip("0")
    sign_in(scenario.members_browser, "member", users.typed(number), users.typed(code))
    scenario.members_browser.must_say("درخواست تمدید را ثبت کنید", "تمدید عضویت سال")


def sign_in(browser: Browser, principal_kind: str, name: str, password: str) -> None:
    """Fill the form of the sign-in page, which is open, with the phrase that a demonstration shows as text."""
    _, _, after = browser.page.words.partition("محیط آزمایشی؛ عبارت: ")
    phrase = {"captcha_answer": users.typed(after.split()[0])} if after else {}
    browser.press("ورود", {"principal_kind": principal_kind, "name": name, "password": password, **phrase})


def request(scenario: Scenario) -> None:
    browser = scenario.members_browser
    browser.go("/member")
    browser.follow("تمدید عضویت")
    browser.must_say("برآورد حق عضویت", persian.format_number(expected.due(scenario.year).amount_rials))
    browser.press("ثبت")
    browser.must_say("درخواست تمدید عضویت ثبت شد.", "فرم خوداظهاری عضو")


def fill_declaration(scenario: Scenario) -> None:
    browser = scenario.members_browser
    answer_topics(browser, scenario.year)
    remaining = persian.format_units(expected.due(scenario.year).remaining_units)
    browser.must_say("پیش از ارسال بررسی کنید", "مسئول فنی معدن", remaining)


def answer_topics(browser: Browser, year: int) -> None:
    """Answer one topic after the other, with the one row of jobs, as far as the check."""
    browser.go("/member/declaration/contact")
    for topic, answers in expected.by_topic(year).items():
        browser.must_say(topic)
        if any(name.startswith("jobs.") for name in answers):
            browser.press("افزودن ردیف")
        browser.press("ذخیره و ادامه", answers)


def send_declaration(scenario: Scenario) -> None:
    browser = scenario.members_browser
    browser.press("می‌پذیرم و ارسال می‌کنم", {"truth_ack": True})
    browser.must_say("درخواست شما در کارتابل مدیر است", "بعد چه می‌شود و کی؟")


def open_desk(scenario: Scenario) -> None:
    browser = scenario.managers_browser
    browser.go(scenario.portal + "/desk")
    sign_in(browser, "officer", scenario.manager.name, scenario.manager.secret)
    browser.must_say("کارتابل", users.typed(scenario.applicant.name))
    browser.go(f"/desk/{scenario.applicant.name}/{scenario.year}")
    browser.must_say("مسئول فنی معدن", "تصمیم")


def approve(scenario: Scenario) -> None:
    browser = scenario.managers_browser
    browser.press("تأیید")
    browser.must_say("تأیید شد. صورت‌حساب صادر")


def go_to_bank(scenario: Scenario) -> None:
    browser = scenario.members_browser
    browser.go("/member")
    browser.follow("پرداخت الکترونیک")
    amount = persian.format_number(expected.due(scenario.year).amount_rials)
    browser.must_say(amount)
    browser.press("پرداخت الکترونیک")
    browser.must_say("درگاه پرداخت آزمایشی", amount)


def pay(scenario: Scenario) -> None:
    """Press the bank's button, with what shall go wrong; the way back, if there is one, is the next step."""
    sandbox, _, authority = scenario.members_browser.address.partition("/pg/StartPay/")
    for fault, value in scenario.at_the_bank.switches.items():
        sent = {"value": value} if fault in OF_ALL_SESSIONS else {"value": value, "authority": authority}
        address = f"{sandbox}/sandbox/faults/{fault}"
        httpx.put(address, json=sent, timeout=PAGE_SECONDS, trust_env=False).raise_for_status()
    scenario.members_browser.press(scenario.at_the_bank.button, stays=True)


def come_back(scenario: Scenario) -> None:
    """Follow the bank's redirect to the result; after a closed tab, open the own page again and again."""
    browser, bank = scenario.members_browser, scenario.at_the_bank
    if bank.comes_back:
        browser.go_on()
        until(lambda: has_come(browser, "پرداخت انجام شد"), bank.seconds, "page that says it is paid")

    def says_paid() -> bool:
        browser.go(scenario.portal + "/member")
        return has_come(browser, "منتظر تأیید پرداخت بمانید")

    until(says_paid, bank.seconds, "word of the payment on the member's page")


def has_come(browser: Browser, words: str) -> bool:
    """Whether the page shows it by now; if not, it is loaded again."""
    if words in browser.page.words:
        return True
    browser.go(browser.address)
    return False


def confirm(scenario: Scenario) -> None:
    browser = scenario.managers_browser
    browser.go(scenario.portal + "/desk/payments")
    browser.must_say(users.typed(scenario.applicant.name))
    browser.go(f"/desk/payments/{scenario.applicant.name}/{scenario.year}")
    browser.press("تأیید پرداخت")
    browser.must_say("تأیید شد و ظرفیت سال او به‌روز می‌شود")


def see_capacity(scenario: Scenario) -> None:
    browser, due = scenario.members_browser, expected.due(scenario.year)

    def granted() -> bool:
        browser.go(f"{scenario.portal}/member/capacity/{scenario.year}")
        return "هر عدد از کجا آمده است" in browser.page.words

    until(granted, PAGE_SECONDS, "capacity on the member's page")
    browser.must_say(*(persian.format_units(one) for one in (due.ceiling_units, due.used_units, due.remaining_units)))
    browser.go("/member")
    browser.must_say("عضویت شما تمدید شد")


def steps(bank: str = "pay") -> tuple[Step, ...]:
    """All steps, in order."""
    how = BANKS[bank]
    return (
        Step(1, "A member opens the portal and chooses «صفحه اعضای سازمان».", open_portal),
        Step(2, "The member signs in: number, national code without its zeros, security phrase.", sign_in_as_member),
        Step(3, "The member registers a renewal request, «تمدید عضویت».", request, ("RenewalRequested",)),
        Step(4, "The member fills the self-declaration and checks it.", fill_declaration),
        Step(4, "The member declares that it is true and sends it.", send_declaration, ("DeclarationSubmitted",)),
        Step(5, "The manager signs in and opens the request on the desk (کارتابل).", open_desk, ("ReviewOpened",)),
        Step(5, "The manager approves; the amount is fixed.", approve, ("RenewalApproved", "InvoiceIssued")),
        Step(6, "The member goes to the bank's page.", go_to_bank, ("PaymentStarted",)),
        Step(6, how.paying, pay),
        Step(6, how.coming_back, come_back, how.brings),
        Step(6, "The manager confirms the payment.", confirm, ("PaymentConfirmed", "CapacityGranted")),
        Step(6, "The member sees the capacity of the current year.", see_capacity),
    )
