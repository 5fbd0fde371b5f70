"""A tabular file of any kind as one table: which column holds which field, and each row below the headings."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from shared.tabular import csv_text, xlsx
from shared.tabular.limits import (
    BYTES_MAX,
    CELL_CHARACTERS_MAX,
    CELLS_MAX,
    COLUMNS_MAX,
    ROWS_MAX,
    SHEET_ROWS_MAX,
    Fault,
    Unreadable,
    refuse,
)
from shared.text import persian

HEADING_ROWS_MAX = 20
"""Rows in which the headings are searched for: titles may be above them."""
ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How an old Excel file begins, and also one with a password."""
LOCKED = "EncryptedPackage".encode("utf-16-le")

Headings = Mapping[str, Sequence[str]]
"""The headings that each field is known by."""


@dataclass(frozen=True)
class Row:
    """A row below the headings; `number` is the one that a spreadsheet shows."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The column of each field, and the rows, which can be read once; empty ones are left out."""

    headings: Row
    columns: Mapping[str, int]
    rows: Iterator[Row]

    def cell(self, row: Row, name: str) -> str:
        """The text of a field; empty where the row or the table has none."""
        column = self.columns.get(name)
        return "" if column is None or column >= len(row.cells) else row.cells[column]


def read(content: bytes, known: Headings, required: Collection[str] = ()) -> Table:
    """The table in a file; raises `Unreadable`, also while its rows are read, with row, column and cause."""
    keys = {heading_key(heading): name for name, headings in known.items() for heading in headings}
    if len(content) > BYTES_MAX:
        raise refuse("file_too_large")

    def score(cells: Sequence[str]) -> int:
        return len({keys[key] for key in map(heading_key, cells) if key in keys})

    rows = number_rows(records_of(content, score))
    first = list(islice(rows, HEADING_ROWS_MAX))
    headings = max(first, key=lambda row: score(row.cells), default=Row(1, ()))
    return Table(headings, find_columns(headings, known, required), rows_below(first, rows, headings))


def records_of(content: bytes, score: csv_text.Score) -> Iterator[list[str]]:
    """The records of a file by its kind, detected by its first bytes and never by its name."""
    if content.startswith(ZIP):
        return xlsx.records(content)
    if content.startswith(OLE):
        raise refuse("file_locked" if LOCKED in content else "file_xls")
    begin = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begin.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<meta")):
        raise refuse("file_html")
    if begin.startswith((b"%pdf", b"{\\rtf")):
        raise refuse("file_unknown")
    return csv_text.records(content, score)


def number_rows(records: Iterable[Sequence[str]]) -> Iterator[Row]:
    """The rows that are not empty, with their row numbers."""
    cells = rows = 0
    for number, record in enumerate(records, start=1):
        cells += len(record)
        last = max((column for column, cell in enumerate(record, start=1) if cell.strip()), default=0)
        rows += last > 0
        if number > SHEET_ROWS_MAX or rows > ROWS_MAX or cells > CELLS_MAX:
            raise refuse("file_too_large", number)
        if last > COLUMNS_MAX or any(len(cell) > CELL_CHARACTERS_MAX for cell in record):
            raise refuse("too_many_cells" if last > COLUMNS_MAX else "cell_too_long", number)
        if last:
            yield Row(number, tuple(record[:last]))


def rows_below(first: Sequence[Row], rows: Iterator[Row], headings: Row) -> Iterator[Row]:
    """The rows below the headings, which may be repeated: on two merged rows, or at the head of each printed page."""
    below = chain((row for row in first if row.number > headings.number), rows)
    yield from (row for row in below if row.cells != headings.cells)


def find_columns(headings: Row, known: Headings, required: Collection[str]) -> dict[str, int]:
    """The column of each field; a required one that is missing is a fault, and each that is there twice."""
    keys = [heading_key(cell) for cell in headings.cells]
    columns: dict[str, int] = {}
    faults: list[Fault] = []
    for name, spellings in known.items():
        key = next((key for key in map(heading_key, spellings) if key in keys), None)
        if key is not None and keys.count(key) > 1:
            faults.append(Fault(headings.number, headings.cells[keys.index(key)].strip(), "column_twice"))
        elif key is not None:
            columns[name] = keys.index(key)
        elif name in required:
            faults.append(Fault(headings.number, spellings[0], "column_missing"))
    if faults:
        raise Unreadable(faults)
    return columns


def has_lost_digits(text: str) -> bool:
    """Whether a spreadsheet has rounded a long number, as in `1.23457E+17`: its last digits are lost."""
    return bool(re.fullmatch(r"[0-9](\.[0-9]+)?E\+[0-9]+", text.strip()))


def heading_key(text: str) -> str:
    """The same for all spellings of a heading: its letters and digits, without the signs around them, as in `*کد_ملی:`."""
    return re.sub(r"[\W_]", "", persian.search_key(text))
