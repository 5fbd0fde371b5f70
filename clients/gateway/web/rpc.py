"""RPC from pages to services: ids and deadlines of commands, and answers that a page can do without."""

from collections.abc import Callable, Iterable
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

import eventlet
import flask
from werkzeug.exceptions import RequestEntityTooLarge

from shared.app_context import AppContext
from shared.contract.base import Answer
from shared.contract.refusals import Reason, Refused

A = TypeVar("A", bound=Answer)
T = TypeVar("T")
DEADLINE_SECONDS = 10
"""The page no longer waits for an answer after this, so a command must not be run later."""
ADDRESS_LENGTH_MAX = 45
DISPENSABLE = {Reason.NO_ANSWER, Reason.NO_CAPACITY, Reason.NO_POLICY, Reason.NO_TARIFF, Reason.NO_INVOICE}
"""Refusals after which the rest of a page can still be shown."""


def program() -> AppContext:
    """The program that the current request runs in."""
    return cast(AppContext, flask.current_app.extensions["program"])


def now() -> datetime:
    """The time, read once where a page needs it."""
    return datetime.now(UTC)


def form_command() -> dict[str, Any]:
    """`id` and `deadline` of the command that a form sends: the form's own id, so that pressing its button twice does nothing twice."""
    return {**new_command(), "id": posted_command_id() or uuid4()}


def posted_command_id() -> UUID | None:
    """The id that the posted form gives its command; None without one, and for a form that only its page may read, being too large."""
    try:
        return UUID(flask.request.form.get("command_id", ""))
    except (ValueError, RequestEntityTooLarge):
        return None


def new_command() -> dict[str, Any]:
    """A new `id`, and the `deadline`, of a command that no form sends."""
    return {"id": uuid4(), "deadline": now() + timedelta(seconds=DEADLINE_SECONDS)}


def client_address() -> str:
    """The network address of the browser."""
    return (flask.request.remote_addr or "")[:ADDRESS_LENGTH_MAX]


def if_known(call: Callable[[], A], *dispensable: Reason) -> A | None:
    """The answer, or None where a service does not answer or has nothing: the rest of the page is still shown."""
    try:
        return call()
    except Refused as refused:
        if refused.reason in DISPENSABLE or refused.reason in dispensable:
            return None
        raise


def at_once(calls: Iterable[Callable[[], T]]) -> list[T]:
    """What calls answer, in their order, of which none waits for another; each knows the request."""
    ready = [(copy_context(), call) for call in calls]
    return list(eventlet.GreenPool().imap(lambda one: one[0].run(one[1]), ready))
