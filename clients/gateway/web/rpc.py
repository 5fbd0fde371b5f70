"""RPC from pages to services: ids and deadlines of commands, passports for queries, and answers that a page can do without."""

import hashlib
from collections.abc import Callable, Iterable
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

import eventlet
import flask
from werkzeug.exceptions import RequestEntityTooLarge

from shared.app_context import AppContext
from shared.contract.auth import commands
from shared.contract.auth.answers import Session, SignedPassports
from shared.contract.auth.program_commands import IssueAccessToken, IssueProgramPassports
from shared.contract.base import Answer, CallService, Command, Message
from shared.contract.refusals import Reason, Refused

A = TypeVar("A", bound=Answer)
T = TypeVar("T")
DEADLINE_SECONDS = 10
"""The page no longer waits for an answer after this, so a command must not be run later."""
ADDRESS_LENGTH_MAX = 45
DISPENSABLE = {Reason.NO_ANSWER, Reason.NO_CAPACITY, Reason.NO_POLICY, Reason.NO_TARIFF, Reason.NO_INVOICE}
"""Refusals after which the rest of a page can still be shown."""

PASSPORTS_KEPT_FOR = timedelta(minutes=1)
SESSIONS_KEPT_MAX = 1_000
CHANGE_NO_RIGHTS = (
    *(commands.IssuePassports, commands.NewCaptcha, commands.SignIn, commands.CountHit, commands.OpenCardLink),
    *(IssueAccessToken, IssueProgramPassports),
)
"""Commands to auth after which each session has the rights that it had; strangers and programs send them all the time."""


@dataclass
class KeptPassports:
    """The passports of sessions for queries, kept in this process for a minute. A command needs one of its own, which auth signs after a look at the session.

    After a command to auth from this process that may end a session, or change what its holder may do, none is kept.
    """

    forward: CallService
    _kept: dict[bytes, tuple[datetime, SignedPassports]] = field(default_factory=dict, repr=False)
    """By the session's SHA-256: since when, and which."""
    _changes: int = 0

    def call(self, message: Message[A], passport: str | None = None, service: str | None = None) -> A:
        """The program's calls, which are all made by this."""
        try:
            answer = self.forward(message, passport=passport, service=service)
        finally:
            is_for_auth = isinstance(message, Command) and getattr(message, "service", service) == "auth"
            if is_for_auth and not isinstance(message, CHANGE_NO_RIGHTS):
                self._changes += 1
                self._kept.clear()
        if isinstance(answer, Session):  # the account's other sessions have news, and may be one too many
            self._changes += 1
            account = answer.passport.actor
            self._kept = {key: one for key, one in self._kept.items() if one[1].passport.actor != account}
        return answer

    def of(self, session: str, issue: Callable[[], SignedPassports]) -> SignedPassports:
        """The passports of a session; `issue` has auth sign new ones, which are kept unless they are for a command."""
        key, changes, requested_at = hashlib.sha256(session.encode()).digest(), self._changes, now()
        if (kept := self._kept.get(key)) and requested_at - kept[0] < PASSPORTS_KEPT_FOR:
            return kept[1]
        signed = issue()
        if signed.passport.command_id is None and changes == self._changes:
            if len(self._kept) >= SESSIONS_KEPT_MAX:
                self._kept.clear()
            self._kept[key] = requested_at, signed
        return signed


def program() -> AppContext:
    """The program that the current request runs in."""
    return cast(AppContext, flask.current_app.extensions["program"])


def kept_passports() -> KeptPassports:
    """Those of this process."""
    return cast(KeptPassports, flask.current_app.extensions["kept_passports"])


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
