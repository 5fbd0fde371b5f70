"""ZarinPal's answers, read defensively: the body decides, and what is no answer is unknown (docs/payments.md 6.2)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.payment.banks.port import Unknown
from shared.text.foreign_values import first_object, whole_number

SERVER_ERROR = 500
BODY_BYTES_MAX = 1_000_000


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
    data, errors = first_object(envelope.get("data")), first_object(envelope.get("errors"))
    code = whole_number(errors.get("code"))
    if code is None and not errors:
        code = whole_number(data.get("code"))
    return Unknown("no_code") if code is None else Reply(code, data)
