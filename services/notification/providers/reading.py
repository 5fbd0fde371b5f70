"""What the adapters of SMS providers share: causes of a failure, and values of an answer read defensively."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from services.notification.providers.port import Answer, Outcome
from shared.text import persian
from shared.text.foreign_values import short_text, whole_number

CREDIT = "credit"
"""The account has none left."""
ACCOUNT = "account"
"""Our key, account or line is refused: nothing at all is sent until somebody mends it."""
CONFIGURATION = "configuration"
"""This message's template or values are refused: others are sent, and nothing like it until somebody mends it."""
BUSY = "busy"
"""Not now: too many requests, or a fault that passes."""
UNREACHABLE = "unreachable"
"""No connection was made."""
INVALID_ADDRESS = "invalid_address"
ON_BLACKLIST = "on_blacklist"
NO_REFERENCE = "no_reference"
"""A yes without an id of the message proves nothing."""
REFERENCE = re.compile("[!-~]{1,80}")
COST_RIALS_MAX = 100_000_000

Codes = Mapping[str, Collection[int]]
"""Codes of refusals by their cause."""


def refusal(code: int, refused: Codes, blocked: Codes) -> Answer:
    """What a provider's error code means; one that its documentation does not have is unknown."""
    for outcome, table in ((Outcome.REFUSED, refused), (Outcome.BLOCKED, blocked)):
        for cause, codes in table.items():
            if code in codes:
                return Answer(outcome, cause=cause)
    return Answer(Outcome.UNKNOWN, cause=f"code {code}")


def accepted(reference: object, cost: object = 0) -> Answer:
    """A yes with the provider's id of the message."""
    found = short_text(reference)
    if not REFERENCE.fullmatch(found) or not found.strip("0"):
        return Answer(Outcome.UNKNOWN, cause=NO_REFERENCE)
    rials = whole_number(cost) or 0
    return Answer(Outcome.ACCEPTED, found, rials if 0 <= rials <= COST_RIALS_MAX else 0)


def instant_of(value: object) -> datetime | None:
    """A Unix time, or a day and hour in ISO's form, of Tehran where it names no zone."""
    try:
        if isinstance(value, str) and not value.isdecimal():
            found = datetime.fromisoformat(value)
            return found if found.tzinfo else found.replace(tzinfo=persian.TEHRAN)
        seconds = whole_number(value)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def objects_of(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list, where it is one."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def numeric(references: Sequence[str], most: int) -> Iterator[list[str]]:
    """References that are numbers, in parts of at most so many; a provider never gave another one."""
    found = [one for one in references if one.isascii() and one.isdecimal()]
    for start in range(0, len(found), most):
        yield found[start : start + most]
