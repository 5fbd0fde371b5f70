"""One reader for every kind of tabular file."""

from datetime import datetime

import pytest

from shared import tabular
from shared.tabular import Fault, Unreadable, limits
from tests.support.workbooks import archive, with_part, workbook

KNOWN = {"number": ("membership_no", "شماره عضویت"), "name": ("first_name", "نام"), "code": ("national_code", "کد ملی")}
HEADINGS = "membership_no,first_name,national_code"


def read(content: bytes | str) -> list[tuple[int, dict[str, str]]]:
    table = tabular.read(content.encode() if isinstance(content, str) else content, KNOWN, ["number", "name"])
    return [(row.number, {name: table.cell(row, name) for name in KNOWN}) for row in table.rows]


def faults(content: bytes | str) -> tuple[Fault, ...]:
    with pytest.raises(Unreadable) as unreadable:
        read(content)
    return unreadable.value.faults


def numbers(content: bytes | str) -> list[tuple[int, str]]:
    return [(row, cells["number"]) for row, cells in read(content)]


def test_rows_have_the_numbers_of_a_spreadsheet() -> None:
    text = f'{HEADINGS}\r\n۰۰۱,"دو\r\nخط"\r\n\r\n,,,\r\n002,زهرا'
    assert numbers(text) == [(2, "۰۰۱"), (5, "002")]
    assert numbers(workbook(HEADINGS.split(","), ["001", "دو\nخط"], [], [None, " "], ["002", "زهرا"])) == [
        (2, "001"), (5, "002"),
    ]  # fmt: skip


@pytest.mark.parametrize("above", ["فهرست اعضا\n\n", "گزارش,سال\n۱۴۰۵\n", '"عنوان؛\nدو خط",,\n\n'])
def test_titles_may_stand_above_the_headings(above: str) -> None:
    assert [number for _, number in numbers(f"{above}{HEADINGS}\n001,زهرا")] == ["001"]
    [fault] = faults(f"فهرست اعضا\n\nmembership_no,national_code\n{'1,2'}")
    assert fault == Fault(3, "first_name", "column_missing")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("first", ["", "sep={}\r\n", '"sep={}"\n', "فهرست، اعضا؛ سال\n"])
def test_the_delimiter_is_found(delimiter: str, first: str) -> None:
    text = first.format(delimiter) + f"{HEADINGS}\n001,زهرا".replace(",", delimiter)
    assert [cells["name"] for _, cells in read(text)] == ["زهرا"]


def test_a_line_that_names_the_delimiter_is_no_row() -> None:
    assert numbers(f"sep=;\n{HEADINGS.replace(',', ';')}\n001;زهرا") == [(2, "001")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_every_unicode_encoding_with_its_mark_is_read(encoding: str) -> None:
    assert read(f"{HEADINGS}\n001,زهرا\n".encode(encoding))[0][1]["name"] == "زهرا"


def test_utf_16_is_read_from_either_end() -> None:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert numbers(mark + f"{HEADINGS}\n001,زهرا".encode(encoding)) == [(2, "001")]


@pytest.mark.parametrize("headings", ["شماره عضويت,نام", "\ufeffشماره\u200cعضویت,نام", " شمارۀ عضویت ,نـام"])
def test_headings_are_known_in_every_spelling(headings: str) -> None:
    assert numbers(f"{headings}\n001,زهرا") == [(2, "001")]


@pytest.mark.parametrize("heading", ['"""membership_no"""', "«شماره عضویت»", "*شماره_عضویت:", '"شماره\nعضویت"'])
def test_signs_around_a_heading_are_ignored(heading: str) -> None:
    assert [number for _, number in numbers(f"{heading},نام\n001,زهرا")] == ["001"]


def test_headings_that_stand_again_are_no_row() -> None:
    assert numbers(f"{HEADINGS}\n001,زهرا\n{HEADINGS}\n002,علی") == [(2, "001"), (4, "002")]


def test_empty_rows_count_for_the_numbers_and_for_no_limit() -> None:
    assert numbers(f"{HEADINGS}\n001,زهرا{chr(10) * limits.ROWS_MAX}002,علی") == [
        (2, "001"),
        (limits.ROWS_MAX + 2, "002"),
    ]
    assert faults("\n" * limits.SHEET_ROWS_MAX + f"{HEADINGS}\n001,زهرا")[0].code == "file_too_large"


def test_missing_and_doubled_headings_are_named() -> None:
    assert faults(f"{HEADINGS},First Name\n") == (Fault(1, "first_name", "column_twice"),)
    assert faults("نام خانوادگی,کد ملی") == (
        Fault(1, "membership_no", "column_missing"), Fault(1, "first_name", "column_missing"),
    )  # fmt: skip
    assert {fault.code for fault in faults("")} == {"column_missing"}


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (f'{HEADINGS}\n001,زهرا\n002,"علی\n003,رضا\n', 3),
        (f'{HEADINGS}\n\n"001,زهرا\n002,"علی",1\n', 3),
        (f'{HEADINGS}\n001,"a\nb"\n002,"{"x" * 200_000}\n', 3),
    ],
)
def test_an_unclosed_quote_is_named_by_the_row_where_it_began(text: str, row: int) -> None:
    assert faults(text) == (Fault(row, "", "quote_unclosed"),)


