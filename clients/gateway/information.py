"""Pages that explain the portal: help, privacy («حریم خصوصی») and accessibility; for anyone."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared import personal_data

BLUEPRINT = flask.Blueprint("information", __name__)


@BLUEPRINT.get("/help")
def help() -> ResponseReturnValue:  # noqa: A001 - the endpoint's name
    web.session.visitor_if_any()
    return flask.render_template("information/help.html")


@BLUEPRINT.get("/privacy")
def privacy() -> ResponseReturnValue:
    """What is stored of a member, and for how long, by the file that the services delete by."""
    web.session.visitor_if_any()
    return flask.render_template("information/privacy.html", days=personal_data.retention_days())


@BLUEPRINT.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    web.session.visitor_if_any()
    return flask.render_template("information/accessibility.html")
