from datetime import UTC, datetime

import pytest

from shared.tabular import Fault, Unreadable, bank_statement
from tests.support.workbooks import workbook

HEADER = "paid_at_iso,authority,amount_rial,fee_rial,ref_id,status,settlement_id"
PAID = "2026-10-07T11:00:00+00:00,S01,9000000,100,201,VERIFIED,T7"
BACK = "2026-10-07T12:00:00+00:00,S02,4000000,0,202,REVERSED,"


def content(*lines: str) -> bytes:
    return "\ufeff".encode() + "\r\n".join(lines).encode()


def faults(file: bytes, **more: int) -> tuple[Fault, ...]:
    with pytest.raises(Unreadable) as wrong:
        bank_statement.read(file, {}, **more)
    return wrong.value.faults


def test_a_banks_file_is_read_whole_with_its_total_of_what_is_not_reversed() -> None:
    found = bank_statement.read(content(HEADER, PAID, BACK, ",,,,,,"), {}, 9_000_000)
    first, second = found.lines
    assert (first.authority, first.amount_rials, first.fee_rials, first.bank_reference) == (
        "S01",
        9_000_000,
        100,
        "201",
    )
    assert (first.status, first.settlement, first.paid_at) == ("verified", "T7", datetime(2026, 10, 7, 11, tzinfo=UTC))
    assert (second.status, found.total_rials) == ("reversed", 9_000_000)
    assert len(found.digest) == 64


def test_the_same_bytes_are_the_same_file_and_others_are_not() -> None:
    one, same = (bank_statement.read(content(HEADER, PAID), {}).digest for _ in range(2))
    assert one == same
    assert one != bank_statement.read(content(HEADER, PAID, BACK), {}).digest


@pytest.mark.parametrize(
    "time", ["1405/07/15 14:30", "۱۴۰۵/۰۷/۱۵ ۱۴:۳۰:۰۰", "2026-10-07 14:30:00", "2026-10-07T11:00:00Z"]
)
def test_a_time_is_read_in_each_way_that_banks_write_it(time: str) -> None:
    found = bank_statement.read(content("paid_at,authority,amount", f"{time},S01,5"), {})
    assert found.lines[0].paid_at == datetime(2026, 10, 7, 11, tzinfo=UTC)


def test_columns_of_another_name_are_named_by_whoever_brings_the_file() -> None:
    file = "زمان;كليد;مبلغ ریالی\n۱۴۰۵/۰۷/۱۵ ۱۴:۳۰;S01;۹٬۰۰۰٬۰۰۰".encode()
    columns = {"paid_at": "زمان", "authority": "کلید", "amount_rials": "مبلغ ریالی"}
    assert bank_statement.read(file, columns).total_rials == 9_000_000


def test_a_last_row_with_the_total_is_held_against_the_lines() -> None:
    assert bank_statement.read(content(HEADER, PAID, "جمع کل:,,9000000"), {}).total_rials == 9_000_000
    assert faults(content(HEADER, PAID, "Total,,9000001")) == (Fault(0, "total", "total_differs"),)
    assert faults(content(HEADER, PAID), total_rials=1) == (Fault(0, "total", "total_differs"),)


def test_a_disputed_payment_is_still_with_us() -> None:
    [line] = bank_statement.read(content(HEADER, PAID.replace("VERIFIED", "Chargeback")), {}).lines
    assert (line.status, line.is_disputed) == ("verified", True)


def test_each_wrong_cell_is_named_by_row_and_column_and_the_whole_is_refused() -> None:
    wrong = faults(content(HEADER, PAID, "yesterday,,9.5,x,203,LOST,", f"{PAID[:26]}{'S' * 41},5,0,,,"))
    assert {(fault.row, fault.column) for fault in wrong} == {
        (3, "paid_at"), (3, "amount_rials"), (3, "fee_rials"), (3, "status"), (4, "authority"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "column_missing"),
        (content(HEADER), "no_lines"),
        (content(HEADER.replace("authority", "key"), PAID), "column_missing"),
        (content(f"{HEADER},authority", PAID), "column_twice"),
        ("\ufeffمبلغ".encode("utf-16"), "column_missing"),
        (content(HEADER, '"2026'), "quote_unclosed"),
    ],
)
def test_what_is_no_statement_is_refused(file: bytes, code: str) -> None:
    assert code in {fault.code for fault in faults(file)}


def test_a_named_column_that_is_not_there_is_missing_even_where_it_is_not_needed() -> None:
    with pytest.raises(Unreadable) as wrong:
        bank_statement.read(content(HEADER, PAID), {"settlement": "batch"})
    assert wrong.value.faults == (Fault(1, "batch", "column_missing"),)


def test_a_workbook_is_read_with_its_days_and_numbers() -> None:
    paid = datetime.fromisoformat("2026-10-07T14:30")
    book = workbook(
        ["گزارش تراکنش‌ها"], [], ["زمان پرداخت", "شناسهٔ پرداخت", "مبلغ", "شماره پيگيری"], [paid, "S01", 9_000_000, 12345]
    )
    [line] = bank_statement.read(book, {}).lines
    assert (line.paid_at, line.authority, line.amount_rials, line.bank_reference) == (
        datetime(2026, 10, 7, 11, tzinfo=UTC), "S01", 9_000_000, "12345",
    )  # fmt: skip


def test_a_reference_whose_last_digits_are_gone_is_refused() -> None:
    wrong = faults(content("paid_at,authority,amount,ref_id", "1405/07/15,S01,5,1.23457E+17"))
    assert wrong == (Fault(2, "bank_reference", "digits_lost"),)


@pytest.mark.parametrize("time", ["0001-01-01T00:00", "9999-12-31T23:59+03:30", "1250/01/01"])
def test_a_time_in_which_nobody_paid_by_the_net_is_refused(time: str) -> None:
    assert faults(content("paid_at,authority,amount", f"{time},S01,5")) == (Fault(2, "paid_at", "instant_wrong"),)


@pytest.mark.parametrize(
    ("first", "second", "is_twice"),
    [
        ("S01,9000000,1405/07/15,,12", "S01,9000000,1405/07/15,,12", True),
        ("S01,9000000,1405/07/15,,", "S01,5,1405/07/15,paid,12", True),
        ("S01,9000000,1405/07/15,,12", "S01,9000000,1405/07/15,,13", False),
        ("S01,9000000,1405/07/15,,12", "S01,9000000,1405/07/16,برگشت خورده,12", False),
        ("S01,9000000,1405/07/15,,12", "S02,9000000,1405/07/15,,12", False),
    ],
)
def test_a_payment_is_in_a_file_once(first: str, second: str, *, is_twice: bool) -> None:
    file = content("شناسه پرداخت,مبلغ (ریال),تاریخ,وضعیت,شماره پیگیری", first, second)
    if is_twice:
        assert faults(file) == (Fault(3, "authority", "line_twice"),)
    else:
        assert len(bank_statement.read(file, {}).lines) == 2


def test_a_line_over_nothing_is_refused_with_its_row() -> None:
    nothing = PAID.replace("9000000", "۰").replace("S01", "S03")
    assert faults(content(HEADER, PAID, nothing)) == (Fault(3, "amount_rials", "greater_than"),)
