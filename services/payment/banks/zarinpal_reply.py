"""ZarinPal's answers, read defensively: the body decides, and what is no answer is unknown (docs/payments.md 6.2)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.payment.banks.port import Unknown

SERVER_ERROR = 500
BODY_BYTES_MAX = 1_000_000
TEXT_MAX = 100
"""No field that we keep is longer; a longer one is nonsense, and cutting it could make two references one."""


@dataclass(frozen=True)
class Reply:
    """A bank's answer: its code, and its data, empty where there is none."""

    code: int
    data: Mapping[str, Any]


def read(status: int, body: bytes) -> Reply | Unknown:
    """The reply in a response: below 500 the status means nothing."""
    if status >= SERVER_ERROR:
        return Unknown(f"status {status}")
    if len(body) > BODY_BYTES_MAX:
        return Unknown("too_long")
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        return Unknown("no_json")
    if not isinstance(envelope, dict):
        return Unknown("no_envelope")
    data, errors = part(envelope.get("data")), part(envelope.get("errors"))
    code = amount_of(errors.get("code"))
    if code is None and not errors:
        code = amount_of(data.get("code"))
    return Unknown("no_code") if code is None else Reply(code, data)


def part(value: object) -> dict[str, Any]:
    """`data` or `errors`: an object, a list of objects of which the first counts, or nothing."""
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, dict) else {}


def amount_of(value: object) -> int | None:
    """A whole number that may come as text."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def text_of(value: object) -> str:
    """A short text that may come as a number."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    text = str(value)
    return text if len(text) <= TEXT_MAX else ""
