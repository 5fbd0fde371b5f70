"""A member gets all of the own data as files in a real browser, and nobody else gets it."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from clients.admin.transport.http import HttpServer
from deploy import demonstration
from shared.contract.auth import commands as auth_commands
from shared.contract.operations.queries import GetPersonalData
from shared.contract.refusals import Reason, Refused
from shared.services import WITH_MEMBERS
from tests.demo import expected, steps
from tests.demo.steps import Scenario
from tests.demo.users import Person
from tests.journeys import browser_page, driver
from tests.support.system import fresh

PASSWORD = "koohe-alvand-1405"
DOWNLOAD_MS = 20_000


@pytest.fixture
def phone(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with browser_page.page(browser, browser_context_args, width=360, scripts=False) as page:
        yield page


def test_a_member_downloads_the_own_data_and_nobody_else_can(
    phone: Page, scenario: Scenario, admin: HttpServer
) -> None:
    driver.until(scenario, steps.see_capacity)
    member = scenario.applicant
    sign_in(phone, scenario.portal, member)
    phone.goto(f"{scenario.portal}/member/data")
    expect(phone.get_by_role("link", name="گذرواژه‌ای از خودتان")).to_be_visible()
    expect(phone.get_by_role("link", name="دریافت پروندهٔ PDF")).to_have_count(0)

    set_password(scenario)
    sign_in(phone, scenario.portal, Person(member.name, PASSWORD))
    browser_page.open_menu(phone).get_by_role("link", name="حساب", exact=True).click()
    phone.get_by_role("link", name="داده‌های من").click()
    expect(phone.get_by_text("دو راهبر سامانه آن را تأیید می‌کنند")).to_be_visible()
    assert not browser_page.is_too_wide(phone)
    held = json.loads(downloaded(phone, "دریافت پروندهٔ JSON"))["held"]
    assert held.keys() == set(WITH_MEMBERS)
    kinds = {kind["kind"]: kind["rows"] for found in held.values() for kind in found}
    assert kinds["persons"][0]["national_code"] == member.secret
    assert kinds["declarations"][0]["form"]["email"] == expected.declaration(scenario.year)["email"]
    assert kinds["ledger_entries"]
    assert kinds["capacity_lines"]
    assert "_hash" not in json.dumps([held["auth"], held["renewal"]]), "no hash of a secret"
    assert downloaded(phone, "دریافت پروندهٔ PDF").startswith(b"%PDF-")

    chief = scenario.manager
    with closing(demonstration.signed_in(scenario.portal, chief.name, chief.secret)) as manager:
        for service in WITH_MEMBERS:
            for other in (manager, admin):
                with pytest.raises(Refused) as refused:
                    other.call(GetPersonalData(member=member.name), service=service)
                assert refused.value.reason is Reason.NOT_ALLOWED


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download(timeout=DOWNLOAD_MS) as download:
        page.get_by_role("link", name=link).click()
    return download.value.path().read_bytes()


def set_password(scenario: Scenario) -> None:
    who, member = {"principal_kind": "member"}, scenario.applicant
    with closing(HttpServer(scenario.portal, None, driver.ANSWER_SECONDS)) as nobody:
        phrase = nobody.call(auth_commands.NewCaptcha(**fresh()))
        answered = {"captcha_id": phrase.captcha_id, "captcha_answer": phrase.hint or ""}
        secret = SecretStr(member.secret)
        session = nobody.call(
            auth_commands.SignIn.model_validate({**fresh(), **who, **answered, "name": member.name, "password": secret})
        )
    with closing(HttpServer(scenario.portal, session.token, driver.ANSWER_SECONDS)) as own:
        own.call(auth_commands.SetPassword(**fresh(), current=secret, new=SecretStr(PASSWORD)))


def sign_in(page: Page, portal: str, person: Person) -> None:
    page.goto(f"{portal}/sign-in")
    page.get_by_label("اعضای نظام مهندسی معدن").check()
    page.get_by_label("شماره عضویت", exact=True).fill(person.name)
    page.get_by_label("کد ملی یا گذرواژه").fill(person.secret)
    page.get_by_label("آنچه می‌بینید یا می‌شنوید").fill(page.locator("#captcha-hint bdi").inner_text())
    page.get_by_role("button", name="ورود", exact=True).last.click()
    expect(page).to_have_url(f"{portal}/member")
