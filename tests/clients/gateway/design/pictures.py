"""Pictures of every page at half their size, with fixed answers at a fixed time; run as a program, it approves those of today."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Page, sync_playwright

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


@contextmanager
def opened(page: Page, portal: Portal, seen: Seen, scheme: str) -> Iterator[None]:
    """A page as it is before anything is done with it but what is to be seen."""
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", forced_colors="none")
    try:
        portal.open(page, seen)
        yield
    finally:
        every_page.forget(page)


def take(page: Page, seen: Seen, scheme: str) -> Iterator[tuple[Picture, Image.Image]]:
    """The pictures of an open page at each width, at half their size."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        shot = page.screenshot(full_page=True, animations="disabled", caret="hide")
        image = Image.open(BytesIO(shot)).convert("RGB")
        half = image.crop((0, 0, image.width, min(image.height, HEIGHT_MAX))).reduce(2)
        yield Picture(seen, width, scheme), half


def is_as_approved(picture: Picture, taken: Image.Image) -> bool:
    """Whether a picture differs from its approved one by no more than the tolerance; compressed too where the edges of letters need it."""
    with Image.open(picture.file) as approved:
        return any(
            changed_share(one(), approved) <= CHANGED_SHARE_MAX for one in (lambda: taken, lambda: as_stored(taken))
        )


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
        with every_page.new_page(browser) as page:
            approve(page, portal)
        browser.close()
    for file in set(APPROVED.glob("*.webp")) - {picture.file for picture in PICTURES}:
        file.unlink()
    return 0


def approve(page: Page, portal: Portal) -> None:
    """Keep the pictures that differ from the approved ones."""
    for seen, scheme in SIGHTS:
        with opened(page, portal, seen, scheme):
            for picture, taken in take(page, seen, scheme):
                if not (picture.file.exists() and is_as_approved(picture, taken)):
                    taken.save(picture.file, quality=QUALITY, method=METHOD)
                    print(picture.file.name)


if __name__ == "__main__":
    sys.exit(main())
