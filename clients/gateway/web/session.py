"""The visitor's session: its cookie, the passport of this request, and the path to return to after signing in."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import flask
from pydantic import SecretStr
from werkzeug.wrappers import Response

from clients.gateway.web import rpc
from shared.contract.auth import answers, commands
from shared.contract.base import Answer, Command, Message
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.services import WITH_MEMBERS

A = TypeVar("A", bound=Answer)
COOKIE = "tamdid_session"
SECURE_COOKIE = "__Host-tamdid_session"
"""The cookie's name over https: a browser accepts it from this host only."""
IDLE_MINUTES = 30
"""After so long without use a session ends, as auth has it."""
DEVICE_COOKIE = "tamdid_device"
DEVICE_SECONDS = 180 * 24 * 3600
TOKEN_LENGTH_MAX = 512
FORM_TOKEN = "csrf_token"  # noqa: S105 - flask-wtf's own name of the token in cookie and form
MEMBER_PAGES = [
    ("home.page", "صفحهٔ من"),
    ("request.renewal", "درخواست"),
    ("account.own", "حساب"),
    ("own_account.sessions", "نشست‌ها و گذرواژه"),
]
OFFICER_PAGES = [
    ({Role.MANAGER}, "desk.page", "کارتابل"),
    ({Role.MANAGER, Role.FINANCE, Role.TREASURY, Role.AUDITOR}, "figures.page", "نمای کلی"),
    ({Role.MANAGER, Role.FINANCE}, "payments.payments", "پرداخت‌ها"),
    ({Role.MANAGER, Role.FINANCE}, "tasks.tasks", "کارهای مالی"),
    ({Role.TREASURY}, "daily_reconciliation.day", "صورت‌حساب بانک"),
    ({Role.MANAGER}, "overview.page", "ظرفیت اعضا"),
    ({Role.MANAGER, Role.ADMIN}, "administration.page", "راهبری"),
    ({Role.AUDITOR}, "reads.of_others", "دسترسی‌ها"),
    (set(), "own_account.sessions", "نشست‌ها و گذرواژه"),
]
"""Pages with the roles they are for; none are for all."""


FIRST_PAGES = {"own_account", "second_step"}
"""Blueprints that an officer may use before the first password is changed."""


class CodeNeeded(Exception):  # noqa: N818 - no error: a page asks for the code, and then goes on
    """What the visitor wants needs a code of the second factor first."""


@dataclass(frozen=True)
class Visitor:
    """The signed-in member or officer, with the passports of this request."""

    session: str
    passport: Passport
    tokens: Mapping[str, str]
    """By service."""
    must_change_password: bool = False
    has_security_news: bool = False
    full_name: str = ""
    """An officer's, as far as auth knows it."""

    @property
    def name(self) -> str:
        """The membership number or the officer's name."""
        return self.passport.subject

    @property
    def is_member(self) -> bool:
        return self.passport.principal_kind is PrincipalKind.MEMBER

    @property
    def pages(self) -> list[tuple[str, str]]:
        """The endpoints and titles of the visitor's main pages."""
        if self.is_member:
            return MEMBER_PAGES
        return [(page, title) for roles, page, title in OFFICER_PAGES if not roles or roles & self.passport.roles]

    def has(self, role: Role) -> bool:
        return role in self.passport.roles

    def call(self, message: Message[A], service: str | None = None) -> A:
        """The answer of the service; `Refused` where it refuses or does not answer, `CodeNeeded` where the session must be confirmed first.

        A command has a passport of its own.
        """
        name = service or message.service
        tokens, command_id = self.tokens, message.id if isinstance(message, Command) else None
        if name not in tokens or (command_id and command_id != self.passport.command_id):
            tokens = self.issue((name,), command_id).tokens
        try:
            return rpc.program().call(message, passport=tokens[name], service=name)
        except Refused as refused:
            if refused.reason is Reason.CODE_NEEDED:
                raise CodeNeeded from None
            raise

    def issue(self, services: tuple[str, ...], command_id: UUID | None) -> answers.SignedPassports:
        """Signed passports for services, also for another command than the one of this request's form."""
        return issue_passports(self.session, services, command_id)

    def call_if_known(self, message: Message[A], *dispensable: Reason) -> A | None:
        """The answer, or None where the service does not answer or has nothing (`rpc.if_known`)."""
        return rpc.if_known(lambda: self.call(message), *dispensable)


def visitor() -> Visitor:
    """The signed-in visitor of this request; refused with NOT_SIGNED_IN without a session that still lives."""
    if "visitor" not in flask.g:
        token = session_token()
        if not token:
            raise Refused(Reason.NOT_SIGNED_IN)
        flask.g.visitor = signed_in(token, rpc.posted_command_id())
        if flask.g.visitor.must_change_password and flask.request.blueprint not in FIRST_PAGES:
            flask.abort(flask.redirect(flask.url_for("own_account.password"), 303))
    found: Visitor = flask.g.visitor
    return found


