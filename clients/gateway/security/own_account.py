"""The visitor's own account: changing the password, ending open sessions, setting and removing a second factor."""

from datetime import timedelta
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from clients.gateway import web
from shared import translations
from shared.contract.auth import commands, queries
from shared.contract.notification.queries import ListNotices
from shared.contract.notification.values import NoticeKind
from shared.contract.refusals import Reason, Refused

BLUEPRINT = flask.Blueprint("own_account", __name__)
EVENTS_FOR = timedelta(days=30)
"""How long a security event is shown, as auth has it."""
REQUIRED = {
    "current": "گذرواژهٔ کنونی را بنویسید.",
    "new": "گذرواژهٔ تازه را بنویسید.",
    "repeat": "گذرواژهٔ تازه را دوباره بنویسید.",
    "code": "رمزی را که برنامه نشان می‌دهد بنویسید.",
}
FIELD_OF = {Reason.WRONG_CREDENTIALS: "current", Reason.WRONG_CODE: "code"}


# ---------------------------------------------------------------- the password


@BLUEPRINT.get("/password")
def password() -> ResponseReturnValue:
    web.session.visitor()
    return web.forms.render("security/password.html", web.Form())


@BLUEPRINT.post("/password")
def set_password() -> ResponseReturnValue:
    visitor, form = web.session.visitor(), web.Form()
    current, new, repeat = (secret(form, name) for name in ("current", "new", "repeat"))
    if not form.errors and new != repeat:
        form.errors["repeat"] = "تکرار گذرواژه با گذرواژهٔ تازه یکی نیست."
    if current is None or new is None or form.is_wrong:
        return web.forms.render("security/password.html", form)
    try:
        message = commands.SetPassword(current=current, new=new, session=own_session(), **web.rpc.form_command())
        visitor.call(message)
    except Refused as refused:
        put_refusal(form, refused)
        return web.forms.render("security/password.html", form)
    flask.flash("گذرواژهٔ تازه ثبت شد و همهٔ نشست‌های دیگر پایان یافت.")
    return flask.redirect(web.session.home(visitor.passport), 303)


# ---------------------------------------------------------------- the open sessions


@BLUEPRINT.get("/sessions")
def sessions() -> ResponseReturnValue:
    return sessions_page(web.Form())


@BLUEPRINT.post("/sessions/end")
def end_session() -> ResponseReturnValue:
    """End one session; ending this very one leads to the sign-in."""
    form = web.forms.posted()
    content = {"session_id": form.value("session_id")}
    if web.forms.send(form, web.session.visitor(), commands.EndSession, content) is None:
        return sessions_page(form)
    return web.forms.done("نشست پایان یافت.", "own_account.sessions")


@BLUEPRINT.get("/sessions/end-others")
def confirm_end_other_sessions() -> ResponseReturnValue:
    """Confirmation before every other device is signed out."""
    web.session.visitor()
    return web.forms.confirmation(
        "همهٔ نشست‌های دیگر پایان یابد؟",
        "هر دستگاه دیگری که با حساب شما وارد شده است بیرون می‌رود و آنچه در آن فرستاده نشده باشد از دست می‌رود.",
        "پایان دادن به همهٔ نشست‌های دیگر",
        flask.url_for("own_account.sessions"),
    )


@BLUEPRINT.post("/sessions/end-others")
def end_other_sessions() -> ResponseReturnValue:
    form = web.forms.posted()
    content = {"session": web.session.session_token()}
    if web.forms.send(form, web.session.visitor(), commands.EndOtherSessions, content) is None:
        return sessions_page(form)
    return web.forms.done("همهٔ نشست‌های دیگر پایان یافت.", "own_account.sessions")


@BLUEPRINT.post("/sessions/events")
def acknowledge_events() -> ResponseReturnValue:
    """The holder has seen the list: the notice on the other pages ends."""
    form = web.forms.posted()
    if web.forms.send(form, web.session.visitor(), commands.AcknowledgeSecurityEvents, {}) is None:
        return sessions_page(form)
    return flask.redirect(flask.url_for("own_account.sessions"), 303)


