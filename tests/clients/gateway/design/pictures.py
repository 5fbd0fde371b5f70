"""Pictures of every page at half their size, with fixed answers at a fixed time; run as a program, it approves those of today."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, sync_playwright

from tests.clients.gateway.design import every_page
from tests.clients.gateway.design.every_page import SEEN, Portal, Seen
from tests.support import system_packages

APPROVED = Path(__file__).parent / "approved"
WIDTHS = (360, 1280)
HEIGHT, HEIGHT_MAX = 800, 6000
DIFFERENCE_MIN = 64
"""How much a point must differ, of 255, to count: the edges of letters differ a little from one Chromium to the next."""
CHANGED_SHARE_MAX = 0.004
"""The tolerance: the share of points, each the mean of two by two, that may count."""
HEIGHT_DIFFERENCE_MAX = 6
QUALITY, METHOD = 55, 6


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it on a screen."""

    seen: Seen
    width: int
    scheme: str = "light"

    @property
    def file(self) -> Path:
        return APPROVED / f"{self.seen.name}-{self.width}-{self.scheme}.webp"


SIGHTS = tuple(
    (seen, scheme) for seen in SEEN for scheme in ("light", "dark") if scheme == "light" or seen.name == "gallery"
)
"""The pages with the schemes in which they are looked at."""
PICTURES = tuple(Picture(seen, width, scheme) for seen, scheme in SIGHTS for width in WIDTHS)


def take(browser: Browser, portal: Portal, seen: Seen, scheme: str) -> Iterator[tuple[Picture, Image.Image]]:
    """The pictures of a page at each width, at half their size."""
    context = every_page.new_context(
        browser, viewport={"width": WIDTHS[0], "height": HEIGHT}, color_scheme="dark" if scheme == "dark" else "light"
    )
    try:
        page = portal.open(context, seen)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            shot = page.screenshot(full_page=True, animations="disabled", caret="hide")
            image = Image.open(BytesIO(shot)).convert("RGB")
            half = image.crop((0, 0, image.width, min(image.height, HEIGHT_MAX))).reduce(2)
            yield Picture(seen, width, scheme), half
    finally:
        context.close()


def as_stored(image: Image.Image) -> Image.Image:
    """A picture as its file gives it back: compression blurs the approved ones too."""
    file = BytesIO()
    image.save(file, "WEBP", quality=QUALITY, method=METHOD)
    with Image.open(file) as stored:
        return stored.convert("RGB")


def changed_share(taken: Image.Image, approved: Image.Image) -> float:
    """The share of the points of two pictures that differ to the eye; 1 for pictures of different sizes."""
    if taken.width != approved.width or abs(taken.height - approved.height) > HEIGHT_DIFFERENCE_MAX:
        return 1
    area = (0, 0, taken.width, min(taken.height, approved.height))
    difference = ImageChops.difference(*(one.convert("RGB").crop(area) for one in (taken, approved)))
    strongest = ImageChops.lighter(ImageChops.lighter(*difference.split()[:2]), difference.split()[2])
    counts = strongest.histogram()
    return sum(counts[DIFFERENCE_MIN:]) / sum(counts)


def main() -> int:
    """Approve the pages of today: take every picture again where it differs from the approved one."""
    APPROVED.mkdir(exist_ok=True)
    with sync_playwright() as playwright, every_page.served() as portal:
        path = next(filter(None, map(shutil.which, system_packages.BROWSERS)))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for seen, scheme in SIGHTS:
            for picture, taken in take(browser, portal, seen, scheme):
                known = (
                    picture.file.exists()
                    and changed_share(as_stored(taken), Image.open(picture.file)) <= CHANGED_SHARE_MAX
                )
                if not known:
                    taken.save(picture.file, quality=QUALITY, method=METHOD)
                    print(picture.file.name)
        browser.close()
    for file in set(APPROVED.glob("*.webp")) - {picture.file for picture in PICTURES}:
        file.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
