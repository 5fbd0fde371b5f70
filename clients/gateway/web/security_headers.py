"""Security and cache headers of every response: Content-Security-Policy, HSTS, Referrer-Policy, Cache-Control."""

from http import HTTPStatus
from urllib.parse import urlsplit

import flask
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.wrappers import Response

from clients.gateway.design import static_files
from shared.settings import Settings

HSTS_SECONDS = 365 * 24 * 3600
STATIC_SECONDS = 3600
VERSION_SECONDS = 365 * 24 * 3600
"""Of a static file whose address names its version."""
SOUND_SECONDS = 300
"""As long as a security phrase is valid: a browser plays its sound again without asking for it."""


def attach(app: flask.Flask, settings: Settings) -> None:
    """Set the headers of every response of the application."""
    policy, pay_policy = content_policy("'self'"), content_policy(bank_form_actions(settings))

    def add(response: flask.Response) -> flask.Response:
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        pays = flask.request.endpoint in PAY_PAGES
        response.headers.setdefault("Content-Security-Policy", pay_policy if pays else policy)
        if settings.portal_url.startswith("https:"):
            response.headers["Strict-Transport-Security"] = f"max-age={HSTS_SECONDS}; includeSubDomains"
        set_cache_control(response)
        return response

    app.after_request(add)
    app.session_interface = SessionWithoutVary()


class SessionWithoutVary(SecureCookieSessionInterface):
    """Flask's own, but without `Vary: Cookie`: no shared cache keeps our pages anyway, and a browser would hold its own
    copy for unusable as soon as a message was shown in between."""

    def save_session(self, app: flask.Flask, session: SessionMixin, response: flask.Response) -> None:
        super().save_session(app, session, response)
        response.vary.discard("Cookie")


def content_policy(form_action: str) -> str:
    """Only our own files, no inline code or style; the security phrase's picture is in its page."""
    rules = {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "form-action": form_action,
        "base-uri": "'none'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def bank_form_actions(settings: Settings) -> str:
    """Where the form of the pay page may lead: browsers hold `form-action` against every redirect that answers it.

    A payment facilitator sends the browser on to whichever bank it likes, so behind an https one any https page may come.
    """
    banks = {origin(settings.bank_api_url), origin(settings.bank_portal_url)}
    onward = {"https:"} if settings.bank_api_url.startswith("https:") else set()
    return " ".join(["'self'", *sorted(banks | onward)])


PUBLIC_PAGES = {
    *("installable.offline", "installable.manifest", "installable.service_worker"),
    *("api_description.index", "api_description.openapi"),
}
"""The same for everybody, and the service worker keeps the first."""
PAY_PAGES = {"pay.invoice", "pay.pay"}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    # Banks check from which site a payer comes (docs/payments.md 5.1).
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def origin(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def set_cache_control(response: Response) -> None:
    """No cache of pages in browser or proxy, so that Back on a shared computer shows nothing; static files for a while.

    A page that answers a posted form is cached by the browser until sign-out: it could not be loaded again, and
    Back would lead to the browser's own error page instead of what was typed.
    """
    if flask.request.endpoint == "static":
        is_lasting = static_files.is_of_version(flask.request)
        lasts = f"max-age={VERSION_SECONDS}, immutable" if is_lasting else f"max-age={STATIC_SECONDS}"
        response.headers["Cache-Control"] = f"public, {lasts}"
    elif flask.request.endpoint in PUBLIC_PAGES:
        response.headers.setdefault("Cache-Control", "no-cache")
    elif flask.request.endpoint == "sign_in.sound" and response.status_code < HTTPStatus.BAD_REQUEST:
        response.headers["Cache-Control"] = f"private, max-age={SOUND_SECONDS}"
    else:
        answers_a_form = (
            flask.request.method == "POST" and response.mimetype == "text/html" and "shows_a_secret" not in flask.g
        )
        response.headers["Cache-Control"] = "private, no-cache" if answers_a_form else "no-store"
