"""Changing the password, for members and officers."""

import flask
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from clients.gateway import web
from shared import translations
from shared.contract.auth import commands
from shared.contract.refusals import Reason, Refused

BLUEPRINT = flask.Blueprint("password", __name__)
REQUIRED = {
    "current": "گذرواژهٔ کنونی را بنویسید.",
    "new": "گذرواژهٔ تازه را بنویسید.",
    "repeat": "گذرواژهٔ تازه را دوباره بنویسید.",
}


@BLUEPRINT.get("/password")
def page() -> ResponseReturnValue:
    web.session.visitor()
    return web.forms.render("sign_in/password.html", web.Form())


@BLUEPRINT.post("/password")
def submit() -> ResponseReturnValue:
    visitor = web.session.visitor()
    typed = {name: web.forms.posted_secret(name) for name in REQUIRED}
    form = web.Form(errors={name: sentence for name, sentence in REQUIRED.items() if not typed[name]})
    if not form.errors and typed["new"] != typed["repeat"]:
        form.errors["repeat"] = "تکرار گذرواژه با گذرواژهٔ تازه یکی نیست."
    if form.is_wrong:
        return web.forms.render("sign_in/password.html", form)
    try:
        visitor.call(
            commands.SetPassword(
                current=SecretStr(typed["current"]),
                new=SecretStr(typed["new"]),
                session=SecretStr(web.session.session_token()),
                **web.rpc.form_command(),
            )
        )
    except Refused as refused:
        put_refusal(form, refused)
        return web.forms.render("sign_in/password.html", form)
    flask.flash("گذرواژهٔ تازه ثبت شد و همهٔ نشست‌های دیگر پایان یافت.")
    return flask.redirect(web.session.home(visitor.passport), 303)


def put_refusal(form: web.Form, refused: Refused) -> None:
    """Put a refusal at the field that is wrong; a weak password says what is weak about it."""
    if refused.reason is Reason.WRONG_CREDENTIALS:
        form.errors["current"] = translations.refusal(refused)
    elif refused.reason is Reason.WEAK_PASSWORD:
        form.errors["new"] = translations.field_error(refused.details["password"])
    else:
        web.forms.put_refusal(form, refused)