def signed_in(session: str, command_id: UUID | None = None) -> Visitor:
    """The holder of a session, with passports for what a page reads and for the command of its form."""
    signed = issue_passports(session, WITH_MEMBERS, command_id)
    known = (signed.must_change_password, signed.has_security_news, signed.full_name)
    return Visitor(session, signed.passport, signed.tokens, *known)


def issue_passports(session: str, services: tuple[str, ...], command_id: UUID | None) -> answers.SignedPassports:
    """Signed passports of a session's holder; refused with NOT_SIGNED_IN where the session has ended."""
    return rpc.program().call(
        commands.IssuePassports(
            session=SecretStr(session), services=services, command_id=command_id, **rpc.new_command()
        )
    )


def visitor_if_any() -> Visitor | None:
    """The signed-in visitor, or None; for pages that anyone may see."""
    try:
        return visitor() if session_token() else None
    except Refused:
        return None


def member() -> Visitor:
    """The member at the browser; an officer is refused."""
    found = visitor()
    if not found.is_member:
        raise Refused(Reason.NOT_ALLOWED)
    return found


def officer(*roles: Role) -> Visitor:
    """The officer at the browser, of one of these roles where any are named."""
    found = visitor()
    if found.is_member or (roles and not any(found.has(role) for role in roles)):
        raise Refused(Reason.NOT_ALLOWED)
    return found


def session_token() -> str:
    """The session's secret in the browser's cookie, or nothing."""
    return flask.request.cookies.get(_cookie_name(), "")[:TOKEN_LENGTH_MAX]


def browser_secret() -> SecretStr:
    """The secret of the forms' tokens of this browser, to which what begins without a session is bound."""
    return SecretStr(str(flask.session.get(FORM_TOKEN, "")))


def bind_form_token() -> None:
    """Derive the secret of the forms' tokens from the session, so that a token and its cookie from elsewhere are worth nothing in it."""
    if (token := session_token()) and flask.request.endpoint != "static":
        bind_form_token_to(token)


def bind_form_token_to(token: str) -> None:
    """Bind the browser's forms to a session; what its cookie has of another one, such as a late answer has brought back, is forgotten."""
    key = str(flask.current_app.secret_key).encode()
    secret = hmac.new(key, b"form token of " + token.encode(), hashlib.sha256).hexdigest()
    if flask.session.get(FORM_TOKEN) != secret:
        flask.session.clear()
        flask.session[FORM_TOKEN] = secret


def open_session(response: Response, session: answers.Session) -> Response:
    """Give the browser its session, which ends with the browser or when auth ends it, and the token by which it is known again."""
    secure = _is_https()
    response.set_cookie(_cookie_name(), session.token, path="/", httponly=True, secure=secure, samesite="Lax")
    if session.known_device:
        response.set_cookie(
            _device_cookie_name(), session.known_device, DEVICE_SECONDS, path="/", httponly=True, secure=secure,
            samesite="Lax",
        )  # fmt: skip
    return response


def known_device() -> SecretStr | None:
    """The token by which this browser is known to accounts that have signed in with it."""
    token = flask.request.cookies.get(_device_cookie_name(), "")[:TOKEN_LENGTH_MAX]
    return SecretStr(token) if token else None


def close_session(response: Response) -> Response:
    response.delete_cookie(_cookie_name(), path="/", httponly=True, secure=_is_https(), samesite="Lax")
    return response


def never_cache() -> None:
    """Let the browser keep nothing of this answer, which shows a secret."""
    flask.g.shows_a_secret = True


def own_path(typed: str | None) -> str:
    """The path to go back to after signing in: a path of this site, else nothing. A browser reads a backslash as a slash."""
    path = typed or ""
    printable = path.isprintable() and "\\" not in path
    if not printable or not path.startswith("/") or path.startswith("//"):
        return ""
    parts = urlsplit(path)
    return "" if parts.scheme or parts.netloc else path


def home(passport: Passport) -> str:
    """The first page after signing in."""
    return flask.url_for("home.page" if passport.principal_kind is PrincipalKind.MEMBER else "desk.page")


def _cookie_name() -> str:
    return SECURE_COOKIE if _is_https() else COOKIE


def _device_cookie_name() -> str:
    return f"__Host-{DEVICE_COOKIE}" if _is_https() else DEVICE_COOKIE


def _is_https() -> bool:
    return rpc.program().settings.portal_url.startswith("https:")
