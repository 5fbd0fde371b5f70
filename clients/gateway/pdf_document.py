"""A PDF document in Persian, from right to left: letters joined by HarfBuzz, the organization's letterhead, rows, tables, QR codes, signatures."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from fpdf import FPDF
from fpdf.fonts import TTFFont

from clients.gateway.pdf_files import BODY, HEADING, INDENT, LINE, SMALL, TITLE, Letterhead, isolated
from shared.text import persian

FONT = Path(__file__).parent / "design" / "fonts" / "Vazirmatn-Regular.ttf"
MARGIN = 18
LABEL_WIDTH = 48
AMOUNT_WIDTH = 52
SIGNATURE_HEIGHT = 30
QR_SIDE = 30
QR_SCALE = 8
STROKE = 0.2
"""Of letters that are drawn bold: the font has one weight."""
INK, SOFT, RULE, RED = (23, 38, 43), (75, 93, 99), (143, 163, 166), (157, 31, 36)

for library in ("fpdf", "fontTools"):
    logging.getLogger(library).setLevel(logging.ERROR)  # they report each table of the font that they leave out


class Document(FPDF):
    """Pages of A4 with their number; each method writes the next lines."""

    def __init__(self, title: str, letterhead: Letterhead | None = None) -> None:
        super().__init__(format="A4")
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN)
        self.add_font("Vazirmatn", fname=FONT)
        self.set_text_shaping(True, direction="rtl", script="arab", language="fas")
        self.set_text_color(*INK)
        self.set_draw_color(*RULE)
        self.set_title(title)
        self.set_lang("fa")
        self.add_page()
        if letterhead:
            self.write_letterhead(letterhead)

    def footer(self) -> None:
        self.set_y(-MARGIN + LINE / 2)
        self.set_font("Vazirmatn", size=SMALL)
        self.cell(0, LINE, persian.digits_to_persian(str(self.page_no())), align="C")

    def close_fonts(self) -> None:
        """Close the font's file, from which glyphs are read until the end."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    @contextmanager
    def styled(self, color: tuple[int, int, int] = INK, *, bold: bool = False) -> Iterator[None]:
        """Letters of a colour, and of a heavier stroke."""
        with self.local_context(text_color=color, draw_color=color, line_width=STROKE):
            if bold:
                self.text_mode = "FILL_STROKE"
            yield

    def line_of(self, text: str, points: int = BODY, indent: int = 0) -> None:
        self.set_font("Vazirmatn", size=points)
        self.multi_cell(self.epw - indent, LINE * points / BODY, text, align="R", new_x="LMARGIN", new_y="NEXT")

    def heading(self, text: str, points: int = HEADING) -> None:
        with self.styled(bold=True):
            self.line_of(text, points)

    def rule(self) -> None:
        """A line across the page."""
        self.ln(LINE / 4)
        self.line(self.l_margin, self.y, self.w - self.r_margin, self.y)
        self.ln(LINE / 2)

    def write_letterhead(self, letterhead: Letterhead) -> None:
        with self.styled(bold=True):
            self.line_of(letterhead.name, HEADING + 1)
        with self.styled(SOFT):
            for text in letterhead.lines:
                self.line_of(text, SMALL)
        self.rule()

    def rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Labels on the right, each with its value."""
        for label, value in rows:
            self.two_columns(label, value, LABEL_WIDTH, "R")

    def two_columns(self, first: str, second: str, width: float, align: str, *, is_first_wide: bool = False) -> None:
        """A line of two cells, the first on the right; `width` is that of the narrow one."""
        self.set_font("Vazirmatn", size=BODY)
        right = self.epw - width if is_first_wide else width
        cells = (
            (first, self.l_margin + self.epw - right, right, "R"),
            (second, self.l_margin, self.epw - right, align),
        )
        heights = [self.height_of(text, each) for text, _, each, _ in cells]
        if self.will_page_break(max(heights)):
            self.add_page()
        top = self.y
        for text, x, each, aligned in cells:
            self.set_xy(x, top)
            self.multi_cell(each, LINE, text, align=aligned, new_x="LMARGIN", new_y="TOP")
        self.set_xy(self.l_margin, top + max(heights))

    def height_of(self, text: str, width: float) -> float:
        """Of a cell of so wide lines, with the present font."""
        height: Any = self.multi_cell(width, LINE, text, align="R", dry_run=True, output="HEIGHT")
        return float(height)

    def amounts(self, head: tuple[str, str], rows: Sequence[tuple[str, str]], total: tuple[str, str]) -> None:
        """A table of descriptions with their amounts, and the sum below a line."""
        with self.styled(bold=True):
            self.two_columns(*head, AMOUNT_WIDTH, "L", is_first_wide=True)
        self.rule()
        for row in rows:
            self.two_columns(*row, AMOUNT_WIDTH, "L", is_first_wide=True)
        self.rule()
        with self.styled(bold=True):
            self.two_columns(*total, AMOUNT_WIDTH, "L", is_first_wide=True)

    def stamp(self, text: str) -> None:
        """A word in a red frame: what the document is worth no more."""
        self.set_font("Vazirmatn", size=TITLE)
        width = self.get_string_width(text) + 4 * INDENT
        self.set_x(self.w - self.r_margin - width)
        with self.local_context(text_color=RED, draw_color=RED, line_width=1):
            self.cell(width, LINE * 2, text, border=1, align="C", new_x="LMARGIN", new_y="NEXT")
        self.ln(LINE / 2)

    def check_code(self, address: str, text: str) -> None:
        """A QR code of an address on the left, with what it is for beside it."""
        picture = BytesIO()
        segno.make(address, error="m").save(picture, kind="png", scale=QR_SCALE, border=1)
        if self.will_page_break(QR_SIDE):
            self.add_page()
        top = self.y
        self.image(picture, self.l_margin, top, QR_SIDE, alt_text=address)
        self.set_xy(self.l_margin + QR_SIDE + INDENT, top)
        width = self.epw - QR_SIDE - INDENT
        self.set_font("Vazirmatn", size=BODY)
        self.multi_cell(width, LINE, text, align="R", new_x="LEFT", new_y="NEXT")
        self.set_font("Vazirmatn", size=SMALL)
        self.multi_cell(width, LINE, isolated(address), align="R", link=address)
        self.set_xy(self.l_margin, max(self.y, top + QR_SIDE) + LINE / 2)

    def signatures(self, *names: str) -> None:
        """A place for a signature or a stamp under each name, the first on the right."""
        if self.will_page_break(SIGNATURE_HEIGHT):
            self.add_page()
        self.set_font("Vazirmatn", size=BODY)
        width, top = self.epw / len(names), self.y
        for place, name in enumerate(names, 1):
            self.set_xy(self.w - self.r_margin - place * width, top)
            self.cell(width, LINE, name, align="C", new_x="LEFT", new_y="NEXT")
            self.rect(self.x + INDENT, top, width - 2 * INDENT, SIGNATURE_HEIGHT)
        self.set_xy(self.l_margin, top + SIGNATURE_HEIGHT + LINE / 2)


def load_late_modules() -> None:
    """Draw what any document may have: its libraries load some modules, and find out what they log, when they first draw."""
    document = Document("", Letterhead("س", ["س"]))
    document.heading("س")
    document.rows([("س", "س")])
    document.check_code("https://example.org/", "س")
    document.output()
    document.close_fonts()
