"""Written files: what spreadsheets would compute is text, numbers stay numbers, and what is read back is what was written."""

import csv
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import tabular
from shared.tabular import export
from shared.tabular.export import Cell

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
HOSTILE = st.tuples(st.sampled_from(("", " ", "\t", "\r", "\n", "\u00a0")), st.sampled_from("=+-@＝＋－＠"), TEXTS).map(
    "".join
)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def csv_rows(rows: list[list[Cell]]) -> list[list[str]]:
    text = export.content("csv", "x", ["a"], rows).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


def xlsx_cells(rows: list[list[Cell]]) -> list[object]:
    sheet = openpyxl.load_workbook(io.BytesIO(export.content("xlsx", "x", ["a"], rows))).active
    assert sheet is not None
    return list(sheet["A"])[1:]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+98913", "'+98913"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\n'=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("\u200c=1", "'\u200c=1"),
        ("\u200f\u2066 =1", "'\u200f\u2066 =1"),
        ("\ufeff﹢1", "'\ufeff﹢1"),
        ("−5", "'−5"),
        ("x;=1+1;y", "x;'=1+1;y"),
        ("x؛ +1", "x؛' +1"),
        ("x\t@y", "x\t'@y"),
        ("x\n\n=1", "x\n\n'=1"),
        ('x;"=1"', 'x;\'"=1"'),
        ("1405-01-02; a-b", "1405-01-02; a-b"),
        ("0012345", "0012345"),
        ("a=1", "a=1"),
        ("زهرا", "زهرا"),
        ("", ""),
        ("a\x00b\x1fc", "abc"),
    ],
)
def test_text_that_would_be_a_formula_begins_with_an_apostrophe(text: str, written: str) -> None:
    assert export.plain(text) == written


@given(st.one_of(TEXTS, HOSTILE))
def test_no_text_begins_as_a_formula_in_either_kind(text: str) -> None:
    ((cell,),) = csv_rows([[text]]) or [[""]]
    assert not cell.startswith(DANGEROUS)
    assert not cell.lstrip().startswith(tuple("=+-@"))
    (found,) = xlsx_cells([[text]])
    assert found.data_type != "f"  # type: ignore[attr-defined]
    assert not str(found.value or "").startswith(DANGEROUS)  # type: ignore[attr-defined]


@given(st.lists(st.one_of(TEXTS, HOSTILE), max_size=4).map(";".join))
def test_no_part_of_a_text_begins_as_a_formula_where_semicolons_separate_cells(text: str) -> None:
    content = export.content("csv", "x", ["a"], [["0012345", text]]).decode("utf-8-sig")
    for part in re.split("[;\t\r\n]", content):
        assert not part.lstrip(' "\u00a0').startswith(tuple("=+-@＝＋－＠"))


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_a_number_is_a_number(number: int) -> None:
    (found,) = xlsx_cells([[number]])
    assert (found.value, found.data_type) == (number, "n")  # type: ignore[attr-defined]
    assert csv_rows([[number]]) == [[str(number)]]


def test_a_number_that_a_spreadsheet_would_round_is_text() -> None:
    assert [export.plain(number) for number in (10**15, -(10**15))] == [str(10**15), f"'-{10**15}"]


def test_a_fraction_and_nothing() -> None:
    found = xlsx_cells([[Decimal("3.75")], [None], ["x"]])
    assert [cell.value for cell in found] == [3.75, None, "x"]  # type: ignore[attr-defined]


@given(st.lists(st.one_of(TEXTS, HOSTILE), max_size=20))
def test_both_kinds_have_the_same_texts(texts: list[str]) -> None:
    rows: list[list[Cell]] = [["x", text] for text in texts]
    of_csv = csv_rows(rows)
    sheet = openpyxl.load_workbook(io.BytesIO(export.content("xlsx", "x", ["a", "b"], rows))).active
    assert sheet is not None
    of_xlsx = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert of_xlsx == of_csv


def test_our_own_reader_reads_it_back() -> None:
    for kind in export.WRITERS:
        content = export.content(kind, "اعضا", ["شمارهٔ عضویت", "نام"], [["0012345", "زهرا صفوی‌نیا"]])
        table = tabular.read(content, {"member": ("شمارهٔ عضویت",), "name": ("نام",)})
        assert [[table.cell(row, name) for name in ("member", "name")] for row in table.rows] == [
            ["0012345", "زهرا صفوی‌نیا"]
        ]


def test_a_sheet_is_from_right_to_left_with_its_headings_in_sight() -> None:
    book = openpyxl.load_workbook(io.BytesIO(export.content("xlsx", "پرداخت‌ها: [همه]", ["a"], [["x"]])))
    sheet = book["پرداخت‌ها   همه "]
    assert (sheet.sheet_view.rightToLeft, sheet.freeze_panes, sheet["A1"].font.b) == (True, "A2", True)


def test_csv_begins_with_the_mark_that_spreadsheets_know() -> None:
    assert export.content("csv", "x", ["نام"], []) == "\ufeffنام\r\n".encode()
