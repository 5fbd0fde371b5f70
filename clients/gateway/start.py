"""The start page: what the portal is for, what is needed, and whether the office is open."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract.renewal import queries

BLUEPRINT = flask.Blueprint("start", __name__)


@BLUEPRINT.get("/")
def page() -> ResponseReturnValue:
    web.session.visitor_if_any()
    program = web.rpc.program()
    province = program.settings.home_province
    hours = web.rpc.if_known(lambda: program.call(queries.GetOfficeHours(province=province)))
    return flask.render_template("start.html", hours=hours)
