"""A real browser's page under watch: whatever it complains of (scripts, policy, missing files) fails the test at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Response

ANSWER_MS = 15_000
ERRORS_FROM = 400


@contextmanager
def page(browser: Browser, settings: dict[str, Any], *, width: int, height: int, scripts: bool = True) -> Iterator[Page]:
    """A page of its own, as a person with a screen of this width has it."""
    context = browser.new_context(
        **settings, viewport={"width": width, "height": height}, java_script_enabled=scripts, color_scheme="light"
    )
    context.set_default_timeout(ANSWER_MS)
    found = context.new_page()
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"{message.type}: {message.text} ({found.url})")

    def answered(response: Response) -> None:
        if response.status >= ERRORS_FROM:
            complaints.append(f"{response.status}: {response.url}")

    found.on("console", heard)
    found.on("pageerror", lambda error: complaints.append(f"script: {error} ({found.url})"))
    found.on("response", answered)
    found.on("requestfailed", lambda one: complaints.append(f"failed: {one.failure} {one.url}"))
    try:
        yield found
        assert complaints == []
    finally:
        context.close()


def is_too_wide(page: Page) -> bool:
    """Whether a reader would have to scroll sideways."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide
