"""The roll's rows as a file has them: texts by column, read into entries, or into an error code for each wrong column."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared import persian, provinces
from shared.contract.values import Licence, LicenceField, MemberClass

NAME = re.compile("[\u0621-\u063a\u0641-\u064a\u067e\u0686\u0698\u06a9\u06af\u06c0\u06cc \u200c]+")
"""Persian letters, blanks and the zero-width non-joiner (docs/domain.md 7.4)."""
NAME_CHARACTERS_MIN, NAME_CHARACTERS_MAX = 2, 60
YEAR_MIN, YEAR_MAX = 1370, 1500
WITHOUT_LICENCE = {MemberClass.INTERN, MemberClass.UNLICENSED}


@dataclass(frozen=True, repr=False)
class RollEntry:
    """One member as the roll has them; the names and the national code are personal data."""

    member: str
    national_code: str
    first_name: str
    last_name: str
    province: str
    licence: Licence
    paid_through: int | None


class Wrong(Exception):  # noqa: N818 - an answer about one column or row, caught where it is reported
    """What is wrong with a row: error codes (keys of `refusals.FIELD_SENTENCES`) by column; never the text itself."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(dict(errors))
        self.errors = dict(errors)


def read(row: Mapping[str, str]) -> RollEntry:
    """The entry that a row describes, or `Wrong` with every column that is."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for column, parse in COLUMNS.items():
        try:
            values[column] = parse(persian.normalise(row[column])) if column in row else missing()
        except ValueError as error:
            errors[column] = str(error)
    if not errors:
        errors = licence_errors(values["member_class"], values["licence_fields"], values["licence_expires_on"])
    if errors:
        raise Wrong(errors)
    return RollEntry(
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
    texts = {"licence_fields": bool(fields), "licence_expires_on": expires_on is not None}
    if member_class in WITHOUT_LICENCE:
        return {column: "no_licence_expected" for column, is_there in texts.items() if is_there}
    return {column: "missing" for column, is_there in texts.items() if not is_there}


def missing() -> str:
    raise ValueError("missing")


def number(text: str) -> str:
    return persian.membership_no(text or missing()) or wrong("string_pattern_mismatch")


def code(text: str) -> str:
    return persian.national_code(text or missing()) or wrong("national_code_wrong")


def name(text: str) -> str:
    if len(text or missing()) < NAME_CHARACTERS_MIN:
        wrong("string_too_short")
    if len(text) > NAME_CHARACTERS_MAX:
        wrong("string_too_long")
    return text if NAME.fullmatch(text) else wrong("string_pattern_mismatch")


def province(text: str) -> str:
    return text.lower() if text.lower() in provinces.PROVINCES else wrong("enum" if text else "missing")


def member_class(text: str) -> MemberClass:
    named = text.lower() if text.lower() in set(MemberClass) else wrong("enum" if text else "missing")
    return MemberClass(named)


def licence_fields(text: str) -> tuple[LicenceField, ...]:
    """Fields parted by `;` or blanks, in the contract's order, each once."""
    named = set(re.split(r"[;\s]+", text.lower())) - {""}
    if not named <= set(LicenceField):
        wrong("enum")
    return tuple(field for field in LicenceField if field in named)


def expiry(text: str) -> date | None:
    """A Jalali date, or nothing."""
    try:
        return persian.parse_date(text) if text else None
    except ValueError:
        raise ValueError("date_from_datetime_parsing") from None


def year(text: str) -> int | None:
    """A Jalali year of four digits, or nothing for a member who never paid."""
    if not text:
        return None
    if not re.fullmatch("[0-9]{4}", text) or not YEAR_MIN <= int(text) <= YEAR_MAX:
        wrong("year_wrong")
    return int(text)


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
"""Each column and how its text, already normalised, is read; the error's text is the code."""