def sessions_page(form: web.Form) -> ResponseReturnValue:
    visitor = web.session.visitor()
    opened = visitor.call(queries.ListSessions(session=own_session())).sessions
    happened = visitor.call(queries.ListSecurityEvents()).events
    events = sorted([*map(vars, happened), *changed_addresses(visitor)], key=lambda one: one["at"], reverse=True)
    return web.forms.render("security/sessions.html", form, sessions=opened, events=events)


def changed_addresses(visitor: web.Visitor) -> list[dict[str, Any]]:
    """When an address for messages was replaced or removed, as long as other events are shown; nothing while notification does not answer."""
    found = visitor.call_if_known(ListNotices(kind=NoticeKind.ADDRESS_CHANGED))
    listed = found.notices if found else ()
    since = web.rpc.now() - EVENTS_FOR
    return [
        {"kind": "address_changed", "at": one.notified_at, "is_seen": True} for one in listed if one.notified_at > since
    ]


# ---------------------------------------------------------------- the second factor


@BLUEPRINT.get("/second-factor/confirm")
@BLUEPRINT.get("/second-factor/enrol")
@BLUEPRINT.get("/second-factor")
def second_factor() -> ResponseReturnValue:
    return factor_page(web.Form())


@BLUEPRINT.post("/second-factor/enrol")
def enrol() -> ResponseReturnValue:
    """A new secret, as a QR code and as text."""
    visitor, form = web.session.visitor(), web.forms.posted()
    if (current := secret(form, "current")) is None:
        return factor_page(form)
    try:
        enrolled = visitor.call(commands.EnrolSecondFactor(current=current, **web.rpc.form_command()))
    except Refused as refused:
        put_refusal(form, refused)
        return factor_page(form)
    web.session.never_cache()
    return web.forms.render("security/second_factor_enrol.html", web.Form(), enrolled=enrolled)


@BLUEPRINT.post("/second-factor/confirm")
def confirm() -> ResponseReturnValue:
    """The first code; after a wrong one the authenticator has the secret already, and it is shown no more."""
    visitor, form = web.session.visitor(), web.forms.posted()
    if (code := secret(form, "code")) is None:
        return web.forms.render("security/second_factor_enrol.html", form, enrolled=None)
    try:
        command = commands.ConfirmSecondFactor(code=code, session=own_session(), **web.rpc.form_command())
        codes = visitor.call(command).codes
    except Refused as refused:
        put_refusal(form, refused)
        return web.forms.render("security/second_factor_enrol.html", form, enrolled=None)
    web.session.never_cache()
    return flask.render_template("security/recovery_codes.html", codes=codes)


@BLUEPRINT.post("/second-factor/remove")
def remove() -> ResponseReturnValue:
    visitor, form = web.session.visitor(), web.forms.posted()
    if (code := secret(form, "code")) is None:
        return factor_page(form)
    try:
        visitor.call(commands.RemoveSecondFactor(code=code, **web.rpc.form_command()))
    except Refused as refused:
        put_refusal(form, refused)
        return factor_page(form)
    return web.forms.done("ورود دومرحله‌ای خاموش شد.", "own_account.second_factor")


def factor_page(form: web.Form) -> ResponseReturnValue:
    factor = web.session.visitor().call(queries.GetSecondFactor())
    return web.forms.render("security/second_factor.html", form, factor=factor)


# ---------------------------------------------------------------- for all of them


def own_session() -> SecretStr:
    return SecretStr(web.session.session_token())


def secret(form: web.Form, name: str) -> SecretStr | None:
    """A secret that was typed; None with a sentence on the form where there is none."""
    form.values.pop(name, None)
    typed = web.forms.posted_secret(name)
    if not typed.strip():
        form.errors[name] = REQUIRED[name]
        return None
    return SecretStr(typed)


def put_refusal(form: web.Form, refused: Refused) -> None:
    """Put a refusal at the field that is wrong; a weak password says what is weak about it."""
    if refused.reason in FIELD_OF:
        form.errors[FIELD_OF[refused.reason]] = translations.refusal(refused)
    elif refused.reason is Reason.WEAK_PASSWORD:
        form.errors["new"] = translations.field_error(refused.details["password"])
    else:
        web.forms.put_refusal(form, refused)
