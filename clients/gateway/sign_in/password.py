"""A password of one's own, for members and officers."""

import flask
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from clients.gateway.web import forms, rpc, session
from clients.gateway.web.forms import Form
from shared.contract.auth import commands
from shared.contract.refusals import Reason, Refused

BLUEPRINT = flask.Blueprint("passwords", __name__)
NEEDED = {
    "current": "گذرواژهٔ کنونی را بنویسید.",
    "new": "گذرواژهٔ تازه را بنویسید.",
    "repeat": "گذرواژهٔ تازه را دوباره بنویسید.",
}
FIELD_OF = {Reason.WRONG_CREDENTIALS: "current", Reason.WEAK_PASSWORD: "new"}


@BLUEPRINT.get("/password")
def password() -> ResponseReturnValue:
    session.visitor()
    return forms.page("sign_in/password.html", Form())


@BLUEPRINT.post("/password")
def password_posted() -> ResponseReturnValue:
    visitor = session.visitor()
    typed = {name: forms.secret(name) for name in NEEDED}
    form = Form(errors={name: sentence for name, sentence in NEEDED.items() if not typed[name]})
    if not form.errors and typed["new"] != typed["repeat"]:
        form.errors["repeat"] = "تکرار گذرواژه با گذرواژهٔ تازه یکی نیست."
    if form.is_wrong:
        return forms.page("sign_in/password.html", form)
    try:
        visitor.ask(
            commands.SetPassword(current=SecretStr(typed["current"]), new=SecretStr(typed["new"]), **rpc.once())
        )
    except Refused as refused:
        if refused.reason in FIELD_OF:
            form.errors[FIELD_OF[refused.reason]] = refused.sentence()
        else:
            forms.take(form, refused)
        return forms.page("sign_in/password.html", form)
    flask.flash("گذرواژهٔ تازه ثبت شد.")
    return flask.redirect(session.home(visitor.passport), 303)
