"""Going through the demo's steps up to one of them, and asking as one of its people."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clients.admin.transport.http import HttpServer
from tests.demo import steps
from tests.demo.__main__ import SESSION_COOKIE
from tests.demo.browser import Browser
from tests.demo.event_logs import Logs
from tests.demo.page import Control, Form
from tests.demo.steps import Scenario
from tests.demo.users import Person

ANSWER_SECONDS = 20


def until(scenario: Scenario, last: Callable[[Scenario], None]) -> None:
    """Take all steps up to and including one; pages wait by themselves for what other programs have to hear first."""
    for step in steps.steps(scenario.bank):
        step.do(scenario)
        if step.do is last:
            return
    raise LookupError(f"{last} is no step")


def types(logs: Logs, scenario: Scenario) -> list[str]:
    """The events of the scene's member, in the order in which they were recorded."""
    logs.news()
    return [one.type for one in logs.of(scenario.applicant.name)]


@contextmanager
def signed_in(scenario: Scenario, person: Person, principal_kind: str = "member") -> Iterator[Browser]:
    """Somebody else's browser."""
    browser = Browser(scenario.portal)
    try:
        browser.go("/sign-in")
        steps.sign_in(browser, principal_kind, person.name, person.secret)
        browser.must_say("خروج")
        yield browser
    finally:
        browser.close()


@contextmanager
def api_client(scenario: Scenario, browser: Browser) -> Iterator[HttpServer]:
    """The JSON API with the session of a browser."""
    server = HttpServer(scenario.portal, browser.cookie(SESSION_COOKIE), ANSWER_SECONDS)
    try:
        yield server
    finally:
        server.close()


def forged(browser: Browser, action: str, **fields: str) -> Form:
    """A form that no page of ours has offered, with the token of one that it has."""
    token = next(one.value for form in browser.page.forms for one in form.controls if one.name == "csrf_token")
    controls = [Control(name, "hidden", value) for name, value in {"csrf_token": token, **fields}.items()]
    return Form(action, "post", controls)
