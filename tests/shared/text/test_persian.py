"""Persian text and time, by the vectors of docs/domain.md 4 and by properties."""

import itertools
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import provinces
from shared.text import persian

PERSIAN_TEXT = st.text(st.sampled_from("ابپی يكىئؤأآةۀهٔۀ‌‌ـًٰ\u200e\u202b\ufeff\u00a0 \n\t۰۵9٣ﻲﻛﮎزش-"))
DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0499370899", "0499370899"),
        ("0790419904", "0790419904"),
        ("0084575948", "0084575948"),
        ("84575948", "0084575948"),
        ("0067749828", "0067749828"),
        ("67749828", "0067749828"),
        ("0684159414", "0684159414"),
        ("684159414", "0684159414"),
        ("1275260187", "1275260187"),
        ("1281860913", "1281860913"),
        ("1296281949", "1296281949"),
        ("0019378653", "0019378653"),
        ("19378653", "0019378653"),
        ("۰۰۱۹۳۷۸۶۵۳", "0019378653"),
        ("١٩٣٧٨٦٥٣", "0019378653"),
        ("\u202b ۱۲۷-۵۲۶۰۱۸–۷\u200f\u00a0", "1275260187"),
    ],
)
def test_a_national_code_is_ten_digits_however_it_was_typed(typed: str, code: str) -> None:
    assert persian.national_code(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "1234567890",
        "0684159415",
        "1111111111",
        "1270000000",
        "",
        "7654321",
        "00019378653",
        "12752601a7",
        "127526018.7",
        "001937865³",
        "①9378653",
    ],
)
def test_a_wrong_national_code_is_none(typed: str) -> None:
    assert persian.national_code(typed) is None


@given(st.integers(0, 999_999_999))
def test_exactly_one_check_digit_makes_a_national_code(stem: int) -> None:
    code = f"{stem:09}"
    right = [code + check for check in "0123456789" if persian.national_code(code + check)]
    degenerate = code[3:] == "000000" or len(set(code)) == 1
    assert len(right) == 1 or (degenerate and not right) or code.startswith("000")


@given(st.integers(1_000_000, 999_999_999))
def test_a_code_without_its_leading_zeros_is_the_same_code(stem: int) -> None:
    for check in "0123456789":
        code = f"{stem:09}{check}"
        assert persian.national_code(code.lstrip("0")) == persian.national_code(code)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("09131234567", "09131234567"),
        ("۰۹۱۳ ۱۲۳ ۴۵۶۷", "09131234567"),
        ("+98 913-123-4567", "09131234567"),
        ("00989131234567", "09131234567"),
        ("989131234567", "09131234567"),
        ("9131234567", "09131234567"),
        ("03131234567", None),
        ("0913123456", None),
        ("0913123456²", None),
        ("", None),
    ],
)
def test_a_mobile_number_has_one_form(typed: str, number: str | None) -> None:
    assert persian.mobile(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("۰۰۱۲۳", "00123"),
        ("12-3-45678", "12345678"),
        ("12/345", "12345"),
        ("12", None),
        ("1234567890123", None),
        ("12a", None),
        ("12½", None),
    ],
)
def test_a_membership_number_keeps_its_leading_zeros(typed: str, number: str | None) -> None:
    assert persian.membership_no(typed) == number


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("علي كاظمى", "علی کاظمی"),
        ("ﻋﻠﻲ ﻛﺎﻇﻤﻲ", "علی کاظمی"),
        ("مُحَمَّد", "محمد"),
        ("محــمد", "محمد"),
        ("\ufeff\u202bزهرا\u202c\u00a0\u00a0 نیا\u200f ", "زهرا نیا"),
        ("می‌\u200cرود", "می‌رود"),
        ("نیم‌ بها\u200c", "نیم بها"),
        ("آیین", "آیین"),
        ("یک  خط\r\nخط  دو\x00", "یک خط\nخط دو"),
        ("٣٫٥ و ۴", "3٫5 و 4"),
        ("۵² و ５½", "5² و 5½"),
    ],
)
def test_text_has_one_canonical_form(typed: str, canonical: str) -> None:
    assert persian.normalise(typed) == canonical


@given(st.one_of(PERSIAN_TEXT, st.text()))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = persian.normalise(text)
    assert persian.normalise(once) == once


