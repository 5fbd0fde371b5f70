"""The page on which whoever has a tracking code sees how far the request is: no session, nothing of the member."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract import base
from shared.contract.auth import commands
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import queries
from shared.contract.renewal.answers import FollowedRenewal

BLUEPRINT = flask.Blueprint("follow", __name__)
CODE_LENGTH_MAX = 40
ERRORS = {
    Reason.BAD_INPUT: "کد پیگیری ده حرف و رقم لاتین دارد، مانند 7K3MX09QTB.",
    Reason.NOT_REQUESTED: "درخواستی با این کد پیگیری پیدا نشد.",
}


@BLUEPRINT.get("/follow")
def page() -> ResponseReturnValue:
    """The form, and how far the request is whose tracking code was typed; asking is limited by the network's address."""
    form = web.Form({"code": flask.request.args.get("code", "")[:CODE_LENGTH_MAX]})
    found = follow(form) if form.text("code") else None
    response = flask.make_response(web.forms.render("renewal/follow.html", form, found=found, now=web.rpc.now()))
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def follow(form: web.Form) -> FollowedRenewal | None:
    """How far the request is; None with a sentence at the code where it is no code, or nobody's."""
    program = web.rpc.program()
    try:
        query = base.parse(queries.FollowRenewal, {"tracking_code": form.text("code")})
        program.call(commands.CountHit(address=web.rpc.client_address(), **web.rpc.new_command()))
        return program.call(query)
    except Refused as refused:
        if refused.reason not in ERRORS:
            raise
        form.errors["code"] = ERRORS[refused.reason]
        return None
