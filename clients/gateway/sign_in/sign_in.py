"""Signing in with a security phrase or with a passkey alone, and signing out."""

import base64
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from clients.gateway import web
from clients.gateway.sign_in import resume_after_sign_in, second_step, user_agent
from shared import translations
from shared.contract.auth import answers, commands, passkey_commands, queries
from shared.contract.refusals import Reason, Refused
from shared.text import persian

BLUEPRINT = flask.Blueprint("sign_in", __name__)
NAME_LENGTH_MAX = 40
ANSWER_LENGTH_MAX = 20
SESSION_OVER = "زمان نشست شما به پایان رسیده است. دوباره وارد شوید؛ آنچه نوشته‌اید نگه داشته شده است."
NAME_REQUIRED = "شمارهٔ عضویت یا نام کاربری را بنویسید."
PASSWORD_REQUIRED = {
    "code": "کد ملی یا گذرواژه را بنویسید.",
    "activation": "گذرواژه یا کد فعال‌سازی را بنویسید.",
}


@BLUEPRINT.get("/sign-in")
def page() -> ResponseReturnValue:
    return sign_in_page(web.Form({"principal_kind": "member"}))


@BLUEPRINT.post("/sign-in")
def submit() -> ResponseReturnValue:
    form = web.forms.posted()
    if flask.request.form.get("action") == "new-captcha":
        return sign_in_page(form)
    required = {"name": NAME_REQUIRED, "password": PASSWORD_REQUIRED[web.rpc.program().settings.first_sign_in]}
    form.errors |= {name: sentence for name, sentence in required.items() if not form.text(name)}
    if form.is_wrong:
        return sign_in_page(form)
    try:
        session = web.rpc.program().call(command(form))
    except Refused as refused:
        if refused.reason is Reason.WRONG_CAPTCHA:
            form.errors["captcha_answer"] = translations.refusal(refused)
        else:
            web.forms.put_refusal(form, refused)
        return sign_in_page(form)
    return start_session(session)


@BLUEPRINT.get("/sign-in/passkey")
def passkey_options() -> ResponseReturnValue:
    """What the browser needs to sign in with a passkey alone."""
    browser = web.session.browser_secret()
    if not browser.get_secret_value():
        raise Refused(Reason.WRONG_PASSKEY)
    found = web.rpc.program().call(queries.GetPasskeySignIn(browser=browser))
    return flask.Response(found.options, mimetype="application/json")


@BLUEPRINT.post("/sign-in/passkey")
def submit_passkey() -> ResponseReturnValue:
    form = web.forms.posted()
    form.values.pop("passkey", None)
    try:
        message = passkey_commands.SignInWithPasskey(
            browser=web.session.browser_secret(),
            passkey=SecretStr(web.forms.posted_secret("passkey")),
            known_device=web.session.known_device(),
            device=user_agent.device(flask.request.user_agent.string),
            **web.rpc.new_command(),
        )
        session = web.rpc.program().call(message)
    except Refused as refused:
        web.forms.put_refusal(form, refused)
        return sign_in_page(form)
    return second_step.go_on(session)


@BLUEPRINT.get("/sign-in/sound/<uuid:captcha>")
def sound(captcha: UUID) -> ResponseReturnValue:
    """The security phrase, spoken; in parts as well, without which some browsers play nothing."""
    spoken = base64.b64decode(web.rpc.program().call(queries.GetCaptchaSound(captcha_id=captcha)).sound_wav)
    response = flask.Response(spoken, mimetype="audio/wav")
    return response.make_conditional(flask.request, accept_ranges=True, complete_length=len(spoken))


@BLUEPRINT.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    if token := web.session.session_token():
        web.rpc.if_known(
            lambda: web.rpc.program().call(commands.SignOut(session=SecretStr(token), **web.rpc.new_command()))
        )
    flask.session.clear()
    flask.flash("از سامانه خارج شدید.")
    response = web.session.close_session(flask.make_response(flask.redirect(flask.url_for("start.page"), 303)))
    response.headers["Clear-Site-Data"] = '"cache"'  # cached answers to forms, which Back would still show
    return response


def command(form: web.Form) -> commands.SignIn:
    try:
        captcha = UUID(form.value("captcha_id"))
    except ValueError:
        captcha = None
    return commands.SignIn(
        principal_kind=principal_kind(form),
        name=account_name(form),
        password=SecretStr(web.forms.posted_secret("password")),
        captcha_id=captcha,
        captcha_answer=form.text("captcha_answer")[:ANSWER_LENGTH_MAX],
        address=web.rpc.client_address(),
        known_device=web.session.known_device(),
        device=user_agent.device(flask.request.user_agent.string),
        **web.rpc.new_command(),
    )


def principal_kind(form: web.Form) -> str:
    return "officer" if form.value("principal_kind") == "officer" else "member"


def account_name(form: web.Form) -> str:
    """The membership number, or the officer's name, in its canonical form."""
    typed = form.text("name")[:NAME_LENGTH_MAX]
    return typed.casefold() if principal_kind(form) == "officer" else persian.membership_no(typed) or typed


def start_session(session: answers.Session) -> ResponseReturnValue:
    """Give the browser its session; then back to where it was, by way of the page for the code where one is needed."""
    if not session.needs_code:
        return second_step.go_on(session)
    web.session.bind_form_token_to(session.token)
    return web.session.open_session(flask.make_response(second_step.code_page(web.Form(), session.token)), session)


def sign_in_instead() -> ResponseReturnValue:
    """The sign-in page in place of one that needs a session: it carries a posted form, or the address to return to."""
    request = flask.request
    if request.method == "POST" and (waiting := resume_after_sign_in.form_to_resume(request.form)):
        return sign_in_page(web.Form({"principal_kind": "member"}, notice=SESSION_OVER), waiting, request.path)
    way = web.session.own_path(request.full_path.rstrip("?")) if request.method == "GET" else ""
    if web.session.session_token():
        flask.flash("زمان نشست شما به پایان رسید. دوباره وارد شوید تا از همان‌جا ادامه دهید.")
    response = flask.make_response(flask.redirect(flask.url_for("sign_in.page", next=way or None), 303))
    return web.session.close_session(response)


def sign_in_page(form: web.Form, waiting: dict[str, str] | None = None, way: str = "") -> ResponseReturnValue:
    """The sign-in page, with a fresh security phrase where the account needs one."""
    send = web.rpc.program().call
    form.values.pop("captcha_answer", None)  # a phrase is good for one try
    rule = send(
        queries.GetSignInRule(
            principal_kind=principal_kind(form),
            name=account_name(form),
            address=web.rpc.client_address(),
            known_device=web.session.known_device(),
        )
    )
    draw = commands.NewCaptcha(address=web.rpc.client_address(), **web.rpc.new_command())
    captcha = send(draw) if rule.captcha_needed else None
    sent = flask.request.form
    return web.forms.render(
        "sign_in/sign_in.html",
        form,
        captcha=captcha,
        waiting=resume_after_sign_in.carried(sent) if waiting is None else waiting,
        way=way or web.session.own_path(flask.request.values.get("next")),
    )