@given(PERSIAN_TEXT)
def test_no_unwanted_letter_survives(text: str) -> None:
    assert not re.search("[يىكـ\u064b-\u065f\u0670\u200e\u202b\ufeff۰-۹٠-٩]", persian.normalise(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [("فاطمة مؤمنی", "فاطمه مومني"), ("آرش رئیسی", "ارش رییسی"), ("نیک‌نام", "نیكنام"), ("Reza", "reza")],
)
def test_a_search_key_is_shared_by_spellings(one: str, other: str) -> None:
    assert persian.search_key(one) == persian.search_key(other)


@given(PERSIAN_TEXT)
def test_a_search_key_of_a_key_is_itself(text: str) -> None:
    key = persian.search_key(text)
    assert persian.search_key(key) == key


@given(st.integers())
def test_digits_go_to_persian_and_back(number: int) -> None:
    assert persian.digits_to_ascii(persian.digits_to_persian(number)) == str(number)


def test_arabic_digits_become_ascii_too() -> None:
    assert persian.digits_to_ascii("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹") == "0123456789 0123456789"


@pytest.mark.parametrize(("number", "text"), [(9_000_000, "۹٬۰۰۰٬۰۰۰"), (0, "۰"), (-1500, "−۱٬۵۰۰")])
def test_numbers_are_written_for_a_reader(number: int, text: str) -> None:
    assert persian.format_number(number) == text


@pytest.mark.parametrize(
    ("units", "text"), [(33000, "۳۳۰"), (375, "۳٫۷۵"), (30, "۰٫۳"), (0, "۰"), (-15000, "−۱۵۰"), (144000, "۱٬۴۴۰")]
)
def test_units_are_written_as_p(units: int, text: str) -> None:
    assert persian.format_units(units) == text


@pytest.mark.parametrize(
    ("jalali", "day"),
    [
        ("1405/01/01", date(2026, 3, 21)),
        ("1406/01/01", date(2027, 3, 21)),
        ("1407/01/01", date(2028, 3, 20)),
        ("1403/12/30", date(2025, 3, 20)),
        ("1408/12/30", date(2030, 3, 20)),
        ("1357/11/22", date(1979, 2, 11)),
    ],
)
def test_known_days_of_the_jalali_calendar(jalali: str, day: date) -> None:
    assert (persian.format_date(day), persian.parse_date(jalali)) == (jalali, day)


@pytest.mark.parametrize("year", [persian.JALALI_YEAR_MIN, 1405, persian.JALALI_YEAR_MAX])
def test_the_months_of_a_year_are_the_year(year: int) -> None:
    bounds = [persian.month_bounds(year, month) for month in range(1, 13)]
    assert (bounds[0][0], bounds[-1][1]) == persian.year_bounds(year)
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in itertools.pairwise(bounds))


@pytest.mark.parametrize("year", range(1395, 1412))
def test_thirty_esfand_exists_in_leap_years_only(year: int) -> None:
    first, last = persian.year_bounds(year)
    is_leap = year in {1395, 1399, 1403, 1408}
    assert (last - first).days + 1 == (366 if is_leap else 365)
    assert persian.format_date(last) == f"{year}/12/{30 if is_leap else 29}"


@pytest.mark.parametrize(
    "typed",
    [
        "1404/12/30",
        "1405/13/01",
        "1405/00/10",
        "1405/07/31",
        "2026/03/21",
        "05/07/15",
        "15/07/1405",
        "1405/7",
        "1405/07/1²",
        "",
        "امروز",
    ],
)
def test_what_is_no_jalali_date_is_an_error(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        persian.parse_date(typed)


@pytest.mark.parametrize("typed", ["۱۴۰۵/۰۷/۱۵", "1405-7-15", "١٤٠٥.٠٧.١٥", " ۱۴۰۵ / ۷ / ۱۵ "])
def test_a_date_may_be_typed_in_any_digits_and_separators(typed: str) -> None:
    assert persian.parse_date(typed) == date(2026, 10, 7)


@given(DAYS)
def test_a_written_date_is_read_back(day: date) -> None:
    assert persian.parse_date(persian.format_date(day)) == day


@given(DAYS, DAYS)
def test_written_dates_sort_as_days_do(one: date, other: date) -> None:
    assert (persian.format_date(one) < persian.format_date(other)) == (one < other)


@given(DAYS)
def test_a_day_is_within_its_year(day: date) -> None:
    first, last = persian.year_bounds(persian.jalali_year_of(day))
    assert first <= day <= last


@pytest.mark.parametrize("year", [1403, 1408])
def test_the_year_changes_at_midnight_of_tehran_after_thirty_esfand(year: int) -> None:
    before = datetime.combine(persian.year_bounds(year)[1], datetime.min.time(), persian.TEHRAN) + timedelta(
        hours=23, minutes=59
    )
    after = before + timedelta(minutes=1)
    assert persian.format_instant(before.astimezone(UTC)) == f"{year}/12/30 23:59"
    assert (persian.jalali_year(before.astimezone(UTC)), persian.jalali_year(after.astimezone(UTC))) == (year, year + 1)
    assert before.astimezone(UTC).strftime("%H:%M") == "20:29"


def test_an_instant_without_a_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="aware"):
        persian.jalali_year(datetime(2026, 3, 21))  # noqa: DTZ001 - the point of the test


def test_a_day_is_written_out_for_a_reader() -> None:
    assert persian.long_date(date(2026, 4, 18)) == "شنبه ۲۹ فروردین ۱۴۰۵"
    assert persian.long_date(date(2025, 3, 20)) == "پنجشنبه ۳۰ اسفند ۱۴۰۳"


def test_there_are_31_provinces_whose_keys_fit_the_contract() -> None:
    assert len(provinces.PROVINCES) == len(set(provinces.PROVINCES.values())) == 31
    assert all(re.fullmatch("[a-z]{2,20}", key) for key in provinces.PROVINCES)
    assert provinces.PROVINCES["isfahan"] == "اصفهان"
    assert all(persian.normalise(name) == name for name in provinces.PROVINCES.values())


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ((2026, 11, 27, 20, 31, 40), "1405/09/07 00:02"),
        ((2026, 11, 27, 20, 32, 0), "1405/09/07 00:02"),
        ((2026, 11, 27, 20, 29, 1), "1405/09/07 00:00"),
        ((2025, 3, 20, 20, 29, 30), "1404/01/01 00:00"),
    ],
    ids=["a minute begun", "a whole minute", "the day's last minute", "a leap year's last minute"],
)
def test_from_a_minute_on_is_true_at_that_minute(at: tuple[int, ...], said: str) -> None:
    year, month, day, hour, minute, second = at
    instant = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    assert persian.format_instant(persian.whole_minute_after(instant)) == said
