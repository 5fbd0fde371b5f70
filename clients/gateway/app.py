"""The Flask application: its parts put together."""

from uuid import uuid4

import flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from clients.gateway.administration import office_calendar
from clients.gateway.api import endpoints
from clients.gateway.capacity import explanation, overview, what_if
from clients.gateway.finance import bank_statements, daily_reconciliation, four_eyes_requests, payments, tasks
from clients.gateway.member import account, card, home
from clients.gateway.payment import pay, receipts
from clients.gateway.renewal import declare, request
from clients.gateway.review import desk
from clients.gateway.sign_in import password, sign_in, start
from clients.gateway.web import (
    error_pages,
    filters,
    forms,
    labels,
    officer_names,
    over_use,
    paging,
    security_headers,
    session,
    url_arguments,
)
from shared.app_context import Program

PAGE_BODY_BYTES_MAX = 256 * 1024
"""The largest form: twenty jobs and a note, with room to spare."""
PAGES = (
    *(start, sign_in, password, home, request, declare, pay, receipts, explanation, card, what_if, account),
    *(desk, payments, office_calendar, overview, tasks, four_eyes_requests, daily_reconciliation, bank_statements),
)


def make_app(program: Program) -> flask.Flask:
    """The gateway's pages and API for a program."""
    settings = program.settings
    app = flask.Flask(__name__, template_folder=".", static_folder="design/static")
    app.extensions["program"] = program
    app.config.update(
        SECRET_KEY=settings.page_secret.get_secret_value(),
        SESSION_COOKIE_NAME="tamdid_page",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.portal_url.startswith("https:"),
        MAX_CONTENT_LENGTH=PAGE_BODY_BYTES_MAX,
        # A form may lie open longer than any fixed time; its token ends with the browser's session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    hops = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(daily_reconciliation.make_room)  # before the form's token is read
    app.before_request(forms.refuse_nameless)
    protection = CSRFProtect(app)
    url_arguments.attach(app)
    for page in PAGES:
        app.register_blueprint(page.BLUEPRINT)
    app.register_blueprint(endpoints.BLUEPRINT)
    protection.exempt(endpoints.BLUEPRINT)  # it takes its session from a header that no other site's form can send
    protection.exempt(pay.posted_back)  # a bank's form has no token of ours, and what it says is not believed
    security_headers.attach(app, settings)
    error_pages.attach(app)
    words_of_templates(app, settings.home_province)
    return app


def words_of_templates(app: flask.Flask, home_province: str) -> None:
    """What every template may use."""
    app.jinja_env.filters.update(filters.FILTERS, shown_day=forms.shown_day, actor=officer_names.name_of)
    app.jinja_env.filters.update(
        capacity_warnings=over_use.warnings, job_problems=over_use.problems, over_use=over_use.of_year
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    organization = f"سازمان نظام مهندسی معدن استان {labels.province(home_province)}"
    app.jinja_env.globals.update(
        place=paging.place, words=labels, organization=organization, new_id=lambda: str(uuid4())
    )
    app.context_processor(lambda: {"visitor": flask.g.get("visitor"), "has_session": bool(session.session_token())})
