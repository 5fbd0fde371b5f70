"""Axe on a page that is open in a browser: WCAG 2.2 AA and its good practices, at three widths, colours in both schemes."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

AXE = Path("tests/support/axe/axe.min.js").read_text(encoding="utf-8")
"""axe-core 4.14.1 of npm, under MPL-2.0 (LICENSE beside it)."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (360, 768, 1280)
HEIGHT = 740
HEADER_PIXELS_MAX = 96
FOUND = """async ([tags, off]) => {
  const rules = Object.fromEntries(off.map((one) => [one, {enabled: false}]));
  const run = {runOnly: {type: "tag", values: tags}, rules, resultTypes: ["violations"], elementRef: false};
  const {violations} = await axe.run(document, run);
  return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target} ${node.html.slice(0, 120)}`));
}"""
CONTRAST = """async () => {
  const {violations} = await axe.run(document, {runOnly: ["color-contrast"], resultTypes: ["violations"]});
  return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target} ${node.html.slice(0, 120)}`));
}"""
HEADER = "document.querySelector('header').offsetHeight - (document.querySelector('.trial')?.offsetHeight ?? 0)"
IS_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def findings(page: Page, name: str) -> Iterator[str]:
    """What axe finds by all rules at each width, colours once in each scheme; a header too high, a page too wide."""
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    page.evaluate(AXE)
    if page.evaluate(HEADER) > HEADER_PIXELS_MAX:
        yield f"{name}: the header is too high for a telephone"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        off = [] if width == WIDTHS[0] else ["color-contrast"]
        yield from (f"{name} at {width}: {one}" for one in page.evaluate(FOUND, [TAGS, off]))
        if page.evaluate(IS_TOO_WIDE):
            yield f"{name} at {width}: wider than the screen"
    page.emulate_media(color_scheme="dark")
    yield from (f"{name} in the dark: {one}" for one in page.evaluate(CONTRAST))
    page.emulate_media(color_scheme="light")
