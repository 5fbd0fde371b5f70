"""The gallery and the main pages look as approved: `make pictures` approves what has changed on purpose."""

from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.clients.gateway.design import pictures
from tests.clients.gateway.design.pictures import PICTURES, Picture

APPROVED_BYTES_MAX = 1_500_000


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with pictures.served() as address:
        yield address


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: one.file.stem)
def test_a_page_looks_as_approved(browser: Browser, address: str, picture: Picture) -> None:
    taken, has_our_font = pictures.take(browser, address, picture)
    assert has_our_font, "the page is not drawn with Vazirmatn"
    with Image.open(picture.file) as approved:
        share = pictures.changed_share(taken, approved)
    assert share <= pictures.CHANGED_SHARE_MAX, f"{picture.file.stem} has changed: look at it, then `make pictures`"


def test_a_moved_button_is_a_change() -> None:
    approved = Image.new("RGB", (1280, 800), "white")
    moved = approved.copy()
    moved.paste("#0f6a79", (100, 100, 240, 150))
    assert pictures.changed_share(moved, approved) > pictures.CHANGED_SHARE_MAX
    assert pictures.changed_share(approved, approved.crop((0, 0, 1280, 780))) == 1


def test_the_approved_pictures_are_those_of_today_and_small() -> None:
    files = set(pictures.APPROVED.glob("*"))
    assert files == {picture.file for picture in PICTURES}
    assert sum(file.stat().st_size for file in files) < APPROVED_BYTES_MAX
