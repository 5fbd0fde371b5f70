"""The Flask application: its parts put together."""

from uuid import uuid4

import flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from clients.gateway import (
    account,
    actors,
    addresses,
    api,
    bank_days,
    bank_statements,
    calendar_page,
    capacity,
    card,
    confirming,
    declaring,
    desk,
    display,
    forms,
    headers,
    lists,
    member,
    money,
    money_asks,
    over_use,
    overview,
    passwords,
    paying,
    receipts,
    refusal_pages,
    renewing,
    signing_in,
    start,
    visits,
    what_if,
    words,
)
from shared.program import Program

PAGE_BODY_BYTES_MAX = 256 * 1024
"""The largest form: twenty jobs and a note, with room to spare."""
PAGES = (
    *(start, signing_in, passwords, member, renewing, declaring, paying, receipts, capacity, card, what_if, account),
    *(desk, confirming, calendar_page, overview, money, money_asks, bank_days, bank_statements),
)


def make_app(program: Program) -> flask.Flask:
    """The gateway's pages and API for a program."""
    settings = program.settings
    app = flask.Flask(__name__)
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
    app.before_request(bank_days.make_room)  # before the form's token is read
    app.before_request(forms.refuse_nameless)
    protection = CSRFProtect(app)
    addresses.attach(app)
    for page in PAGES:
        app.register_blueprint(page.BLUEPRINT)
    app.register_blueprint(api.BLUEPRINT)
    protection.exempt(api.BLUEPRINT)  # it takes its session from a header that no other site's form can send
    protection.exempt(paying.posted_back)  # a bank's form has no token of ours, and what it says is not believed
    headers.attach(app, settings)
    refusal_pages.attach(app)
    words_of_templates(app, settings.home_province)
    return app


def words_of_templates(app: flask.Flask, home_province: str) -> None:
    """What every template may use."""
    app.jinja_env.filters.update(display.FILTERS, shown_day=forms.shown_day, actor=actors.name_of)
    app.jinja_env.filters.update(
        capacity_warnings=over_use.warnings, job_problems=over_use.problems, over_use=over_use.of_year
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    organization = f"سازمان نظام مهندسی معدن استان {words.province(home_province)}"
    app.jinja_env.globals.update(place=lists.place, words=words, organization=organization, new_id=lambda: str(uuid4()))
    app.context_processor(lambda: {"visitor": flask.g.get("visitor"), "has_session": bool(visits.session_token())})
