"""The lists of an officer's desk: a page of rows, the last page for whoever asks beyond it, and the way back to the same place."""

import re
from typing import Any

import flask
from werkzeug.wrappers import Response

from shared.contract import bounds

ROWS = 50
DIGITS_MAX = len(str(bounds.OFFSET_MAX))
PLACE = {"province": "[a-z]{2,20}", "status": "[a-z]{2,20}", "start": "[0-9]{1,9}"}
"""What of an address says where in a list somebody is, and how it looks."""


def start() -> int:
    """From which row on the address asks for, 0 where it does not say."""
    typed = flask.request.args.get("start", "")
    if not re.fullmatch("[0-9]+", typed):
        return 0
    return int(typed) if len(typed) < DIGITS_MAX else bounds.OFFSET_MAX


def instead(total: int, start: int) -> Response | None:
    """The way to the last page, where the address asks beyond it: rows that went meanwhile are not all that there are."""
    if not 0 < total <= start:
        return None
    last = (total - 1) // ROWS * ROWS
    arguments = {**(flask.request.view_args or {}), **flask.request.args.to_dict(), "start": last}
    return flask.redirect(flask.url_for(str(flask.request.endpoint), **arguments), 303)


def place() -> dict[str, Any]:
    """Where in a list the visitor came from, as this page's own address has it."""
    args = flask.request.args
    return {name: args[name] for name, form in PLACE.items() if re.fullmatch(form, args.get(name, ""))}
