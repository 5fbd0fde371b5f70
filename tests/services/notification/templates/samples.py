"""The texts that the program comes with, and a notice's values."""

from datetime import UTC, datetime
from pathlib import Path

from services.notification import templates
from shared.contract.notification.values import NoticeValues
from shared.settings import Settings

FOLDER = Settings().templates_folder
FILE = FOLDER / "fa.toml"
TEXT = FILE.read_text(encoding="utf-8")
PORTAL = "https://tamdid.esfahan-nezam-madan.example"
TEXTS = templates.load(FOLDER, PORTAL)
UNTIL = datetime(2027, 3, 20, 20, 29, tzinfo=UTC)
"""A minute to midnight on the last day of 1405."""
VALUES = NoticeValues(tracking_code="7K2M9QX4AB", year=1405, amount_rials=9_000_000, until=UNTIL, count=1200)


def line_of(part: str, text: str = TEXT) -> int:
    """The line where a part of a text begins, counted from 1."""
    return text[: text.index(part)].count("\n") + 1


def folder_with(folder: Path, text: str) -> Path:
    (folder / "fa.toml").write_text(text, encoding="utf-8")
    return folder
