"""The grammar of typed numbers: each text has one meaning, or is refused with the meanings it could have."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import translations
from shared.text import numbers, persian
from shared.text.numbers import NumberWrong

AMOUNTS = st.integers(0, 10**15)
QUANTITIES = st.decimals(0, 9999, places=2)


def code_of(read: object, typed: str) -> str:
    assert callable(read)
    with pytest.raises(NumberWrong) as wrong:
        read(typed)
    return wrong.value.code


@pytest.mark.parametrize(
    ("typed", "rials"),
    [
        ("9000000", 9_000_000),
        ("۹۰۰۰۰۰۰", 9_000_000),
        ("٩٠٠٠٠٠٠", 9_000_000),
        ("9,000,000", 9_000_000),
        ("۹٬۰۰۰٬۰۰۰", 9_000_000),
        ("۹،۰۰۰،۰۰۰", 9_000_000),
        ("9 000 000", 9_000_000),
        ("9\u00a0000\u202f000", 9_000_000),
        ("\u200f۱۲٬۵۰۰\u200f ", 12_500),
        ("2,500", 2_500),
        ("6.500.000", 6_500_000),
        ("007", 7),
        ("0", 0),
    ],
)
def test_rials_are_digits_or_groups_of_three(typed: str, rials: int) -> None:
    assert numbers.rials(typed) == rials


@pytest.mark.parametrize(
    "typed",
    [
        *("2,5", "6500000,00", "6500000.00", "6,500,00", "۱۲٬۳۴", "1.234,5", "1.234.567,8", "9,000 000", "9٬000,000"),
        *("0,500", "1234,567", ",500", "500,", "1,,000", "-5", "+5", "−5", "5-", "1e3", "1_000", "0x10", "", " ", "۵²", "½"),
        *("نه", "nan", "Infinity", "9\n000", "१२", "1" * 41),
    ],
)  # fmt: skip
def test_what_is_no_whole_amount_is_refused(typed: str) -> None:
    assert code_of(numbers.rials, typed) == "amount_wrong"
    assert code_of(numbers.count, typed) == "count_wrong"


@pytest.mark.parametrize(
    ("typed", "quantity"),
    [
        ("2,5", "2.5"),
        ("۲،۵", "2.5"),
        ("2.5", "2.5"),
        ("۲٫۵", "2.5"),
        ("3/75", "3.75"),
        ("٣٫٧٥", "3.75"),
        ("2/500", "2.500"),
        ("۲٬۵۰۰", "2500"),
        ("2 500", "2500"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("۱٬۲۳۴٫۵", "1234.5"),
        ("1,234,567", "1234567"),
        ("1234,567", "1234.567"),
        ("6500000,00", "6500000.00"),
        ("6", "6"),
        ("0", "0"),
    ],
)
def test_a_quantity_has_one_decimal_mark(typed: str, quantity: str) -> None:
    assert f"{numbers.quantity(typed):f}" == quantity


@pytest.mark.parametrize(
    "typed",
    [
        "6,500,00",
        "۱۲٬۳۴",
        "۲٬۵",
        "1/2/3",
        "1.2.3",
        "1,2,3",
        "2,",
        ",5",
        "2..5",
        "-1",
        "nan",
        "1e3",
        "شش",
        "",
        "۵²",
        "1" * 41,
    ],
)
def test_what_is_no_quantity_is_refused(typed: str) -> None:
    assert code_of(numbers.quantity, typed) == "quantity_wrong"


@pytest.mark.parametrize("typed", ["2,500", "۲،۵۰۰", "2.500"])
def test_a_quantity_of_two_readings_is_refused_with_both(typed: str) -> None:
    code = code_of(numbers.quantity, typed)
    assert code == "two_readings:2500:2.5"
    assert translations.field_error(code, "en") == (
        "This can be read as 2,500 and as 2.5; write one of them without any other sign: 2500 or 2.5."
    )
    assert translations.field_error(code) == (
        "این عدد را هم ۲٬۵۰۰ می‌توان خواند و هم ۲٫۵؛ یکی را بی‌هیچ نشانهٔ دیگری بنویسید: ۲۵۰۰ یا ۲٫۵."
    )


def test_an_amount_with_a_point_before_three_digits_could_be_a_fraction() -> None:
    assert code_of(numbers.rials, "650.000") == "two_readings:650000:650"


@given(AMOUNTS)
def test_rials_as_pages_and_programs_write_them_are_read_back(amount: int) -> None:
    for written in (str(amount), f"{amount:,}", persian.format_number(amount), persian.digits_to_persian(amount)):
        assert numbers.rials(written) == amount


@given(QUANTITIES, st.sampled_from(".٫/"))
def test_a_quantity_is_read_back_by_each_sure_mark(quantity: Decimal, mark: str) -> None:
    assert numbers.quantity(persian.digits_to_persian(quantity).replace(".", mark)) == quantity


@given(st.text("0123456789۰۱۲٣٤,.٫٬،/ -", max_size=12))
def test_a_number_is_never_read_as_another_than_its_digits(typed: str) -> None:
    digits = persian.digits_to_ascii("".join(sign for sign in typed if sign.isdecimal()))
    for read in (numbers.rials, numbers.count):
        try:
            assert read(typed) == int(digits)
        except NumberWrong:
            continue
