"""After a renewal: the capacity explained alike by the command line and the page, and a card that strangers check by its link."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner

from clients.admin import main
from clients.admin.transport import saved_session
from shared.contract.auth import answers, commands
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.values import Role
from shared.text import persian
from tests.demo import expected, steps, users
from tests.demo.__main__ import SESSION_COOKIE
from tests.demo.steps import Scenario
from tests.journeys import browser_page, driver


@pytest.fixture
def renewed(scenario: Scenario) -> Scenario:
    """A member whose capacity is granted."""
    driver.until(scenario, steps.see_capacity)
    return scenario


def tamdid(scenario: Scenario, *arguments: str) -> str:
    """What the command line says to the manager, in English."""
    passport = Passport(
        principal_kind=PrincipalKind.OFFICER, subject=scenario.manager.name, roles=frozenset({Role.MANAGER}),
        provinces=frozenset({users.PROVINCE}),
    )  # fmt: skip
    token = scenario.managers_browser.cookie(SESSION_COOKIE)
    until = datetime.now(UTC) + timedelta(hours=1)
    saved_session.save(scenario.portal, answers.Session(token=token, passport=passport, expires_at=until))
    found = CliRunner().invoke(main.app, ["--server", scenario.portal, "--language", "en", *arguments])
    assert found.exit_code == 0, found.output
    return found.stdout


def test_the_command_line_and_the_page_explain_a_day_by_the_same_lines_that_add_up(
    renewed: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    today = persian.format_date(datetime.now(persian.TEHRAN).date())
    said = tamdid(renewed, "capacity", "explain", renewed.applicant.name, "--as-of", today)
    lines = [line.split() for line in said.splitlines() if re.match(r" *(grant|use) ", line)]
    assert [line[0] for line in lines] == ["grant", "use", "use"]
    total = 0.0
    for line in lines:
        total += float(line[1])
        assert float(line[2]) == total
    assert round(total * 100) == expected.due(renewed.year).remaining_units
    events = re.findall(r"\b(?:payment|renewal), event [0-9]+\b", said)
    assert len(events) == 3

    browser = renewed.members_browser
    browser.go(f"/member/capacity/{renewed.year}?as_of={users.typed(today)}")
    browser.must_say("وضع در پایان")
    for event in events:
        assert event.replace(", event ", " #") in browser.page.words
    day_before = persian.format_date(datetime.now(persian.TEHRAN).date() - timedelta(days=1))
    browser.go(f"/member/capacity/{renewed.year}?as_of={day_before}")
    browser.must_say("تا آن روز برای این سال ظرفیتی صادر نشده بود.")


@pytest.fixture
def phone(browser: Browser, browser_context_args: dict[str, Any]) -> Any:
    with browser_page.page(browser, browser_context_args, width=360) as page:
        yield page


def set_password(renewed: Scenario, token: str) -> None:
    """Before, no link for strangers can be made."""
    with driver.api_client(renewed, renewed.members_browser) as server:
        secrets = {"current": renewed.applicant.secret, "new": "koohe-alvand-1405", "session": token}
        stamps = {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(seconds=driver.ANSWER_SECONDS)}
        server.call(commands.SetPassword.model_validate({**stamps, **secrets}))


def test_a_stranger_checks_a_card_by_its_code_until_the_member_revokes_it(renewed: Scenario, phone: Page) -> None:
    token = renewed.members_browser.cookie(SESSION_COOKIE)
    set_password(renewed, token)
    phone.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": renewed.portal}])
    phone.goto(f"{renewed.portal}/member")
    phone.get_by_role("link", name="کارت من و رمزینهٔ بررسی آن برای دیگران").click()
    phone.get_by_role("button", name="ساختن پیوند").dblclick()
    expect(phone.locator("svg.qr")).to_be_visible()
    assert not browser_page.is_too_wide(phone)
    address = phone.get_by_role("link", name=f"{renewed.portal}/card/").inner_text()
    assert renewed.applicant.name not in address

    stranger = httpx.Client(trust_env=False)
    page = stranger.get(address)
    for text in ("عضویت معتبر است", "پایه ۲، استخراج معدن", "یک‌چهارم تا نیم", "زمان این پاسخ"):
        assert text in page.text
    for secret in (renewed.applicant.name, users.typed(renewed.applicant.name), renewed.applicant.secret):
        assert secret not in page.text
    assert stranger.get(f"{renewed.portal}/card/{renewed.applicant.name}").status_code == 404

    phone.reload()
    expect(phone.get_by_text("۱ بار بررسی شده است")).to_be_visible()
    phone.goto(address)
    expect(phone.get_by_role("heading", name="عضویت معتبر است")).to_be_visible()
    assert not browser_page.is_too_wide(phone)
    phone.goto(f"{renewed.portal}/member/card")
    phone.get_by_role("link", name="باطل کردن پیوند").click()
    phone.get_by_role("button", name="باطل کردن پیوند").click()
    expect(phone.get_by_text("پیوند باطل شد")).to_be_visible()
    assert stranger.get(address).status_code == 404
    stranger.close()
