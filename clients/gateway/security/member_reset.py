"""A manager takes back a member's forgotten password, after a page that says what follows from it."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract.auth import commands
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("member_reset", __name__)


@BLUEPRINT.get("/desk/account/<member:number>/reset")
def page(number: str) -> ResponseReturnValue:
    return reset_page(web.Form(), number)


@BLUEPRINT.post("/desk/account/<member:number>/reset")
def reset(number: str) -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER)
    form = web.forms.posted()
    if form.value("identity_checked") != "true":
        form.errors["identity_checked"] = "نخست هویت عضو را با مدرک شناسایی بررسی کنید."
        return reset_page(form, number)
    if web.forms.send(form, visitor, commands.ResetMember, {"member": number}) is None:
        return reset_page(form, number)
    flask.flash("گذرواژه برداشته شد. عضو اکنون با کد ملی وارد می‌شود و باید گذرواژهٔ تازه بگذارد.")
    return flask.redirect(flask.url_for("account.of_member", number=number), 303)


def reset_page(form: web.Form, number: str) -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER)
    card = web.queries.member_card(visitor, number)
    if card is None:
        raise Refused(Reason.NO_ANSWER)
    return web.forms.render("security/member_reset.html", form, card=card)
