"""The start page: what this is, what to have at hand, and whether the office is open."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import asking, visits
from shared.contract.renewal import queries

BLUEPRINT = flask.Blueprint("start", __name__)


@BLUEPRINT.get("/")
def start() -> ResponseReturnValue:
    visits.visitor_if_any()
    program = asking.program()
    province = program.settings.home_province
    hours = asking.if_known(lambda: program.ask(queries.GetOfficeHours(province=province)))
    return flask.render_template("start.html", hours=hours)
