"""Persian digits, letters and codes, and Jalali dates in Tehran time; the only user of jdatetime."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import jdatetime

from shared.text import cleaning

SATURDAY, DAYS_OF_WEEK = 5, 7
"""As `date.weekday` counts."""
TEHRAN = ZoneInfo("Asia/Tehran")
"""Where a Jalali day begins: UTC+03:30 all year since 2022, with summer time before."""
JALALI_YEAR_MIN, JALALI_YEAR_MAX = 1250, 1500
"""Years that a typed date may have; a Gregorian year falls outside."""

MONTHS = (
    *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
    *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
)
WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
"""By Python's own weekday, Monday first."""

ZWNJ, ZWJ = "\u200c", "\u200d"
TO_ASCII = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)
TO_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
MARKS_OF_NUMBERS = str.maketrans(",.-", "٬٫−")
LATIN = re.compile("[A-Za-z]")
MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")
"""Tatweel and harakat."""
LETTERS = str.maketrans("يىك", "ییک") | TO_ASCII
FOLDED = str.maketrans("ةۀأإآٱؤئ", "ههااااوی", ZWNJ)
SEPARATORS = re.compile(r"[\s\u200c\-\u2010-\u2015\u2212/_]+")
"""Separators between the digits of a code."""
NOT_DIGITS = re.compile(
    "([\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2079\u2080-\u2089\u2150-\u215f\u2189\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]+)"
)
"""Superscripts, fractions and numbers in circles, which NFKC folds to digits: `5²` is not 52."""


def digits_to_ascii(text: str) -> str:
    """Persian and Arabic digits as ASCII digits."""
    return text.translate(TO_ASCII)


def digits_to_persian(value: object) -> str:
    """The value's text with its ASCII digits as Persian digits."""
    return str(value).translate(TO_PERSIAN)


def shown_code(value: object) -> str:
    """A code in Persian digits, or unchanged where it has Latin letters, as it is typed and searched for."""
    text = str(value)
    return text if LATIN.search(text) else digits_to_persian(text)


def normalise(text: str) -> str:
    """Typed text to read a code, a number, a date or a choice from: ASCII digits, ی and ک, single blanks, no marks.

    Never for stored text (see `cleaning`): characters that belong to the spelling are removed.
    NFKC comes before the letters (it folds presentation forms to ي and ك), and again after the marks are removed.
    """
    composed = _compatible(cleaning.INVISIBLE.sub("", text).replace(ZWJ, ""))
    return cleaning.single_blanks(_compatible(MARKS.sub("", composed).translate(LETTERS)))


def _compatible(text: str) -> str:
    parts = NOT_DIGITS.split(text)
    return "".join(part if index % 2 else unicodedata.normalize("NFKC", part) for index, part in enumerate(parts))


def search_key(text: str) -> str:
    """The same for two spellings of a name; for searching only, never stored as a name."""
    return " ".join(_folded(text).casefold().split())


def secret_key(text: str) -> str:
    """The same for every way to type a secret: keyboards, digits and Unicode forms differ; capitals count."""
    return " ".join(cleaning.HIDDEN.sub("", _folded(unicodedata.normalize("NFKC", text))).split())


def _folded(text: str) -> str:
    return normalise(text).translate(FOLDED)


def national_code(text: str) -> str | None:
    """The ten digits of a national code (کد ملی) typed with or without leading zeros, or None (docs/domain.md 4.1)."""
    typed = without_separators(text)
    if not re.fullmatch("[0-9]{8,10}", typed):
        return None
    code = typed.zfill(10)
    if len(set(code)) == 1 or code[3:9] == "000000":
        return None
    remainder = sum(int(digit) * (10 - index) for index, digit in enumerate(code[:9])) % 11
    return code if int(code[9]) == (remainder if remainder < 2 else 11 - remainder) else None  # noqa: PLR2004


def mobile(text: str) -> str | None:
    """A mobile number as `09` and nine digits, typed with or without the country's prefix, or None."""
    match = re.fullmatch(r"(?:\+98|0098|98)?0?(9[0-9]{9})", without_separators(text))
    return f"0{match[1]}" if match else None


