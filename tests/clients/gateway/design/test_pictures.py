"""What counts as a change of a page's picture, and the approved ones themselves."""

from PIL import Image

from tests.clients.gateway.design import pictures
from tests.clients.gateway.design.pictures import PICTURES

APPROVED_BYTES_MAX = 4_000_000


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
