"""The bank program's web application: the receiver, and in development the sandbox bank."""

import logging
from datetime import UTC, datetime

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from clients.bank.notices.receiver import BODY_BYTES_MAX, make_receiver
from clients.bank.notices.signatures import Signatures
from clients.bank.sandbox.fault_api import make_switches
from clients.bank.sandbox.faults import clock_of
from clients.bank.sandbox.mellat_api import make_two_phase
from clients.bank.sandbox.payment_page import make_page
from clients.bank.sandbox.statement import make_statement
from clients.bank.sandbox.zarinpal_api import Clock, make_api
from shared.app_context import AppContext
from shared.network_addresses import refuse_foreign_hosts
from shared.observability import http_requests

logger = logging.getLogger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


def make_app(program: AppContext, clock: Clock = utc_now) -> Flask:
    """The application of a program that keeps records; the sandbox goes by `clock`, the receiver by the real time."""
    if program.records is None:
        raise LookupError("the bank program needs its records")
    settings = program.settings
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MAX
    app.register_blueprint(make_receiver(program.records, Signatures(settings.webhook_secrets)))
    if settings.development:
        clock = clock_of(program.records, clock)
        app.register_blueprint(make_api(program.records, settings.portal_url, clock))
        app.register_blueprint(make_page(program.records, clock))
        app.register_blueprint(make_two_phase(program.records, settings.portal_url, clock))
        app.register_blueprint(make_switches(program.records, clock))
        app.register_blueprint(make_statement(program.records, clock))
    hosts = (settings.bank_portal_url, settings.bank_api_url) if settings.development else (settings.bank_portal_url,)
    own_hosts = refuse_foreign_hosts(app.wsgi_app, *hosts)
    app.wsgi_app = http_requests.with_context(own_hosts, "bank", app.url_map)  # type: ignore[assignment,method-assign]
    app.after_request(with_headers)
    app.register_error_handler(Exception, broken)
    return app


def broken(error: Exception) -> ResponseReturnValue:
    """A bug: logged by its route, where Flask's own way would log the address, which holds a payment's key."""
    if isinstance(error, HTTPException):
        return error
    logger.error("%s failed", request.url_rule, exc_info=error)
    return "", 500


def with_headers(response: Response) -> Response:
    """What every answer says; a page with a form has said what it may do already."""
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'")
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cache-Control": "no-store",
}