def whole_minute_after(at: datetime) -> datetime:
    """The first whole minute that is not before an instant: "from 00:02 on" must be true at 00:02."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)


def membership_no(text: str) -> str | None:
    """A membership number as ASCII digits, leading zeros kept, or None (docs/domain.md 7.4)."""
    typed = without_separators(text)
    return typed if re.fullmatch("[0-9]{3,12}", typed) else None


def code_key(text: str) -> str:
    """The same for every way to write a code: `k-12/88` is `K1288`."""
    return re.sub(r"[\W_]", "", normalise(text)).upper()


def without_separators(text: str) -> str:
    """A code without its separators."""
    return SEPARATORS.sub("", normalise(text))


def format_number(number: int) -> str:
    """A whole number for a reader, such as `۹٬۰۰۰٬۰۰۰`."""
    return _persian_number(f"{number:,}")


def format_units(units: int) -> str:
    """Capacity units (0.01 P) as P for a reader, such as `۳۳۰` or `۳٫۷۵`."""
    text = f"{Decimal(units) / 100:,.2f}"
    return _persian_number(text.rstrip("0").rstrip("."))


def _persian_number(text: str) -> str:
    return digits_to_persian(text.translate(MARKS_OF_NUMBERS))


def day_of(at: datetime) -> date:
    """The Gregorian day in Tehran at an aware instant."""
    return _in_tehran(at).date()


def jalali_year(at: datetime) -> int:
    """The Jalali year in Tehran at an aware instant."""
    return jalali_year_of(day_of(at))


def jalali_year_of(day: date) -> int:
    """The Jalali year of a Gregorian day."""
    return _jalali(day)[0]


def year_bounds(year: int) -> tuple[date, date]:
    """The first and the last Gregorian day of a Jalali year."""
    return _gregorian(year, 1, 1), _gregorian(year + 1, 1, 1) - timedelta(days=1)


def last_weeks(at: datetime, weeks: int) -> list[date]:
    """The first days of the last weeks in Tehran, the present one being the last; weeks begin on Saturday."""
    today = day_of(at)
    saturday = today - timedelta(days=(today.weekday() - SATURDAY) % DAYS_OF_WEEK)
    return [saturday - timedelta(weeks=back) for back in reversed(range(weeks))]


def midnight(day: date) -> datetime:
    """The instant at which a day begins in Tehran."""
    return datetime.combine(day, time(), TEHRAN)


def format_date(day: date) -> str:
    """A day as Jalali `1405/07/15`, in ASCII digits; sorts as text. A day that the calendar does not reach is formatted as ISO."""
    try:
        year, month, of_month = _jalali(day)
    except ValueError:
        return day.isoformat()
    return f"{year:04}/{month:02}/{of_month:02}"


def parse_date(text: str) -> date:
    """The Gregorian day of a typed Jalali date, year first; ValueError for anything else."""
    match = re.fullmatch(r"([0-9]{4}) ?[-/.] ?([0-9]{1,2}) ?[-/.] ?([0-9]{1,2})", normalise(text))
    if not match:
        raise ValueError("not a date such as 1405/07/15")
    year, month, of_month = (int(part) for part in match.groups())
    if not JALALI_YEAR_MIN <= year <= JALALI_YEAR_MAX:
        raise ValueError("not a Jalali year")
    return _gregorian(year, month, of_month)


def format_instant(at: datetime) -> str:
    """An aware instant as Tehran's `1405/07/15 14:30`, in ASCII digits."""
    local = _in_tehran(at)
    return f"{format_date(local.date())} {local:%H:%M}"


def month_bounds(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a Jalali month."""
    following = (year + 1, 1) if month == len(MONTHS) else (year, month + 1)
    return _gregorian(year, month, 1), _gregorian(*following, 1) - timedelta(days=1)


def long_date(day: date) -> str:
    """A day for a reader, such as `شنبه ۲۹ فروردین ۱۴۰۵`; in ISO where the calendar does not reach."""
    try:
        year, month, of_month = _jalali(day)
    except ValueError:
        return digits_to_persian(day.isoformat())
    return digits_to_persian(f"{WEEKDAYS[day.weekday()]} {of_month} {MONTHS[month - 1]} {year}")


def _in_tehran(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant is aware")
    return at.astimezone(TEHRAN)


def _jalali(day: date) -> tuple[int, int, int]:
    jalali = jdatetime.date.fromgregorian(year=day.year, month=day.month, day=day.day)
    return jalali.year, jalali.month, jalali.day


def _gregorian(year: int, month: int, of_month: int) -> date:
    day: date = jdatetime.date(year, month, of_month).togregorian()
    return day
