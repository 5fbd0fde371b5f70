"""Every page of a whole renewal under axe (WCAG 2.2 AA and its good practices): at three widths, in the light and the dark scheme."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.demo import steps, users
from tests.demo.__main__ import SESSION_COOKIE
from tests.demo.browser import Browser as PlainBrowser
from tests.demo.event_logs import until
from tests.demo.steps import Scenario
from tests.journeys import browser_page, driver
from tests.support import axe_check

PAGES_MIN = 40
RESULT_SECONDS = 30


class Checked:
    """A browser under axe, and what it has found."""

    def __init__(self, page: Page, portal: str) -> None:
        self.page, self.portal = page, portal
        self.found: list[str] = []
        self.visited: list[str] = []

    def visit(self, of: PlainBrowser | None, *paths: str) -> None:
        """Check pages as somebody whose session another browser has, or as nobody."""
        self.page.context.clear_cookies()
        if of is not None:
            cookie = {"name": SESSION_COOKIE, "value": of.cookie(SESSION_COOKIE), "url": self.portal}
            self.page.context.add_cookies([cookie])  # type: ignore[list-item]
        for path in paths:
            self.page.goto(self.portal + path)
            self.check(path)

    def check(self, name: str) -> None:
        """Check the page that is open."""
        self.visited.append(name)
        self.found += axe_check.findings(self.page, name)


@pytest.fixture
def checked(browser: Browser, browser_context_args: dict[str, Any], scenario: Scenario) -> Iterator[Checked]:
    context = browser.new_context(**browser_context_args, reduced_motion="reduce")
    context.set_default_timeout(browser_page.ANSWER_MS)
    yield Checked(context.new_page(), scenario.portal)
    context.close()


@pytest.mark.slow
def test_axe_finds_nothing_on_any_page_of_a_renewal(checked: Checked, scenario: Scenario) -> None:
    of_nobody(checked)
    of_member(checked, scenario)
    of_officers(checked, scenario)
    if checked.found:
        pytest.fail("\n".join(checked.found))
    assert len(checked.visited) > PAGES_MIN


def of_nobody(checked: Checked) -> None:
    checked.visit(None, "/", "/design", "/help", "/privacy", "/accessibility", "/check", "/check?address=x", "/nowhere")
    checked.visit(None, "/payment/return", "/sign-in")
    checked.page.get_by_role("button", name="ورود", exact=True).last.click()
    checked.page.get_by_role("alert").wait_for()
    checked.check("/sign-in with errors")


def of_member(checked: Checked, scenario: Scenario) -> None:
    """From the first sign-in to the capacity."""
    year, number = scenario.year, scenario.applicant.name
    member, manager = scenario.members_browser, scenario.managers_browser
    pages: dict[Callable[[Scenario], None], tuple[tuple[PlainBrowser, tuple[str, ...]], ...]] = {
        steps.sign_in_as_member: ((member, ("/member", "/member/renewal", "/member/account", "/password")),),
        steps.request: (
            (member, ("/member", "/member/declaration", "/member/renewal", "/sessions")),
            (member, ("/member/declaration/employment", "/member/declaration/statements")),
        ),
        steps.fill_declaration: ((member, ("/member/declaration/jobs", "/member/declaration/check")),),
        steps.send_declaration: ((member, ("/member", "/member/renewal", "/member/declaration/sent", "/member/card")),),
        steps.open_desk: ((manager, ("/desk", f"/desk/{number}/{year}", f"/desk/{number}/{year}/hand-over")),),
        steps.approve: ((manager, (f"/desk/{number}/{year}", "/desk?status=approved")),),
        steps.go_to_bank: ((member, ("/member", f"/member/pay/{year}")),),
        steps.confirm: ((manager, ("/desk/payments", f"/desk/payments/{number}/{year}")),),
        steps.see_capacity: (
            (member, ("/member", f"/member/capacity/{year}", "/member/capacity/what-if", f"/member/receipt/{year}")),
            (member, ("/member/account", "/member/reads", "/member/data", f"/member/pay/{year}", "/second-factor")),
            (member, ("/passkeys/new",)),
        ),
    }
    for step in steps.steps(scenario.bank):
        if step.do is steps.come_back:
            see_result(checked, scenario)
        else:
            step.do(scenario)
        for of, paths in pages.get(step.do, ()):
            checked.visit(of, *paths)


def see_result(checked: Checked, scenario: Scenario) -> None:
    browser = scenario.members_browser
    browser.go_on()
    until(lambda: steps.has_come(browser, "پرداخت انجام شد"), RESULT_SECONDS, "page that says it is paid")
    checked.visit(browser, urlsplit(browser.address).path)


def of_officers(checked: Checked, scenario: Scenario) -> None:
    year, number = scenario.year, scenario.applicant.name
    of_manager = [
        "/desk/overview",
        "/desk/money",
        "/desk/calendar",
        "/desk/deputy",
        "/desk/capacity",
        f"/desk/account/{number}",
        "/sessions",
    ]
    of_manager += [
        f"/desk/{number}/{year}/capacity",
        f"/desk/{number}/capacity/what-if",
        f"/desk/account/{number}/reset",
    ]
    checked.visit(scenario.managers_browser, *of_manager)
    checked.page.set_viewport_size({"width": axe_check.WIDTHS[0], "height": axe_check.HEIGHT})
    checked.page.get_by_text("فهرست", exact=True).click()
    checked.check("open menu")
    for person, paths in (
        (users.officer("treasury"), ("/desk/statement", f"/desk/account/{number}/{year}/refund")),
        (users.officer("admin"), ("/desk/officers",)),
        (users.officer("auditor"), ("/desk/reads", f"/desk/reads?member={number}", f"/desk/reads/{number}/{year}")),
    ):
        with driver.signed_in(scenario, person, "officer") as browser:
            checked.visit(browser, *paths)
