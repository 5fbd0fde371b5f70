"""Workbooks and archives made for tests."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl


def workbook(
    *rows: Sequence[Any],
    hidden: Sequence[Sequence[Any]] = (),
    merged: Sequence[str] = (),
    empty_first: bool = False,
) -> bytes:
    """An XLSX file with these rows and merged ranges, behind a hidden or an empty sheet where one is asked for."""
    book = openpyxl.Workbook()
    sheet = book.active
    if hidden:
        sheet.sheet_state = "hidden"
        for row in hidden:
            sheet.append(row)
        sheet = book.create_sheet()
        book.active = 1
    elif empty_first:
        sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    for covered in merged:
        sheet.merge_cells(covered)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def with_part(book: bytes, name: str, content: bytes) -> bytes:
    """The same file with one part of it replaced."""
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        parts = {part: opened.read(part) for part in opened.namelist()}
    return archive(parts | {name: content})
