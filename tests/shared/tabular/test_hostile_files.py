"""Whatever a file holds, it is read as rows or refused with row and cause, within bounds."""

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import tabular, translations
from shared.tabular import Unreadable
from tests.support.workbooks import archive, with_part, workbook

KNOWN = {"number": ("membership_no",), "name": ("first_name", "نام")}
BOOK = workbook(["membership_no", "نام"], ["001", "زهرا"], [2, 3.5], [])
CSV = 'sep=;\n"membership_no";نام\n001;"زهرا ""خانم""\r\nدو"\n\n002;علی\n'.encode()
SHEET = "xl/worksheets/sheet1.xml"
SPREADSHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
MIB = 1024 * 1024


def outcome(content: bytes) -> str:
    """The cause of a refusal, or `read`."""
    try:
        table = tabular.read(content, KNOWN, ["number"])
        for row in table.rows:
            assert row.number > table.headings.number
            assert all(isinstance(table.cell(row, name), str) for name in KNOWN)
    except Unreadable as unreadable:
        faults = unreadable.faults
    else:
        return "read"
    assert min(fault.row for fault in faults) >= 0
    assert {fault.code for fault in faults} <= translations.group("field_error").keys()
    return faults[0].code


@given(
    st.one_of(st.binary(max_size=2000), st.text(max_size=500).map(str.encode), st.binary().map(b"PK\x03\x04".__add__))
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    outcome(content)


@given(
    st.sampled_from([BOOK, CSV, CSV.decode().encode("utf-16")]),
    st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=6), st.integers(0, 6)), max_size=8),
)
def test_any_damaged_file_is_read_or_refused(content: bytes, damages: list[tuple[int, bytes, int]]) -> None:
    for place, put, drop in damages:
        at = place % (len(content) + 1)
        content = content[:at] + put + content[at + drop :]
    outcome(content)


@given(st.text(st.sampled_from("<>/ac=rt\"'1A:v x&;"), max_size=300))
def test_any_sheet_in_a_sound_archive_is_read_or_refused(inside: str) -> None:
    outcome(with_part(BOOK, SHEET, SPREADSHEET % inside.encode()))


@pytest.mark.parametrize(
    "sheet",
    [
        b'<row r="99999999999"><c r="A1"><v>1</v></c></row>',
        b'<row><c r="XFD1"><v>1</v></c></row>' * 2000,
        b'<row><c r="ZZZZZZZ1"><v>1</v></c></row>',
        b'<row r="-5"><c r="A1"><v>1</v></c></row>',
        b'<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>',
        b'<row r="1"><c r="A1" s="1"><v>1e400</v></c></row>',
    ],
)
def test_a_sheet_that_claims_to_be_huge_is_refused(sheet: bytes) -> None:
    assert outcome(with_part(BOOK, SHEET, SPREADSHEET % sheet)) != "read"


def test_a_stated_size_is_not_believed() -> None:
    stated = b'<dimension ref="A1:XFD1048576"/><sheetData>'
    book = with_part(BOOK, SHEET, (SPREADSHEET % b"").replace(b"<sheetData>", stated))
    assert outcome(book) == "column_missing"


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = archive({"xl/workbook.xml": b"", "xl/sharedStrings.xml": b"\0" * (tabular.xlsx.SHARED_BYTES_MAX + 1)})
    assert len(bomb) < MIB
    tracemalloc.start()
    assert outcome(bomb) == "file_too_large"
    assert tracemalloc.get_traced_memory()[1] < MIB
    tracemalloc.stop()


def test_an_archive_with_a_false_size_is_refused() -> None:
    file = io.BytesIO(BOOK)
    with zipfile.ZipFile(file) as opened:
        size = opened.getinfo(SHEET).file_size
    lied = BOOK.replace(size.to_bytes(4, "little"), (1).to_bytes(4, "little"))
    assert outcome(lied) in {"file_broken", "column_missing"}


def test_entities_do_not_multiply() -> None:
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    laughs = b'<!DOCTYPE x [<!ENTITY e0 "ha">' + entities + b"]>"
    sheet = laughs + SPREADSHEET % b'<row r="1"><c r="A1" t="inlineStr"><is><t>&e11;</t></is></c></row>'
    assert outcome(with_part(BOOK, SHEET, sheet)) == "file_broken"
