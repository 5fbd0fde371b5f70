"""Parsing of the rows of an imported register file: texts by column into an entry, or an error code for each wrong column."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic_core import PydanticCustomError

from services.auth.register.entries import RegisterEntry
from shared import provinces
from shared.contract import bounds
from shared.contract.bounds import YEAR_MAX, YEAR_MIN
from shared.contract.values import Licence, LicenceField, MemberClass
from shared.text import cleaning, persian

NAME = re.compile("[\u0621-\u063a\u0641-\u065f\u0670\u0671\u067e\u0686\u0698\u06a9\u06af\u06c0\u06cc \u200c]+")
"""Persian and Arabic letters with their signs, blanks and the zero-width non-joiner (docs/domain.md 7.4)."""
TYPESETTING = str.maketrans("", "", "\u0640\u200d")
"""Tatweel and the zero-width joiner: how a name was set in print, not how it is spelled."""
NAME_CHARACTERS_MIN, NAME_CHARACTERS_MAX = 2, 60
CLASSES: Mapping[str, MemberClass] = {one.value: one for one in MemberClass} | {
    "کارورز": MemberClass.INTERN,
    "بدون پروانه": MemberClass.UNLICENSED,
    "پایه 3": MemberClass.GRADE_3,
    "پایه 2": MemberClass.GRADE_2,
    "پایه 1": MemberClass.GRADE_1,
    "ارشد": MemberClass.SENIOR,
}
FIELDS: Mapping[str, LicenceField] = {one.value: one for one in LicenceField} | {
    "استخراج": LicenceField.EXTRACTION,
    "اکتشاف": LicenceField.EXPLORATION,
    "پیجویی": LicenceField.EXPLORATION,
    "فراوری": LicenceField.PROCESSING,
    "کانهارایی": LicenceField.PROCESSING,
    "متالورژی": LicenceField.METALLURGY,
    "نقشهبرداری": LicenceField.SURVEYING,
}
"""The values of a file's columns, by their search key."""
FILLER_WORDS = {"معدن", "معدنی", "مواد", "استخراجی", "مهندسی", "و"}
"""Of fuller names (docs/domain.md 2.3), such as «پی‌جویی و اکتشاف», «استخراج معدن» or «متالورژی استخراجی»."""
JOINABLE_BLANK = re.compile("(?<=نقشه) (?=برداری)|(?<=پی) (?=جویی)|(?<=کانه) (?=ارایی)")
"""The blank that some write where others join."""
WITHOUT_LICENCE = {MemberClass.INTERN, MemberClass.UNLICENSED}


class WrongRow(Exception):  # noqa: N818 - an answer about one column or row, caught where it is reported
    """What is wrong with a row: error codes (keys of the group `field_error` of `shared/translations`) by column; never the text itself."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(dict(errors))
        self.errors = dict(errors)


def parse(row: Mapping[str, str]) -> RegisterEntry:
    """The entry that a row describes, or `WrongRow` with an error code for every wrong column."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for column, parse_cell in COLUMNS.items():
        try:
            values[column] = parse_cell(row[column]) if column in row else missing()
        except ValueError as error:
            errors[column] = str(error)
    if not errors:
        errors = licence_errors(values["member_class"], values["licence_fields"], values["licence_expires_on"])
    if errors:
        raise WrongRow(errors)
    return RegisterEntry(
        member=values["membership_no"],
        national_code=values["national_code"],
        first_name=values["first_name"],
        last_name=values["last_name"],
        province=values["province"],
        licence=Licence(
            member_class=values["member_class"],
            fields=values["licence_fields"],
            expires_on=values["licence_expires_on"],
        ),
        paid_through=values["paid_through"],
    )


def licence_errors(
    member_class: MemberClass, fields: tuple[LicenceField, ...], expires_on: date | None
) -> dict[str, str]:
    """A grade comes with fields and an expiry; without a licence there is neither."""
    given = {"licence_fields": bool(fields), "licence_expires_on": expires_on is not None}
    if member_class in WITHOUT_LICENCE:
        return {column: "no_licence_expected" for column, is_there in given.items() if is_there}
    return {column: "missing" for column, is_there in given.items() if not is_there}


def missing() -> str:
    raise ValueError("missing")


def number(text: str) -> str:
    return persian.membership_no(text.strip() or missing()) or wrong("string_pattern_mismatch")


def code(text: str) -> str:
    return persian.national_code(text.strip() or missing()) or wrong("national_code_wrong")


def name(typed: str) -> str:
    """A name as its holder spells it."""
    text = cleaning.line(typed.translate(TYPESETTING))
    if len(text or missing()) < NAME_CHARACTERS_MIN:
        wrong("string_too_short")
    if len(text) > NAME_CHARACTERS_MAX:
        wrong("string_too_long")
    return text if NAME.fullmatch(text) else wrong("string_pattern_mismatch")


def province(text: str) -> str:
    """A province by its key or by its Persian name in any spelling."""
    typed = persian.search_key(text)
    found = (key for key, said in provinces.PROVINCES.items() if typed in (key, persian.search_key(said)))
    return next(found, None) or wrong("enum" if typed else "missing")


def member_class(text: str) -> MemberClass:
    typed = persian.search_key(text)
    return CLASSES.get(typed) or MemberClass(wrong("enum" if typed else "missing"))


def licence_fields(text: str) -> tuple[LicenceField, ...]:
    """Fields parted by `;`, `،`, `/` or blanks, in the contract's order, each once."""
    words = set(re.split(r"[;؛,،/\s]+", JOINABLE_BLANK.sub("", persian.search_key(text)))) - {""}
    named = words - FILLER_WORDS
    if not named <= FIELDS.keys() or (words and not named):
        wrong("enum")
    return tuple(field for field in LicenceField if field in {FIELDS[name] for name in named})


def expiry(text: str) -> date | None:
    """A Jalali date, or nothing."""
    try:
        return bounds.read_day(persian.parse_date(text)) if text.strip() else None
    except PydanticCustomError as beyond:
        raise ValueError(beyond.type) from None
    except ValueError:
        raise ValueError("date_from_datetime_parsing") from None


def year(text: str) -> int | None:
    """A Jalali year of four digits, or nothing for a member who never paid."""
    typed = persian.normalise(text)
    if not typed:
        return None
    if not re.fullmatch("[0-9]{4}", typed) or not YEAR_MIN <= int(typed) <= YEAR_MAX:
        wrong("year_wrong")
    return int(typed)


def wrong(error_code: str) -> str:
    raise ValueError(error_code)


COLUMNS: Mapping[str, Callable[[str], object]] = {
    "membership_no": number,
    "national_code": code,
    "first_name": name,
    "last_name": name,
    "province": province,
    "member_class": member_class,
    "licence_fields": licence_fields,
    "licence_expires_on": expiry,
    "paid_through": year,
}
"""Each column and how its text is read; the error's text is the code."""
