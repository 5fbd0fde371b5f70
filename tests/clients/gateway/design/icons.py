"""Make the icons of the installed portal from `static/icon.svg`; run as a program: python -m tests.clients.gateway.design.icons."""

import shutil
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.support import system_packages

STATIC = Path("clients/gateway/design/static")
SIZES = (192, 512)
COLOURS = 32


def main() -> None:
    drawing = (STATIC / "icon.svg").read_text(encoding="utf-8")
    whole = drawing.replace('rx="8"', "").replace('viewBox="0 0 40 40"', 'viewBox="-4 -4 48 48"')
    whole = whole.replace('<rect width="40" height="40"', '<rect x="-4" y="-4" width="48" height="48"')
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, system_packages.BROWSERS)))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for size in SIZES:
            save(browser, drawing, size, STATIC / "icons" / f"icon-{size}.png")
        save(browser, whole, max(SIZES), STATIC / "icons" / "icon-maskable-512.png")
        browser.close()


def save(browser: Browser, drawing: str, size: int, file: Path) -> None:
    """The drawing as a picture of few colours."""
    page = browser.new_page(viewport={"width": size, "height": size})
    page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:100vw}}</style>{drawing}")
    taken = page.screenshot(omit_background=True)
    page.close()
    picture = Image.open(BytesIO(taken)).quantize(COLOURS, method=Image.Quantize.FASTOCTREE)
    picture.save(file, optimize=True)


if __name__ == "__main__":
    main()
