"""A real browser's page under watch: whatever it complains of (scripts, policy, missing files) fails the test."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect

ANSWER_MS = 20_000
expect.set_options(timeout=ANSWER_MS)  # by itself it waits for 5 seconds, in which a busy machine may not draw a page
ERRORS_FROM = 400
WRONG_INPUT = 422
"""The status of a form with something wrong in it; the browser's console notes that too."""
OVERTAKEN = "net::ERR_ABORTED"
"""A second click, or going on before a page has come, breaks off what the browser was loading: that is its good right."""

OFFLINE = "net::ERR_INTERNET_DISCONNECTED"
"""Only where a test has cut the connection."""
NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED"
"""Another test has made or removed the network of its containers: nothing of the page's."""


@contextmanager
def page(browser: Browser, settings: Mapping[str, Any], *, width: int, scripts: bool = True) -> Iterator[Page]:
    """A page of its own, on a screen of this width, with scripts or without."""
    context = browser.new_context(
        **settings, viewport={"width": width, "height": 740}, java_script_enabled=scripts, reduced_motion="reduce"
    )
    context.set_default_timeout(ANSWER_MS)
    found = context.new_page()
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        is_meant = any(one in message.text for one in (f"status of {WRONG_INPUT}", OFFLINE, NETWORK_CHANGED))
        if message.type in {"error", "warning"} and not is_meant:
            complaints.append(f"{message.type}: {message.text} ({found.url})")

    def answered(response: Response) -> None:
        if response.status >= ERRORS_FROM and response.status != WRONG_INPUT:
            complaints.append(f"{response.status}: {response.url}")

    def failed(request: Request) -> None:
        if request.failure not in {OVERTAKEN, OFFLINE, NETWORK_CHANGED}:
            complaints.append(f"{request.failure}: {request.url}")

    found.on("console", on_console)
    found.on("pageerror", lambda error: complaints.append(f"script: {error} ({found.url})"))
    found.on("response", answered)
    found.on("requestfailed", failed)
    try:
        yield found
        if complaints:
            pytest.fail("\n".join(complaints))
    finally:
        context.close()


def open_menu(page: Page) -> Page:
    """The page with its menu of sections open, which lies behind a button on a telephone."""
    page.locator(".menu").wait_for(state="attached")
    button = page.locator(".menu:not([open]) > summary")
    if button.is_visible():
        button.click()
    return page


def is_too_wide(page: Page) -> bool:
    """Whether a reader would have to scroll sideways."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide
