"""A short form of `make desk`: few members and requests, each decided rightly from its first screen, with the mouse and with the keyboard."""

import pytest
from playwright.sync_api import Browser

from tests.drills.desk.run import SHORT, run


@pytest.mark.slow
def test_a_manager_decides_every_request_from_its_first_screen(browser: Browser) -> None:
    report = run(SHORT, browser, report_line=print)
    assert report.violations == []
    assert (report.with_keys.decisions, report.with_mouse.decisions) == (SHORT.by_keys, SHORT.requests)
    assert report.with_mouse.actions <= 1.5 * SHORT.requests + 10
