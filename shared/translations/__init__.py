"""The catalogue of labels and sentences in Persian and English: gettext files by group and code, used by pages and command line."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from shared.contract.refusals import ID_TAKEN, Refused

FOLDER = Path(__file__).parent
PRECISE = {
    "longer_than",
    "two_readings",
    "day_out_of_range",
    "decimal_max_places",
    "decimal_max_digits",
    "decimal_whole_digits",
}
"""Field errors whose sentence is more precise than a form's own sentence for the field."""
PERSIAN_NUMBERS = str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    """All texts of a language, `fa` or `en`, by group and code."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    with (FOLDER / f"{language}.po").open("rb") as file:
        for message in read_po(file, locale=language, abort_invalid=True):
            if message.context:
                groups[message.context][str(message.id)] = str(message.string)
    return groups


def group(name: str, language: str = "fa") -> Mapping[str, str]:
    """The labels of one group by code, such as `job_kind`."""
    return catalogue(language)[name]


def refusal(refused: Refused, language: str = "fa", *, for_officer: bool = False) -> str:
    """A refusal's sentence; an officer's may differ from the member's."""
    if refused.details.get("id") == ID_TAKEN:
        return field_error(ID_TAKEN, language)
    own = group("refusal_to_officer", language).get(refused.reason) if for_officer else None
    return own or group("refusal", language)[refused.reason]


def field_error(code: str, language: str = "fa") -> str:
    """What is wrong with a field; a plain sentence for a code without its own.

    After colons a code has the numbers that its sentence names, first with groups of three digits, then without.
    """
    code, *numbers = code.split(":")
    sentences = group("field_error", language)
    named = [f"{Decimal(number):,f}" for number in numbers] + numbers
    if language == "fa":
        named = [number.translate(PERSIAN_NUMBERS) for number in named]
    return sentences.get(code, sentences["other"]).format(*named)


def form_error(own: Mapping[str, str], name: str, code: str) -> str:
    """The error at a form's field: the form's own sentence, unless the error's sentence is more precise."""
    return field_error(code) if code.partition(":")[0] in PRECISE else own.get(name, field_error(code))
