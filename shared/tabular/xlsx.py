"""Rows of an XLSX workbook by openpyxl, as the texts that a CSV file of it would have; its first visible sheet."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from shared import persian
from shared.tabular.limits import Unreadable, refuse

UNPACKED_BYTES_MAX = 400_000_000
UNPACKED_TIMES_MAX, UNPACKED_BYTES_ALWAYS = 50, 10_000_000
"""No honest table packs better than 1 to 50; small files may, because most of them is frame."""
SHARED_BYTES_MAX = 60_000_000
"""Of each part that is read as a whole: the strings and styles, not the sheets."""
PARTS_MAX = 2_000
EXACT_BELOW = 10**15
"""Numbers of more digits are not kept by a spreadsheet's number cell."""
SHEETS = "xl/worksheets/"


def records(content: bytes) -> Iterator[list[str]]:
    """Each row's cells, an empty list for a row that is not there."""
    try:
        must_be_bounded(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's word on parts of the file that are not read
            yield from rows_of(content)
    except Unreadable:
        raise
    except MemoryError:
        raise refuse("file_too_large") from None
    except Exception:  # noqa: BLE001 - openpyxl says of a broken file whatever broke, from KeyError to zlib.error
        raise refuse("file_broken") from None


def must_be_bounded(content: bytes) -> None:
    """Refuse what unpacks to more than a table needs; the archive's reader holds each part to the size it states."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    whole = [part.file_size for part in parts if not part.filename.startswith(SHEETS)]
    most = min(UNPACKED_BYTES_MAX, max(UNPACKED_BYTES_ALWAYS, UNPACKED_TIMES_MAX * len(content)))
    if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > most:
        raise refuse("file_too_large")
    if max(whole, default=0) > SHARED_BYTES_MAX:
        raise refuse("file_too_large")


def rows_of(content: bytes) -> Iterator[list[str]]:
    import openpyxl  # noqa: PLC0415 - a third of a second, for those alone who bring a workbook

    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        for sheet in visible[:1]:
            sheet.reset_dimensions()  # what the file states of its own size would be filled up with empty cells
            for row in sheet.iter_rows(values_only=True):
                yield [text_of(value) for value in row]
    finally:
        workbook.close()


def text_of(value: object) -> str:
    """A cell's value as a person would have typed it: days in the Jalali calendar, whole numbers without `.0`."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case datetime():
            hour = f" {value:%H:%M:%S}" if value.time() != time() else ""
            return day_of(value.date()) + hour
        case date():
            return day_of(value)
        case float() if abs(value) >= EXACT_BELOW:
            return f"{Decimal(value):.14E}"
        case float():
            return f"{Decimal(repr(value)):f}".removesuffix(".0")
        case _:
            return str(value)


def day_of(day: date) -> str:
    """A day as `1405/07/15`; one of which a spreadsheet thought that 1405 is a Gregorian year is what was typed."""
    if persian.JALALI_YEAR_MIN <= day.year <= persian.JALALI_YEAR_MAX:
        return f"{day.year:04}/{day.month:02}/{day.day:02}"
    try:
        return persian.format_date(day)
    except ValueError:
        return day.isoformat()
