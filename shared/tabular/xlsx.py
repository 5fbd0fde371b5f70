"""Rows of an XLSX workbook by openpyxl, as the texts that a CSV file of it would have; its first visible sheet with a cell."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice, repeat
from typing import Any

from shared.tabular.limits import SHEET_ROWS_MAX, Unreadable, refuse
from shared.text import persian

UNPACKED_BYTES_MAX = 400_000_000
UNPACKED_TIMES_MAX, UNPACKED_BYTES_ALWAYS = 50, 10_000_000
"""No real table is compressed better than 1 to 50; small files may be, whose overhead dominates."""
SHARED_BYTES_MAX = 60_000_000
"""Of each part that is read as a whole: the strings and styles, not the sheets."""
PARTS_MAX = 2_000
EXACT_BELOW = 10**15
"""Numbers of more digits do not fit a spreadsheet's number cell."""
SHEETS = "xl/worksheets/"
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"')
MERGED_MAX = 100_000
CHUNK_BYTES, TAG_BYTES_MAX = 1_000_000, 200

Merged = dict[int, dict[int, int]]
"""By the row where a merged cell begins: its first column, counted from 0, and its last row."""


def records(content: bytes) -> Iterator[list[str]]:
    """Each row's cells, an empty list for a row that is not there."""
    try:
        check_archive(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's warnings about parts of the file that are not read
            yield from rows_of(content)
    except Unreadable:
        raise
    except MemoryError:
        raise refuse("file_too_large") from None
    except Exception:  # noqa: BLE001 - openpyxl raises whatever broke, from KeyError to zlib.error
        raise refuse("file_broken") from None


def check_archive(content: bytes) -> None:
    """Refuse other archives, and what unpacks to more than a table needs; the archive's reader enforces each part's stated size."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.xml" not in names:
        raise refuse("file_ods" if "content.xml" in names else "file_unknown")
    whole = [part.file_size for part in parts if not part.filename.startswith(SHEETS)]
    most = min(UNPACKED_BYTES_MAX, max(UNPACKED_BYTES_ALWAYS, UNPACKED_TIMES_MAX * len(content)))
    if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > most:
        raise refuse("file_too_large")
    if max(whole, default=0) > SHARED_BYTES_MAX:
        raise refuse("file_too_large")


def rows_of(content: bytes) -> Iterator[list[str]]:
    workbook = open_workbook(content, data_only=True)
    try:
        sheet = next(filter(has_cells, visible_sheets(workbook)), None)
        if sheet is None:
            return
        has_formulas, merged = scan_sheet(content, sheet._worksheet_path)  # noqa: SLF001 - openpyxl has no public name for it
        formulas = formula_rows(content, sheet.title) if has_formulas else repeat(())
        covered: dict[int, tuple[int, str]] = {}
        for number, (row, typed) in enumerate(zip(sheet.iter_rows(values_only=True), formulas, strict=False), start=1):
            if any(value is None and formula is not None for value, formula in zip(row, typed, strict=False)):
                raise refuse("formula_unread", number)
            cells = [cell_text(value) for value in row]
            fill_merged_cells(cells, number, covered)
            for column, last in merged.get(number, {}).items():
                covered[column] = last, "".join(cells[column : column + 1])
            yield cells
    finally:
        workbook.close()


def open_workbook(content: bytes, *, data_only: bool) -> Any:
    """The workbook with its values as last calculated, or with its formulas."""
    import openpyxl  # noqa: PLC0415 - a third of a second, only where a workbook is read

    return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)


def visible_sheets(workbook: Any) -> Iterator[Any]:
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # what the file states of its own size would be filled up with empty cells
            yield sheet


def has_cells(sheet: Any) -> bool:
    rows = islice(sheet.iter_rows(values_only=True), SHEET_ROWS_MAX)  # a row's stated number may be any
    return any(value is not None for row in rows for value in row)


def formula_rows(content: bytes, title: str) -> Iterator[tuple[object, ...]]:
    """The rows of a sheet with formulas instead of their values."""
    workbook = open_workbook(content, data_only=False)
    try:
        yield from next(sheet for sheet in visible_sheets(workbook) if sheet.title == title).iter_rows(values_only=True)
    finally:
        workbook.close()


def scan_sheet(content: bytes, path: str) -> tuple[bool, Merged]:
    """Whether a sheet has formulas, and which of its cells are merged with those below: openpyxl's read-only mode reports neither."""
    from openpyxl.utils import column_index_from_string  # noqa: PLC0415 - as in `open_workbook`

    has_formulas, merged, rest, count = False, Merged(), b"", 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(path.removeprefix("/")) as part:
        while chunk := part.read(CHUNK_BYTES):
            block = rest + chunk
            has_formulas = has_formulas or FORMULA.search(block) is not None
            for letters, first, last in MERGED.findall(block):
                merged.setdefault(int(first), {})[column_index_from_string(letters.decode()) - 1] = int(last)
                count += 1
            if count > MERGED_MAX:
                raise refuse("file_too_large")
            rest = block[-TAG_BYTES_MAX:]
    return has_formulas, merged


def fill_merged_cells(cells: list[str], number: int, covered: dict[int, tuple[int, str]]) -> None:
    """Repeat a merged cell's text in each row that it covers, as a reader sees it."""
    for column, (last, text) in covered.items():
        if number <= last and text:
            cells += [""] * (column + 1 - len(cells))
            cells[column] = cells[column] or text


def cell_text(value: object) -> str:
    """A cell's value as typed text: days in the Jalali calendar, whole numbers without `.0`."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case datetime():
            hour = f" {value:%H:%M:%S}" if value.time() != time() else ""
            return date_text(value.date()) + hour
        case date():
            return date_text(value)
        case float() if abs(value) >= EXACT_BELOW:
            return f"{Decimal(value):.14E}"
        case float():
            return f"{Decimal(repr(value)):f}".removesuffix(".0")
        case _:
            return str(value)


def date_text(day: date) -> str:
    """A day as `1405/07/15`; one that a spreadsheet took for a Gregorian one, such as 1405-07-15, is left as it was typed."""
    if persian.JALALI_YEAR_MIN <= day.year <= persian.JALALI_YEAR_MAX:
        return f"{day.year:04}/{day.month:02}/{day.day:02}"
    try:
        return persian.format_date(day)
    except ValueError:
        return day.isoformat()
