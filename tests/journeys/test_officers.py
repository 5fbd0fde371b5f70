"""Two admins, in a real browser and without scripts: one requests a treasurer, the other grants, and the treasurer signs in."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demo import users
from tests.demo.event_logs import Logs
from tests.demo.users import Person
from tests.journeys import browser_page
from tests.support.servers import instance

EVENTS_SECONDS = 20


@pytest.fixture
def desks(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[list[Page]]:
    """The browsers of three persons, the second one's a phone."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(browser_page.page(browser, browser_context_args, width=width, scripts=False))
            for width in (1280, 360, 1280)
        ]


def test_one_admin_requests_a_treasurer_and_a_second_one_grants(
    cluster: instance.Instance, desks: list[Page], logs: Logs
) -> None:
    name, secret = f"nader.{uuid4().hex[:6]}", f"{uuid4().hex}"
    asker, granter, treasurer = desks
    sign_in(asker, cluster.portal, users.officer("admin", nth=1), "/desk/officers")
    asker.get_by_label("نام کاربری", exact=True).fill(name)
    asker.get_by_label("نام و نام خانوادگی").fill("نادر نمایشی")
    send = asker.get_by_role("button", name="ثبت درخواست")
    send.click()
    expect(asker.get_by_role("alert")).to_contain_text("دست‌کم یک نقش را برگزینید.")
    asker.get_by_label("خزانه‌داری").check()
    asker.get_by_label("راهبر سامانه", exact=True).check()
    asker.get_by_role("checkbox", name="اصفهان").check()
    asker.get_by_label("گذرواژهٔ آغازین").fill(secret)
    send.click()
    expect(asker.get_by_role("alert")).to_contain_text("با پول سروکار ندارد")
    asker.get_by_label("راهبر سامانه", exact=True).uncheck()
    asker.get_by_label("گذرواژهٔ آغازین").fill(secret)
    send.dblclick()
    says(asker, "درخواست خود را نمی‌توانید تأیید کنید")

    sign_in(granter, cluster.portal, users.officer("admin"), "/desk/officers")
    says(granter, "در انتظار تأیید")
    waiting = granter.locator("section", has_text=name)
    waiting.get_by_role("button", name="تأیید", exact=True).dblclick()
    says(granter, "درخواست تأیید شد و از همین دم برقرار است.")
    logs.wait_for(["AppointmentRequested", "OfficerAppointed"], name, EVENTS_SECONDS)

    sign_in(treasurer, cluster.portal, Person(name, secret), "/desk")
    says(treasurer, "صورت‌حساب بانک")


def sign_in(page: Page, portal: str, person: Person, path: str) -> None:
    page.goto(f"{portal}{path}")
    page.get_by_label("مدیر پورتال و کارکنان سازمان").check()
    page.get_by_label("شماره عضویت", exact=True).fill(person.name)
    page.get_by_label("کد ملی یا گذرواژه").fill(person.secret)
    phrase = page.locator("#captcha-hint bdi").inner_text()
    page.get_by_label("آنچه می‌بینید یا می‌شنوید").fill(phrase)
    page.get_by_role("button", name="ورود", exact=True).last.click()


def says(page: Page, text: str) -> None:
    """The page shows these words, and nobody has to scroll sideways to read them."""
    expect(page.get_by_text(text).first).to_be_visible(timeout=browser_page.ANSWER_MS)
    assert not browser_page.is_too_wide(page), f"{page.url} is wider than the screen"
