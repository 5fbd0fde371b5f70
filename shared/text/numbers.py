"""Parsing of typed numbers: rials, quantities and counts; an ambiguous number is refused with both readings."""

import re
from decimal import Decimal

from shared.text import cleaning, persian

TYPED_LENGTH_MAX = 40
BLANKS = re.compile("[ \t\u00a0\u2007\u2009\u202f]")
JOINERS = re.compile(f"[{cleaning.JOINERS}]")
DECIMAL_MARKS = ".,،٫/"
"""As in `3.75`, `3,75`, `۳٫۷۵` and `3/75`."""
GROUP_SIGNS = ",،٬. "
GROUP_SIGNS_OF_RIALS = ",،٬ "
"""Rials have no fraction, so a comma parts thousands there; a point does where it is there twice, as in `6.500.000`."""


class NumberWrong(ValueError):  # noqa: N818 - reads as the sentence it is
    """Text that is no number of its kind; `code` is a key of the group `field_error` of `shared/translations`, followed by the readings after colons."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def rials(text: str) -> int:
    """An amount of money: plain digits, or groups of exactly three parted by one kind of sign; no fraction, no sign."""
    return _whole(text, "amount_wrong")


def count(text: str) -> int:
    """A whole number that counts or orders something, typed as rials are."""
    return _whole(text, "count_wrong")


def quantity(text: str) -> Decimal:
    """A number that may have a fraction. A comma is read where it can only group or only mark decimals, as in `2,5`."""
    readings = _readings(_normalised(text))
    if len(readings) != 1:
        raise _number_error(readings, "quantity_wrong")
    return readings[0]


def _whole(text: str, code: str) -> int:
    typed = _normalised(text)
    digits = _ungrouped(typed, GROUP_SIGNS_OF_RIALS)
    if digits is not None:
        return int(digits)
    readings = _readings(typed)
    if len(readings) != 1 or readings[0].as_tuple().exponent != 0:
        raise _number_error(readings, code)
    return int(readings[0])


def _number_error(readings: list[Decimal], code: str) -> NumberWrong:
    if len(readings) < 2:  # noqa: PLR2004 - one reading is of another kind
        return NumberWrong(code)
    whole, broken = (f"{reading:f}" for reading in readings)
    return NumberWrong(f"two_readings:{whole}:{broken.rstrip('0').rstrip('.')}")


def _normalised(text: str) -> str:
    """Digits as ASCII, blanks of every width as one kind; empty for a text that is too long for a number."""
    visible = JOINERS.sub("", cleaning.INVISIBLE.sub("", text))
    typed = persian.digits_to_ascii(BLANKS.sub(" ", visible).strip())
    return typed if len(typed) <= TYPED_LENGTH_MAX else ""


def _readings(typed: str) -> list[Decimal]:
    """Each value that the text can mean, the one without a fraction first."""
    values = [digits for digits in [_ungrouped(typed, GROUP_SIGNS)] if digits is not None]
    for mark in DECIMAL_MARKS:
        before, _, after = typed.partition(mark)
        digits = _ungrouped(before, GROUP_SIGNS.replace(mark, ""))
        if digits is not None and re.fullmatch("[0-9]+", after):
            values.append(f"{digits}.{after}")
    return [Decimal(digits) for digits in values]


def _ungrouped(typed: str, signs: str) -> str | None:
    """The digits of a whole number, alone or in groups of exactly three parted by one of the signs; None for other text."""
    if re.fullmatch("[0-9]+", typed):
        return typed
    grouped = re.fullmatch(rf"[1-9][0-9]{{0,2}}([{re.escape(signs)}])[0-9]{{3}}(\1[0-9]{{3}})*", typed)
    return typed.replace(grouped[1], "") if grouped else None
