"""The start page: what the portal is for, what it costs, and whether the office is open; and a receipt or card to check."""

import re

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract.payment import queries as payment_queries
from shared.contract.renewal import queries
from shared.text import persian

BLUEPRINT = flask.Blueprint("start", __name__)
ADDRESS_LENGTH_MAX = 300
CHECKED = re.compile(r"(?:^|/)(receipt|card)/([0-9A-Za-z_-]{10,80})/?$")
"""The end of an address that a QR code has."""


@BLUEPRINT.get("/")
def page() -> ResponseReturnValue:
    web.session.visitor_if_any()
    program = web.rpc.program()
    province = program.settings.home_province
    year = persian.jalali_year(web.rpc.now())
    return flask.render_template(
        "start.html",
        hours=web.rpc.if_known(lambda: program.call(queries.GetOfficeHours(province=province))),
        tariff=web.rpc.if_known(lambda: program.call(payment_queries.GetTariff(year=year))),
    )


@BLUEPRINT.get("/check")
def check() -> ResponseReturnValue:
    """The check of a card or receipt whose address was typed; its page shows nothing that the address does not open."""
    typed = flask.request.args.get("address", "").strip()[:ADDRESS_LENGTH_MAX]
    found = CHECKED.search(typed)
    if not found:
        return flask.render_template("information/check.html", typed=typed)
    return flask.redirect(f"/{found[1]}/{found[2]}", 303)
