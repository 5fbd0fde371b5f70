"""How a page asks a service: the program it runs in, the ids and deadlines of its commands, and answers it can do without."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import uuid4

import flask

from clients.gateway.web import forms
from shared.app_context import Program
from shared.contract.base import Answer
from shared.contract.refusals import Reason, Refused

A = TypeVar("A", bound=Answer)
DEADLINE_SECONDS = 10
"""After this nobody waits for the answer any more, so a command must not be run later."""
ADDRESS_LENGTH_MAX = 45
DISPENSABLE = {Reason.NO_ANSWER, Reason.NO_CAPACITY, Reason.NO_POLICY, Reason.NO_TARIFF, Reason.NO_INVOICE}
"""Refusals after which the rest of a page can still be shown."""


def program() -> Program:
    """The program that the current request runs in."""
    return cast(Program, flask.current_app.extensions["program"])


def now() -> datetime:
    """This moment, as the pages see it."""
    return datetime.now(UTC)


def once() -> dict[str, Any]:
    """The `id` and `deadline` of a form's command: the form's own id, so that pressing its button twice does nothing twice."""
    return {**fresh(), "id": forms.posted_id() or uuid4()}


def fresh() -> dict[str, Any]:
    """A new `id`, and the `deadline`, of a command that no form sends."""
    return {"id": uuid4(), "deadline": now() + timedelta(seconds=DEADLINE_SECONDS)}


def address() -> str:
    """The network address that asks."""
    return (flask.request.remote_addr or "")[:ADDRESS_LENGTH_MAX]


def if_allowed(ask: Callable[[], A | None]) -> A | None:
    """The answer, or None where it is about somebody whom the visitor may not see, or who is on no record."""
    try:
        return ask()
    except Refused as refused:
        if refused.reason in {Reason.NOT_ALLOWED, Reason.UNKNOWN_MEMBER}:
            return None
        raise


def if_known(ask: Callable[[], A], *also: Reason) -> A | None:
    """The answer, or None where a service does not answer or has nothing: what else is on the page is still shown."""
    try:
        return ask()
    except Refused as refused:
        if refused.reason in DISPENSABLE or refused.reason in also:
            return None
        raise
