"""What the fakes of SMS providers have in common: a blueprint that may be slow or down, and an answer that gets lost."""

import time
from collections.abc import Iterator

from flask import Blueprint, Response

from clients.phone.account import Account
from clients.phone.faults import Fault
from clients.small_apps import Data

BROKEN_AFTER_BYTES = 4096
"""More than any server holds back before it sends the head of an answer."""


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


def objects(value: object) -> list[Data]:
    """The objects of a list, where it is one."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def broken() -> Response:
    """An answer that breaks off: less comes than its head says."""

    def part() -> Iterator[bytes]:
        yield b" " * BROKEN_AFTER_BYTES
        raise ConnectionAbortedError("answer_lost is switched on")

    return Response(part(), mimetype="application/json", headers={"Content-Length": str(2 * BROKEN_AFTER_BYTES)})
