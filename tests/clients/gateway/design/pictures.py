"""Pictures of the gallery and the main pages, against services with fixed answers at a fixed time; run as a program, it approves those of today."""

import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from threading import Thread
from unittest import mock

from PIL import Image, ImageChops
from playwright.sync_api import Browser, sync_playwright
from pydantic import SecretStr
from werkzeug.serving import make_server

from clients.gateway.app import make_app
from clients.gateway.web import rpc
from clients.gateway.web.session import COOKIE
from shared.app_context import AppContext
from shared.settings import Settings
from tests.clients.gateway import samples
from tests.clients.gateway.fake_services import FakeServices
from tests.support import system_packages

APPROVED = Path(__file__).parent / "approved"
NOW = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
HEIGHT_MAX = 6000
DIFFERENCE_MIN = 64
"""How much a point must differ, of 255, to count: the edges of letters differ a little from one Chromium to the next."""
CHANGED_SHARE_MAX = 0.004
"""The tolerance: the share of points, each the mean of two by two, that may count."""
HEIGHT_DIFFERENCE_MAX = 12
QUALITY = 55


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it on a screen."""

    name: str
    path: str
    session: str
    width: int
    scheme: str = "light"

    @property
    def file(self) -> Path:
        return APPROVED / f"{self.name}-{self.width}-{self.scheme}.webp"


PAGES = (
    ("receipt", f"/receipt/{samples.TASK}", ""),
    ("sign-in", "/sign-in", ""),
    ("overview", "/desk/overview", "manager-session"),
)
PICTURES = tuple(
    [
        Picture("gallery", "/design", "member-session", width, scheme)
        for width in (360, 1280)
        for scheme in ("dark", "light")
    ]
    + [Picture(name, path, session, width) for name, path, session in PAGES for width in (360, 1280)]
)


@contextmanager
def served() -> Iterator[str]:
    """The gateway in this process, in the middle of a renewal; its address."""
    with mock.patch.object(samples, "NOW", NOW), mock.patch.object(rpc, "now", return_value=NOW):
        services = FakeServices()
        services.last_declaration, services.capacity = samples.DECLARATION, samples.capacity()
        services.renewal = samples.renewal("submitted")
        services.invoices = (samples.invoice("open"),)
        services.desk = (services.renewal,) * 4
        with tempfile.TemporaryDirectory() as var:
            settings = Settings(var=Path(var), page_secret=SecretStr("a secret of these pictures"), development=True)
            server = make_server("127.0.0.1", 0, make_app(AppContext(services, settings)), threaded=True)
            logging.getLogger("werkzeug").setLevel(logging.ERROR)
            thread = Thread(target=server.serve_forever)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}"
            finally:
                server.shutdown()
                thread.join()
                server.server_close()


def take(browser: Browser, address: str, picture: Picture) -> tuple[Image.Image, bool]:
    """The picture of a page, and whether the page was drawn with our font."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": 800},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        locale="fa-IR",
        timezone_id="Asia/Tehran",
        reduced_motion="reduce",
    )
    if picture.session:
        context.add_cookies([{"name": COOKIE, "value": picture.session, "url": address}])
    page = context.new_page()
    page.goto(address + picture.path)
    has_font = page.evaluate("document.fonts.ready.then(() => document.fonts.check('1rem Vazirmatn', 'عضو'))")
    drawn = page.evaluate("[...document.fonts].some((one) => one.family === 'Vazirmatn' && one.status === 'loaded')")
    shot = page.screenshot(full_page=True, animations="disabled")
    context.close()
    image = Image.open(BytesIO(shot)).convert("RGB")
    return image.crop((0, 0, image.width, min(image.height, HEIGHT_MAX))), has_font and drawn


def changed_share(taken: Image.Image, approved: Image.Image) -> float:
    """The share of the points of two pictures that differ to the eye; 1 for pictures of different sizes."""
    if taken.width != approved.width or abs(taken.height - approved.height) > HEIGHT_DIFFERENCE_MAX:
        return 1
    area = (0, 0, taken.width, min(taken.height, approved.height))
    halves = [one.convert("RGB").crop(area).reduce(2) for one in (taken, approved)]
    difference = ImageChops.difference(*halves)
    strongest = ImageChops.lighter(ImageChops.lighter(*difference.split()[:2]), difference.split()[2])
    counts = strongest.histogram()
    return sum(counts[DIFFERENCE_MIN:]) / sum(counts)


def main() -> int:
    """Approve the pages of today: take every picture again where it differs from the approved one."""
    APPROVED.mkdir(exist_ok=True)
    with sync_playwright() as playwright, served() as address:
        path = next(filter(None, map(shutil.which, system_packages.BROWSERS)))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for picture in PICTURES:
            taken, _ = take(browser, address, picture)
            known = picture.file.exists() and changed_share(taken, Image.open(picture.file)) <= CHANGED_SHARE_MAX
            if not known:
                taken.save(picture.file, quality=QUALITY, method=6)
                print(picture.file.name)
        browser.close()
    for file in set(APPROVED.glob("*.webp")) - {picture.file for picture in PICTURES}:
        file.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
