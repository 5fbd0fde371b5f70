"""Writes rows as a CSV or XLSX file for spreadsheets: formulas escaped, numbers as numbers, codes with their zeros as text."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, Protocol

from shared.tabular.limits import CELL_CHARACTERS_MAX

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell

Cell = str | int | Decimal | None
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FORMULA_STARTS = "=+\\-@＝＋－＠﹢﹣−"
"""What makes a spreadsheet compute a cell, as the inside of a character class; the last are forms of other widths."""
SEPARATORS = ";؛\t\r\n"
"""Where a spreadsheet begins another cell of a CSV file whose commas its language has for no separator."""
SKIPPED = '(?:[^\\S\t\r\n]|["\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff])*'
FORMULA = re.compile(f"^(?=[\t\r\n])|(?:^|(?<=[{SEPARATORS}]))(?={SKIPPED}[{FORMULA_STARTS}])")
"""The places before what would be computed, also after blanks, invisible characters and quotes."""
EXACT_BELOW = 10**15
"""Numbers of more digits are text: a spreadsheet would round them."""
TITLE_LENGTH_MAX = 31
NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
WIDTH_MIN, WIDTH_OF_TEXT = 12, 22


class Writer(Protocol):
    """Writes rows into a file; whole once it is closed."""

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows below those that are there."""

    def close(self) -> None:
        """Write what is left; nothing can be added after it."""


class CsvWriter:
    """CSV in UTF-8 with the mark by which spreadsheets know it, and CRLF at the end of a line (RFC 4180)."""

    def __init__(self, out: BinaryIO, title: str, headings: Sequence[str], *, is_rtl: bool = True) -> None:  # noqa: ARG002
        self.text = io.TextIOWrapper(out, "utf-8-sig", newline="")
        self.writer = csv.writer(self.text, lineterminator="\r\n")
        self.add([headings])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        self.writer.writerows([plain(cell) for cell in row] for row in rows)

    def close(self) -> None:
        self.text.flush()
        self.text.detach()


class XlsxWriter:
    """XLSX with one sheet, whose headings stay in sight."""

    def __init__(self, out: BinaryIO, title: str, headings: Sequence[str], *, is_rtl: bool = True) -> None:
        from openpyxl import Workbook  # noqa: PLC0415 - a tenth of a second, only where a workbook is written
        from openpyxl.utils import get_column_letter  # noqa: PLC0415

        self.out = out
        self.book = Workbook(write_only=True)
        self.sheet = self.book.create_sheet(NOT_IN_TITLE.sub(" ", title)[:TITLE_LENGTH_MAX])
        self.sheet.sheet_view.rightToLeft = is_rtl
        self.sheet.freeze_panes = "A2"
        for number, heading in enumerate(headings, 1):
            width = max(WIDTH_MIN, min(WIDTH_OF_TEXT, len(heading) + 4))
            self.sheet.column_dimensions[get_column_letter(number)].width = width
        self.sheet.append([self.heading(text) for text in headings])

    def heading(self, text: str) -> "WriteOnlyCell":
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
        from openpyxl.styles import Font  # noqa: PLC0415

        cell = WriteOnlyCell(self.sheet, plain(text))
        cell.font = Font(bold=True)
        return cell

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            self.sheet.append([plain(cell) for cell in row])

    def close(self) -> None:
        self.book.save(self.out)


WRITERS: Mapping[str, type[CsvWriter] | type[XlsxWriter]] = {"csv": CsvWriter, "xlsx": XlsxWriter}
"""By the ending of a file's name."""
MIMETYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def plain(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula, nor rounds: an apostrophe is before text that would be one."""
    if isinstance(cell, str):
        text = NOT_IN_XML.sub("", cell)
        return FORMULA.sub("'", text.replace("\r\n", "\n").replace("\r", "\n"))[:CELL_CHARACTERS_MAX]
    if isinstance(cell, int) and abs(cell) >= EXACT_BELOW:
        return str(cell) if cell > 0 else f"'{cell}"
    return cell


def content(kind: str, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A whole file, from right to left."""
    out = io.BytesIO()
    writer = WRITERS[kind](out, title, headings)
    writer.add(rows)
    writer.close()
    return out.getvalue()
