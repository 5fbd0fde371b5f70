"""The phone's web application: the fakes of the SMS providers, the interface for tests, and the pages."""

import logging
from datetime import UTC, datetime

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from clients.phone.account import Account, Clock
from clients.phone.api import make_api, make_switches
from clients.phone.page import make_pages
from clients.phone.sms.ghasedak import make_ghasedak
from clients.phone.sms.kavenegar import make_kavenegar
from clients.phone.sms.melipayamak import make_melipayamak
from clients.phone.sms.smsir import make_smsir
from shared.event_store.command_handler import Records
from shared.network_addresses import refuse_foreign_hosts
from shared.settings import Settings

BODY_BYTES_MAX = 65_536
INTERFACES = {
    "kavenegar": make_kavenegar,
    "smsir": make_smsir,
    "melipayamak": make_melipayamak,
    "ghasedak": make_ghasedak,
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""What every answer says."""

logger = logging.getLogger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


def make_app(records: Records, settings: Settings, clock: Clock = utc_now) -> Flask:
    """The application on a phone's records; outside of development there is none."""
    if not settings.development:
        raise LookupError("the phone is for development only")
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MAX
    for provider, make in INTERFACES.items():
        app.register_blueprint(make(Account(records, provider, clock)))
    app.register_blueprint(make_api(records, clock))
    app.register_blueprint(make_switches(records))
    app.register_blueprint(make_pages(records, clock))
    app.wsgi_app = refuse_foreign_hosts(app.wsgi_app, settings.phone_url)  # type: ignore[assignment,method-assign]
    app.after_request(with_headers)
    app.register_error_handler(Exception, broken)
    return app


def broken(error: Exception) -> ResponseReturnValue:
    """A bug: logged by its route, where Flask's own way would log the address, which holds a number."""
    if isinstance(error, HTTPException):
        return error
    logger.error("%s failed", request.url_rule, exc_info=error)
    return "", 500


def with_headers(response: Response) -> Response:
    """What every answer says; a page has said what it may do already."""
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'")
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
