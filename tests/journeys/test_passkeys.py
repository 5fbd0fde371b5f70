"""Passkeys in a real browser with Chromium's virtual authenticator: registered, used to sign in and before an act about money, removed."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Route, expect

from clients.admin.transport.http import HttpServer
from shared.contract.values import Role
from tests.demo import steps
from tests.demo.event_logs import Logs
from tests.demo.steps import Scenario
from tests.demo.users import Person
from tests.journeys import browser_page, driver
from tests.journeys.officers import appointed
from tests.support.servers import instance

OFFICERS = "مدیر پورتال و کارکنان سازمان"
EVENTS_SECONDS = 20
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """A browser with a virtual authenticator."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.devtools: CDPSession = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        self.id = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]

    def passkeys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return found

    def copy(self, passkey: dict[str, Any]) -> None:
        """Have the passkey of another device of the same person, as those that are synchronized."""
        self.devtools.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": passkey})

    def fail(self) -> None:
        """Verify nobody from now on."""
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})


@pytest.fixture
def devices(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[tuple[Device, Device]]:
    """A desk and a telephone."""
    with ExitStack() as stack:
        desk, phone = (
            stack.enter_context(browser_page.page(browser, browser_context_args, width=width)) for width in (1280, 360)
        )
        yield Device(desk), Device(phone)


@pytest.fixture
def manager(cluster: instance.Instance, admin: HttpServer) -> Person:
    return appointed(cluster, admin, Role.MANAGER)


def test_an_officer_registers_a_passkey_signs_in_with_it_and_confirms_a_payment(
    devices: tuple[Device, Device], scenario: Scenario, manager: Person, logs: Logs
) -> None:
    driver.until(scenario, steps.pay)
    device, other = devices
    desk, phone, portal = device.page, other.page, scenario.portal.replace("127.0.0.1", "localhost")
    for page in (desk, phone):
        sign_in(page, portal, manager)
        expect(page.get_by_role("heading", name="کارتابل")).to_be_visible()

    register(desk, portal, manager)
    assert len(device.passkeys()) == 1
    says(desk, "ورود دومرحله‌ای روشن شد")
    recovery_code = desk.locator(".codes bdi").first.inner_text()
    desk.go_back()
    says(desk, "رایانهٔ میز")
    expect(desk).to_have_url(f"{portal}/second-factor")
    browser_page.open_menu(desk).get_by_role("button", name="خروج").click()

    sign_in(desk, portal, manager)
    says(desk, "این حساب ورود دومرحله‌ای دارد")
    press_again_while_it_is_sent(desk, f"{portal}/sign-in/code")
    browser_page.open_menu(desk).get_by_role("button", name="خروج").click()

    desk.goto(f"{portal}/sign-in?next=/desk/payments")
    desk.get_by_role("button", name="ورود با کلید عبور").click()
    expect(desk).to_have_url(f"{portal}/desk/payments")
    desk.go_back()
    says(desk, "پرداخت‌ها")

    [passkey] = device.passkeys()
    other.copy(passkey)
    confirm_a_payment(phone, portal, scenario)
    logs.wait_for(["PaymentConfirmed"], scenario.applicant.name, EVENTS_SECONDS)
    remove(desk, portal, recovery_code)


def press_again_while_it_is_sent(desk: Page, address: str) -> None:
    """A press while the first one's answer is on its way asks for no other answer."""
    button, held, requested = desk.get_by_role("button", name="تأیید با کلید عبور"), list[Route](), list[str]()
    box = button.bounding_box()
    assert box is not None

    def hold(route: Route) -> None:
        held.append(route)

    desk.route(address, hold)
    desk.on("request", lambda request: requested.append(request.url))
    with desk.expect_request(address):
        button.dblclick()
    desk.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)  # a locator would wait for the answer
    held[0].continue_()
    says(desk, "کارتابل")
    assert requested.count(f"{address}/passkey") == 1


def confirm_a_payment(phone: Page, portal: str, scenario: Scenario) -> None:
    """In a session of before the passkey, which has to be confirmed by it."""
    phone.goto(f"{portal}/desk/payments/{scenario.applicant.name}/{scenario.year}")
    phone.get_by_role("button", name="تأیید پرداخت").click()
    says(phone, "فرمی که فرستاده بودید نگه داشته شده است.")
    phone.get_by_role("button", name="تأیید با کلید عبور").click()
    phone.get_by_role("button", name="ادامه").click()
    says(phone, "تأیید شد و ظرفیت سال او به‌روز می‌شود.")


def remove(desk: Page, portal: str, recovery_code: str) -> None:
    """The counter of this device is behind that of the other by now: one of the two is taken for a forgery."""
    desk.goto(f"{portal}/second-factor")
    desk.get_by_role("link", name="نام و حذف").click()
    desk.get_by_role("button", name="حذف با کلید عبور").click()
    says(desk, "کلید عبور پذیرفته نشد")
    desk.get_by_label("رمز بازیابی").fill(recovery_code)
    desk.get_by_role("button", name="حذف کلید عبور").click()
    says(desk, "کلید عبور حذف شد.")
    says(desk, "خاموش")


def test_a_passkey_that_verifies_nobody_leaves_the_other_ways_open(
    devices: tuple[Device, Device], scenario: Scenario, manager: Person
) -> None:
    device, _ = devices
    desk, portal = device.page, scenario.portal.replace("127.0.0.1", "localhost")
    sign_in(desk, portal, manager)
    register(desk, portal, manager)
    says(desk, "ورود دومرحله‌ای روشن شد")
    recovery_code = desk.locator(".codes bdi").first.inner_text()
    browser_page.open_menu(desk).get_by_role("button", name="خروج").click()
    device.fail()
    desk.goto(f"{portal}/sign-in")
    desk.get_by_role("button", name="ورود با کلید عبور").click()
    says(desk, "کلید عبور به کار نرفت.")
    sign_in(desk, portal, manager)
    desk.get_by_label("رمز بازیابی").fill(recovery_code)
    desk.get_by_role("button", name="تأیید رمز").click()
    says(desk, "کارتابل")


def register(page: Page, portal: str, person: Person) -> None:
    page.goto(f"{portal}/second-factor")
    page.get_by_role("link", name="افزودن کلید عبور").click()
    page.get_by_label("نام کلید عبور").fill("رایانهٔ میز")
    page.get_by_label("گذرواژهٔ کنونی").fill(person.secret)
    page.get_by_role("button", name="ادامه").click()
    page.get_by_role("button", name="ساختن کلید عبور").dblclick()


def sign_in(page: Page, portal: str, person: Person) -> None:
    page.goto(f"{portal}/sign-in")
    page.get_by_label(OFFICERS).check()
    page.get_by_label("شماره عضویت", exact=True).fill(person.name)
    page.get_by_label("کد ملی یا گذرواژه").fill(person.secret)
    phrase = page.locator("#captcha-hint bdi").inner_text()
    page.get_by_label("آنچه می‌بینید یا می‌شنوید").fill(phrase)
    page.get_by_role("button", name="ورود", exact=True).last.click()


def says(page: Page, text: str) -> None:
    """The page shows these words, and nobody has to scroll sideways to read them."""
    expect(page.get_by_text(text).first).to_be_visible(timeout=browser_page.ANSWER_MS)
    assert not browser_page.is_too_wide(page)
