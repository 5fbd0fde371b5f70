"""What the fakes of SMS providers have in common: a blueprint that may be slow or down, and an answer that gets lost."""

import json
import time
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request

from clients.phone.account import Account
from clients.phone.faults import Fault

BROKEN_AFTER_BYTES = 4096
"""More than any server holds back before it sends the head of an answer."""

Data = dict[str, Any]


def blueprint_of(account: Account) -> Blueprint:
    """A provider's paths, under its name."""
    blueprint = Blueprint(account.provider, __name__, url_prefix=f"/{account.provider}")

    @blueprint.before_request
    def go_wrong() -> Response | None:
        time.sleep(account.value(Fault.SLOW))
        if account.happens(Fault.DOWN):
            return Response("<html><body><h1>503 Service Unavailable</h1></body></html>", 503, mimetype="text/html")
        return None

    return blueprint


def sent_object() -> Data:
    """What was sent as JSON; anything but an object whose texts can be stored is nothing."""
    try:
        sent = request.get_json(silent=True)
        json.dumps(sent, ensure_ascii=False).encode()
    except (RecursionError, UnicodeEncodeError):  # nested deeper than Python reads; half a pair of surrogates
        return {}
    return sent if isinstance(sent, dict) else {}


def objects(value: object) -> list[Data]:
    """The objects of a list, where it is one."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def broken() -> Response:
    """An answer that breaks off: less comes than its head says."""

    def part() -> Iterator[bytes]:
        yield b" " * BROKEN_AFTER_BYTES
        raise ConnectionAbortedError("answer_lost is switched on")

    return Response(part(), mimetype="application/json", headers={"Content-Length": str(2 * BROKEN_AFTER_BYTES)})