def test_an_endless_line_is_no_unclosed_quote() -> None:
    assert faults(f"{HEADINGS}\n001,{'x' * 200_000}\n") == (Fault(2, "", "cell_too_long"),)


def test_what_is_not_utf_8_is_refused_with_its_row() -> None:
    assert faults(f"{HEADINGS}\n001,Ali\n002,".encode() + "علي".encode("cp1256")) == (Fault(3, "", "encoding_unknown"),)
    assert faults(f"{HEADINGS}\n001,زهرا".encode("utf-16-le"))[0].code == "file_unknown"
    assert faults("\ufeffنا".encode("utf-16")[:-1])[0].code == "encoding_unknown"


DAY = datetime.fromisoformat("2026-10-07T14:30")
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (OLE, "file_xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "file_locked"),
        (archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}), "file_ods"),
        (archive({"word/document.xml": b"<x/>"}), "file_unknown"),
        (b"  <HTML><table><tr><td>membership_no", "file_html"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "file_html"),
        (b"%PDF-1.7", "file_unknown"),
        (b"PK\x03\x04 no archive", "file_broken"),
        (b"x" * (limits.BYTES_MAX + 1), "file_too_large"),
    ],
)
def test_other_kinds_of_files_are_refused_by_name(content: bytes, code: str) -> None:
    assert faults(content) == (Fault(0, "", code),)


def test_too_many_or_too_long_cells_are_refused_with_their_row() -> None:
    assert faults(f"{HEADINGS}\n001,{'x' * 40_000}") == (Fault(2, "", "cell_too_long"),)
    assert faults(f"{HEADINGS}\n001,زهرا\n{'1,' * 300}1") == (Fault(3, "", "too_many_cells"),)


def test_a_workbooks_values_are_what_a_person_would_have_typed() -> None:
    values = [84575948, 9_000_000.0, 2.5, 0.1, True, DAY.date(), DAY, None, "۰۰۱"]
    [(_, cells)] = read(workbook(["membership_no", "first_name", *"abcdefg"], values))
    table = tabular.read(workbook(["membership_no", "first_name", *"abcdefg"], values), KNOWN)
    assert next(table.rows).cells == (
        "84575948", "9000000", "2.5", "0.1", "TRUE", "1405/07/15", "1405/07/15 14:30:00", "", "۰۰۱",
    )  # fmt: skip
    assert cells["number"] == "84575948"


def test_a_jalali_day_that_a_spreadsheet_took_for_a_gregorian_one_is_what_was_typed() -> None:
    assert tabular.xlsx.cell_text(datetime.fromisoformat("1405-07-15")) == "1405/07/15"


def test_a_number_that_a_cell_could_not_hold_says_that_its_digits_are_lost() -> None:
    [(_, cells)] = read(workbook(HEADINGS.split(","), [1.23456789012345678e17, "زهرا"]))
    assert tabular.has_lost_digits(cells["number"])
    assert not tabular.has_lost_digits("123456789012345678")


def test_a_formula_whose_result_is_not_in_the_file_is_refused_with_its_row() -> None:
    counted = with_part(
        workbook(HEADINGS.split(","), ["001", "زهرا"], [1, "=2", "x"]),
        "xl/worksheets/sheet1.xml",
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1" t="str"><v>membership_no</v></c><c r="B1" t="str"><v>first_name</v></c></row><row r="2">'
        b'<c r="A2" t="str"><f>"0"&amp;"01"</f><v>001</v></c><c r="B2" s="0"/></row></sheetData></worksheet>',
    )
    assert numbers(counted) == [(2, "001")]
    assert faults(workbook(HEADINGS.split(","), ["001", "زهرا"], [1, "=2+5", "x"])) == (Fault(3, "", "formula_unread"),)


def test_a_merged_cell_is_repeated_in_each_row_that_it_covers() -> None:
    rows = [["فهرست"], HEADINGS.split(","), [], ["001", "زهرا", "7"], ["002"], ["003", "علی"]]
    book = workbook(*rows, merged=["A1:C1", "A2:A3", "B2:B3", "C2:C3", "B4:B5", "C4:C5"])
    assert [(row, *cells.values()) for row, cells in read(book)] == [
        (4, "001", "زهرا", "7"), (5, "002", "زهرا", "7"), (6, "003", "علی", ""),
    ]  # fmt: skip


def test_an_empty_sheet_before_the_table_is_passed_over() -> None:
    assert numbers(workbook(HEADINGS.split(","), ["001", "زهرا"], empty_first=True)) == [(2, "001")]


def test_the_first_visible_sheet_is_read() -> None:
    assert numbers(workbook(HEADINGS.split(","), ["001", "زهرا"], hidden=[["old"]])) == [(2, "001")]
