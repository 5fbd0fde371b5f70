"""A member's personal data as a PDF, in Persian and from right to left: shaped by HarfBuzz, with a font of our own in it."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fpdf import FPDF
from fpdf.fonts import TTFFont

from shared import provinces, translations
from shared.text import persian

FONT = Path(__file__).parent.parent / "design" / "fonts" / "Vazirmatn-Regular.ttf"
ROWS_MAX = 100
"""Rows of a kind on paper; the JSON file has them all."""
MARGIN, LINE, INDENT = 18, 7, 6
TITLE, HEADING, BODY = 18, 13, 10
"""Millimetres, and points."""
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
PERSIAN_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3]")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NAMED_BY = {"member", "account"}
"""Columns that hold the member's number in every row."""
CODES = {
    "province": provinces.PROVINCES,
    "member_class": translations.group("member_class"),
    "status": translations.group("employment_status"),
    "education": translations.group("education"),
    "discipline": translations.group("discipline"),
}
"""Columns whose texts are codes with a label."""

for library in ("fpdf", "fontTools"):
    logging.getLogger(library).setLevel(logging.ERROR)  # they report each table of the font that they leave out

Kinds = Sequence[Mapping[str, Any]]


class Paper(FPDF):
    """Pages of A4 with their number."""

    def __init__(self) -> None:
        super().__init__(format="A4")
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN)
        self.add_font("Vazirmatn", fname=FONT)
        self.set_text_shaping(True, direction="rtl", script="arab", language="fas")
        self.add_page()

    def close_fonts(self) -> None:
        """Close the font's file, from which glyphs are read until the end."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def footer(self) -> None:
        self.set_y(-MARGIN + LINE / 2)
        self.set_font("Vazirmatn", size=BODY - 2)
        self.cell(0, LINE, persian.digits_to_persian(str(self.page_no())), align="C")

    def line_of(self, text: str, points: int = BODY, indent: int = 0) -> None:
        self.set_font("Vazirmatn", size=points)
        self.multi_cell(self.epw - indent, LINE * points / BODY, text, align="R", new_x="LMARGIN", new_y="NEXT")


def render(number: str, at: datetime, kinds: Kinds) -> bytes:
    """The file: a heading for each kind of rows, and a line for each value."""
    paper = Paper()
    try:
        write(paper, number, at, kinds)
        return bytes(paper.output())
    finally:
        paper.close_fonts()


def write(paper: Paper, number: str, at: datetime, kinds: Kinds) -> None:
    paper.set_title("داده‌های شخصی من")
    paper.set_lang("fa")
    paper.line_of("داده‌های شخصی من", TITLE)
    paper.line_of(f"شمارهٔ عضویت {persian.digits_to_persian(number)}، {shown('', at.isoformat())}")
    for kind in kinds:
        paper.ln(LINE / 2)
        paper.line_of(heading(kind), HEADING)
        for row in kind["rows"][:ROWS_MAX]:
            for name, value in flattened(row):
                paper.line_of(f"{label(name)}: {shown(name, value)}", BODY, INDENT)
            paper.ln(LINE / 2)


def heading(kind: Mapping[str, Any]) -> str:
    """A kind's name, and how many of its rows are shown where that is not all."""
    name, total = translations.group("personal_kind")[kind["kind"]], kind["total"]
    shown_rows = min(len(kind["rows"]), ROWS_MAX)
    of_all = f" ({persian.format_number(shown_rows)} از {persian.format_number(total)})" if shown_rows < total else ""
    return name + of_all


def flattened(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each value that is there with its own column's name, also within others."""
    for name, inner in value.items():
        if name in NAMED_BY or inner in (None, "", [], {}):
            continue
        parts = inner if isinstance(inner, list) else [inner]
        for part in parts:
            if isinstance(part, dict):
                yield from flattened(part)
            else:
                yield name, part


def label(name: str) -> str:
    """A column's name for a reader; a name of a form's field by its last part."""
    own = name.rpartition(".")[2]
    return translations.group("personal_column").get(own, own.replace("_", " "))


def shown(name: str, value: object) -> str:
    """A value for a reader: codes by their labels, days Jalali, instants in Tehran, digits Persian."""
    match value:
        case bool():
            return "بله" if value else "خیر"
        case int():
            return persian.format_number(value) if name.endswith("_rials") else persian.digits_to_persian(str(value))
        case str() if INSTANT.fullmatch(value):
            day, hour = persian.format_instant(datetime.fromisoformat(value)).split()
            return persian.digits_to_persian(f"{day}، {hour}")
        case str() if DAY.fullmatch(value):
            return persian.digits_to_persian(persian.format_date(date.fromisoformat(value)))
        case _:
            text = str(value)
            return isolated(CODES.get(name, {}).get(text, text))


def isolated(text: str) -> str:
    """A text without Persian letters, such as a number with signs in it, kept from left to right."""
    return text if PERSIAN_LETTER.search(text) else f"\u2066{text}\u2069"
