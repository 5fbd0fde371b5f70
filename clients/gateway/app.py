"""The Flask application: blueprints, template filters, security headers and error pages put together."""

from uuid import uuid4

import flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from clients.gateway import (
    administration,
    admission,
    api,
    capacity,
    casework,
    charts,
    exports,
    finance,
    gallery,
    information,
    installable,
    member,
    messages,
    organization,
    overview,
    payment,
    renewal,
    review,
    security,
    security_txt,
    sign_in,
    start,
    web,
)
from clients.gateway.administration import register_import
from clients.gateway.design import static_files
from clients.gateway.finance import daily_reconciliation
from clients.gateway.messages import unread
from clients.gateway.payment import pay
from clients.gateway.sign_in.second_step import code_instead
from clients.gateway.sign_in.sign_in import sign_in_instead
from clients.gateway.web import security_headers
from shared.app_context import AppContext
from shared.network_addresses import refuse_foreign_hosts
from shared.observability import http_requests
from shared.settings import Settings

PAGE_BODY_BYTES_MAX = 256 * 1024
"""The largest form: twenty jobs and a note, with room to spare."""
PAGE_FOLDERS = (
    *(sign_in, security, member, messages, renewal, payment, capacity),
    *(casework, review, overview, finance, administration),
)


def make_app(program: AppContext) -> flask.Flask:
    """The gateway's pages and API for a program."""
    settings = program.settings
    is_https = settings.portal_url.startswith("https:")
    app = flask.Flask(__name__, template_folder=".", static_folder="design/static")
    app.extensions["program"] = program
    app.extensions["organizations"] = organization.load(settings.organizations)
    app.config.update(
        SECRET_KEY=settings.page_secret.get_secret_value(),
        SESSION_COOKIE_NAME="__Host-tamdid_page" if is_https else "tamdid_page",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
        MAX_CONTENT_LENGTH=PAGE_BODY_BYTES_MAX,
        # A form may lie open longer than any fixed time; its token ends with the browser's session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    receive_requests(app, settings)
    app.before_request(api.prepare)
    app.before_request(web.forms.refuse_many_fields)
    admission.attach(app)
    for pages in (daily_reconciliation, register_import):
        app.before_request(pages.allow_file)  # before the form's token is read
    app.before_request(web.forms.refuse_nameless_parts)
    app.before_request(web.session.bind_form_token)
    protection = CSRFProtect(app)
    web.url_arguments.attach(app)
    for blueprint in (one for folder in (*PAGE_FOLDERS, api) for one in folder.BLUEPRINTS):
        app.register_blueprint(blueprint)
    for module in (security_txt, start, information, installable, *([gallery] if settings.development else [])):
        app.register_blueprint(module.BLUEPRINT)
    exempt(protection)
    exports.attach(app)
    security_headers.attach(app, settings)
    web.error_pages.attach(app, sign_in_instead, code_instead)
    configure_templates(app, settings)
    unread.attach(app)
    return app


def receive_requests(app: flask.Flask, settings: Settings) -> None:
    """Begin each request's context, evaluate the proxies' headers, and refuse what is for another host."""
    hops = settings.trusted_proxies
    own_hosts = refuse_foreign_hosts(app.wsgi_app, settings.portal_url)
    behind_proxies = ProxyFix(own_hosts, x_for=hops, x_proto=hops, x_host=hops)
    in_context = http_requests.with_context(behind_proxies, "gateway", app.url_map)
    app.wsgi_app = in_context  # type: ignore[assignment,method-assign]


def exempt(protection: CSRFProtect) -> None:
    """What is requested without a form's token."""
    for blueprint in api.WITHOUT_FORMS:  # sessions and secrets come in what no other site knows
        protection.exempt(blueprint)
    protection.exempt(pay.posted_back)  # a bank's form has no CSRF token, and its fields are not trusted


def configure_templates(app: flask.Flask, settings: Settings) -> None:
    """Register what every template may use."""
    static_files.attach(app)
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        {
            **web.filters.FILTERS,
            **web.sentences.FILTERS,
            "actor": web.queries.actor_name,
            "chart_cell": charts.shown_cell,
        }
    )
    environment.globals.update(
        labels=web.labels,
        list_arguments=web.url_arguments.list_arguments,
        export_address=web.lists.address,
        new_id=lambda: str(uuid4()),
        development=settings.development,
        idle_minutes=web.session.IDLE_MINUTES,
        needs_activation=settings.first_sign_in == "activation",
    )
    organizations = app.extensions["organizations"]
    environment.filters["organization"] = lambda province: organizations.of_province(province).name
    app.context_processor(lambda: of_request(settings, organizations))


def of_request(settings: Settings, organizations: organization.Organizations) -> dict[str, object]:
    """Who is at the browser, and the organization: the visitor's own, or this portal's for whoever has none or several."""
    visitor: web.Visitor | None = flask.g.get("visitor")
    provinces = visitor.passport.provinces if visitor else frozenset()
    if visitor and visitor.is_member and (own := flask.session.get(web.queries.HOME_PROVINCE)):
        provinces = frozenset({str(own)})
    office = organizations.of_province(next(iter(provinces)) if len(provinces) == 1 else settings.home_province)
    return {
        "visitor": visitor,
        "has_session": bool(web.session.session_token()),
        "office": office,
        "organization": office.name,
    }
