"""The start page: what this is, what to have at hand, and whether the office is open."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.web import rpc, session
from shared.contract.renewal import queries

BLUEPRINT = flask.Blueprint("start", __name__)


@BLUEPRINT.get("/")
def start() -> ResponseReturnValue:
    session.visitor_if_any()
    program = rpc.program()
    province = program.settings.home_province
    hours = rpc.if_known(lambda: program.ask(queries.GetOfficeHours(province=province)))
    return flask.render_template("sign_in/start.html", hours=hours)
