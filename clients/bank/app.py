"""The bank program's web application: the receiver, and in development the sandbox bank."""

from flask import Flask

from clients import small_apps
from clients.bank.notices.receiver import BODY_BYTES_MAX, make_receiver
from clients.bank.notices.signatures import Signatures
from clients.bank.sandbox.fault_api import make_switches
from clients.bank.sandbox.faults import clock_of
from clients.bank.sandbox.mellat_api import make_two_phase
from clients.bank.sandbox.payment_page import make_page
from clients.bank.sandbox.statement import make_statement
from clients.bank.sandbox.zarinpal_api import Clock, make_api
from shared.app_context import AppContext
from shared.event_store.log import utc_now
from shared.network_addresses import refuse_foreign_hosts
from shared.observability import http_requests


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
    small_apps.finish(app, "strict-origin-when-cross-origin")
    return app
