"""The code or passkey of the second factor, as the second step of a sign-in or before an act about money, and the password where there is none; the form that waits for it is carried."""

import flask
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from clients.gateway import web
from clients.gateway.sign_in import resume_after_sign_in
from shared.contract.auth import answers, commands, queries
from shared.contract.refusals import Reason, Refused

BLUEPRINT = flask.Blueprint("second_step", __name__)
PASSWORD = "password"  # noqa: S105 - the field's name
PASSWORD_REQUIRED = "گذرواژه را بنویسید."  # noqa: S105 - a sentence
PASSWORD_WRONG = "این گذرواژه درست نیست."  # noqa: S105 - a sentence


@BLUEPRINT.get("/sign-in/code")
def page() -> ResponseReturnValue:
    return code_page(web.Form(), web.session.session_token())


@BLUEPRINT.get("/sign-in/code/passkey")
def options() -> ResponseReturnValue:
    """What the browser needs to confirm its session by a passkey."""
    step = web.rpc.program().call(queries.GetSecondStep(session=SecretStr(web.session.session_token())))
    return flask.Response(step.passkey_options or "{}", mimetype="application/json")


@BLUEPRINT.post("/sign-in/code")
def submit() -> ResponseReturnValue:
    form, token = web.forms.posted(), web.session.session_token()
    if not token:
        raise Refused(Reason.NOT_SIGNED_IN)
    if not (proof := posted_password(form) if PASSWORD in form.values else web.forms.posted_proof(form)):
        return code_page(form, token)
    try:
        known = web.session.known_device()
        command = commands.ConfirmSession(
            session=SecretStr(token), known_device=known, **{**proof, **web.rpc.new_command()}
        )
        session = web.rpc.program().call(command)
    except Refused as refused:
        if refused.reason is Reason.NOT_SIGNED_IN:
            raise
        if refused.reason is Reason.WRONG_CREDENTIALS:
            form.errors[PASSWORD] = PASSWORD_WRONG
        else:
            web.forms.put_wrong_proof(form, refused)
        return code_page(form, token)
    return go_on(session)


def posted_password(form: web.Form) -> dict[str, SecretStr]:
    """The password by which an account without a second factor confirms its session; empty with a sentence on the form where it is nothing."""
    form.values.pop(PASSWORD)
    typed = web.forms.posted_secret(PASSWORD)
    if not typed.strip():
        form.errors[PASSWORD] = PASSWORD_REQUIRED
        return {}
    return {PASSWORD: SecretStr(typed)}


def code_instead() -> ResponseReturnValue:
    """The page for the code in place of what needs it: it carries a posted form, or the address to return to."""
    request, token = flask.request, web.session.session_token()
    if request.method == "POST":
        return code_page(web.Form(), token, resume_after_sign_in.form_to_resume(request.form), request.path)
    return code_page(web.Form(), token, {}, web.session.own_path(request.full_path.rstrip("?")))


def code_page(form: web.Form, token: str, waiting: dict[str, str] | None = None, way: str = "") -> ResponseReturnValue:
    """The page for the code or passkey of the session with this token, which may be open already: then it says whose it is."""
    web.session.visitor_if_any()
    known = web.rpc.if_known(
        lambda: web.rpc.program().call(queries.GetSecondStep(session=SecretStr(token))), Reason.NOT_SIGNED_IN
    )
    return web.forms.render(
        "sign_in/code.html",
        form,
        step=known or answers.SecondStep(has_code=True),
        waiting=resume_after_sign_in.carried(flask.request.form) if waiting is None else waiting,
        way=way or web.session.own_path(flask.request.values.get("next")),
    )


def go_on(session: answers.Session) -> ResponseReturnValue:
    """Back to where the browser was, with the form that waited."""
    way = web.session.own_path(flask.request.form.get("next")) or web.session.home(session.passport)
    waiting = resume_after_sign_in.restored(flask.request.form)
    web.session.bind_form_token_to(session.token)  # a CSRF token from before sign-in is no longer valid
    if waiting:
        is_confirmed = not session.known_device  # whoever signs in is known by a device from then on
        page = flask.make_response(
            flask.render_template("sign_in/resume.html", way=way, waiting=waiting, is_confirmed=is_confirmed)
        )
    else:
        page = flask.make_response(flask.redirect(way, 303))
    return web.session.open_session(page, session)
