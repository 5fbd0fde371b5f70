"""The open sessions of the visitor's account: ending one, or all others."""

import flask
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from clients.gateway import web
from shared.contract.auth import commands, queries

BLUEPRINT = flask.Blueprint("sessions", __name__)


@BLUEPRINT.get("/sessions")
def page() -> ResponseReturnValue:
    return sessions_page(web.Form())


@BLUEPRINT.post("/sessions/end")
def end() -> ResponseReturnValue:
    """End one session; ending this very one leads to the sign-in."""
    form = web.forms.posted()
    content = {"session_id": form.value("session_id")}
    if web.forms.send(form, web.session.visitor(), commands.EndSession, content) is None:
        return sessions_page(form)
    return ended("نشست پایان یافت.")


@BLUEPRINT.post("/sessions/end-others")
def end_others() -> ResponseReturnValue:
    form = web.forms.posted()
    content = {"session": web.session.session_token()}
    if web.forms.send(form, web.session.visitor(), commands.EndOtherSessions, content) is None:
        return sessions_page(form)
    return ended("همهٔ نشست‌های دیگر پایان یافت.")


def ended(message: str) -> ResponseReturnValue:
    flask.flash(message)
    return flask.redirect(flask.url_for("sessions.page"), 303)


def sessions_page(form: web.Form) -> ResponseReturnValue:
    visitor = web.session.visitor()
    own = SecretStr(web.session.session_token())
    return web.forms.render(
        "security/sessions.html", form, sessions=visitor.call(queries.ListSessions(session=own)).sessions
    )
