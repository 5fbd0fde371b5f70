"""Every page looks as approved: `make pictures` approves what has changed on purpose."""

from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.clients.gateway.design import every_page, pictures
from tests.clients.gateway.design.every_page import Portal, Seen
from tests.clients.gateway.design.pictures import PICTURES, SIGHTS

APPROVED_BYTES_MAX = 3_000_000


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with every_page.served() as portal:
        yield portal


@pytest.mark.parametrize(("seen", "scheme"), SIGHTS, ids=[f"{seen.name}-{scheme}" for seen, scheme in SIGHTS])
def test_a_page_looks_as_approved(browser: Browser, portal: Portal, seen: Seen, scheme: str) -> None:
    for picture, taken in pictures.take(browser, portal, seen, scheme):
        with Image.open(picture.file) as approved:
            share = pictures.changed_share(pictures.as_stored(taken), approved)
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
