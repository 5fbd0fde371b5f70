"""Every page in its main states: it looks as approved, axe finds nothing, and the heading is on the first screen at 400 % zoom and in forced colours."""

from collections.abc import Iterator

import flask
import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.clients.gateway.design import every_page, pictures
from tests.clients.gateway.design.every_page import SEEN, Portal, Seen
from tests.clients.gateway.design.pictures import SIGHTS, is_as_approved
from tests.support import axe_check

ZOOMED: ViewportSize = {"width": 320, "height": 256}
"""1280 by 1024 at 400 %."""
HEADING = """() => {
  const heading = document.querySelector("main h1, main .summary h2");
  const line = document.createRange();
  line.selectNodeContents(heading);
  const box = line.getClientRects()[0];
  const above = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  return {
    isOnScreen: box.top >= 0 && box.bottom <= innerHeight,
    isCovered: above === null || !heading.contains(above),
    width: document.documentElement.scrollWidth,
  };
}"""
"""Of the page's heading, or of the summary of errors, which comes before it and has the focus."""


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with every_page.served() as portal:
        yield portal


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with every_page.new_page(browser) as page:
        yield page


@pytest.mark.parametrize(("seen", "scheme"), SIGHTS, ids=[f"{seen.name}-{scheme}" for seen, scheme in SIGHTS])
def test_it_looks_as_approved_axe_finds_nothing_and_the_heading_is_on_the_first_screen_at_four_hundred_percent(
    page: Page, portal: Portal, seen: Seen, scheme: str
) -> None:
    """Opened once, which costs as much as all of these."""
    with pictures.opened(page, portal, seen, scheme):
        changed = [one.file.stem for one, taken in pictures.take(page, seen, scheme) if not is_as_approved(one, taken)]
        assert changed == [], "look at it, then `make pictures`"
        assert [*axe_check.findings(page, seen.name)] == []
        page.set_viewport_size(ZOOMED)
        for colours in ("none", "active"):
            page.emulate_media(forced_colors=colours)
            page.evaluate("scrollTo(0, 0)")
            found = page.evaluate(HEADING)
            assert found["isOnScreen"], "the heading is below the first screen"
            assert not found["isCovered"], "something lies over the heading"
            assert found["width"] <= ZOOMED["width"]


def test_axe_finds_nothing_in_the_open_menu(page: Page, portal: Portal) -> None:
    desk = next(one for one in SEEN if one.name == "desk")
    with pictures.opened(page, portal, desk, "light"):
        page.get_by_text("فهرست", exact=True).first.click()
        assert [*axe_check.findings(page, "open menu")] == []


def test_every_endpoint_that_answers_get_is_seen_or_has_a_reason(app: flask.Flask) -> None:
    urls = app.url_map.bind("localhost")
    seen = {urls.match(one.path.partition("?")[0])[0] for one in SEEN if one.path not in ("/nowhere", "/design")}
    known = seen | every_page.NO_PAGES.keys() | every_page.SEEN_ELSEWHERE.keys()
    offered = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert offered - known == set(), "add the page to SEEN in every_page.py, or say what it is in NO_PAGES"
    assert known - offered == set(), "is offered no more"
