"""The visitor's own passkeys: making one, naming it, and removing it."""

import flask
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from clients.gateway import web
from clients.gateway.security.own_account import own_session, put_refusal, secret
from shared.contract import base
from shared.contract.auth import passkey_commands, queries
from shared.contract.refusals import Reason, Refused

BLUEPRINT = flask.Blueprint("passkeys", __name__)


@BLUEPRINT.get("/passkeys/add")
@BLUEPRINT.get("/passkeys/new")
def new() -> ResponseReturnValue:
    """The password comes first, and where there is a second factor already, a proof of it before."""
    try:
        web.session.visitor().passport.must_be_confirmed(web.rpc.now(), is_required=False)
    except Refused:
        raise web.session.CodeNeeded from None
    return web.forms.render("security/passkey_new.html", web.Form())


@BLUEPRINT.post("/passkeys/new")
def begin() -> ResponseReturnValue:
    visitor, form = web.session.visitor(), web.forms.posted()
    current = secret(form, "current")
    if not form.text("name"):
        form.errors["name"] = "نامی برای کلید عبور بنویسید."
    if current is None or form.is_wrong:
        return web.forms.render("security/passkey_new.html", form)
    try:
        command = passkey_commands.BeginPasskey(current=current, session=own_session(), **web.rpc.form_command())
        options = visitor.call(command).options
    except Refused as refused:
        put_refusal(form, refused)
        return web.forms.render("security/passkey_new.html", form)
    return flask.render_template("security/passkey_make.html", name=form.value("name"), options=options)


@BLUEPRINT.post("/passkeys/add")
def add() -> ResponseReturnValue:
    """The browser has made a passkey; the first one brings recovery codes."""
    visitor, form = web.session.visitor(), web.forms.posted()
    made = SecretStr(web.forms.posted_secret("passkey"))
    form.values.pop("passkey", None)
    content = {"passkey": made, "name": form.value("name"), "session": own_session()}
    added = web.forms.send(form, visitor, passkey_commands.AddPasskey, content)
    if added is None:
        return web.forms.render("security/passkey_new.html", form)
    if added.codes:
        web.session.never_cache()
        return flask.render_template("security/recovery_codes.html", codes=added.codes)
    return web.forms.done("کلید عبور ثبت شد.", "own_account.second_factor")


@BLUEPRINT.get("/passkeys/<passkey>")
def passkey(passkey: str) -> ResponseReturnValue:
    return passkey_page(passkey, web.Form())


@BLUEPRINT.post("/passkeys/<passkey>/name")
def rename(passkey: str) -> ResponseReturnValue:
    form = web.forms.posted()
    content = {"passkey_id": passkey, "name": form.value("name")}
    if web.forms.send(form, web.session.visitor(), passkey_commands.RenamePasskey, content) is None:
        return passkey_page(passkey, form)
    return web.forms.done("نام کلید عبور ثبت شد.", "own_account.second_factor")


@BLUEPRINT.post("/passkeys/<passkey>/remove")
def remove(passkey: str) -> ResponseReturnValue:
    form = web.forms.posted()
    if not (proof := web.forms.posted_proof(form)):
        return passkey_page(passkey, form)
    content = {"passkey_id": passkey, "session": own_session(), **proof}
    try:
        command = base.parse(passkey_commands.RemovePasskey, {**content, **web.rpc.form_command()})
        web.session.visitor().call(command)
    except Refused as refused:
        web.forms.put_wrong_proof(form, refused)
        return passkey_page(passkey, form)
    return web.forms.done("کلید عبور حذف شد.", "own_account.second_factor")


def passkey_page(passkey: str, form: web.Form) -> ResponseReturnValue:
    """One passkey; where it is gone, there is no such page."""
    factor = web.session.visitor().call(queries.GetSecondFactor())
    one = next((one for one in factor.passkeys if one.passkey_id == passkey), None)
    if one is None:
        raise Refused(Reason.UNKNOWN_PASSKEY)
    form.values.setdefault("name", one.name)
    return web.forms.render("security/passkey.html", form, one=one, factor=factor)
