"""The deputy who stands in for a manager in days of absence: what the absent one holds is in the deputy's list of own requests."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.casework import assignments
from shared.contract.passport import PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, queries
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("deputies", __name__)
SENTENCES = web.forms.own_sentences(
    deputy=assignments.NO_OFFICER,
    from_on="نخستین روز را به شکل ۱۴۰۵/۰۷/۱۵ بنویسید.",
    to_on="واپسین روز را به شکل ۱۴۰۵/۰۷/۱۵ بنویسید، نه پیش از نخستین روز.",
)


@BLUEPRINT.get("/desk/deputy")
def page() -> ResponseReturnValue:
    return deputy_page(web.session.officer(Role.MANAGER), web.Form())


@BLUEPRINT.post("/desk/deputy")
def set_deputy() -> ResponseReturnValue:
    """Name one's own deputy."""
    visitor, form = web.session.officer(Role.MANAGER), web.forms.posted()
    content = {
        "officer": visitor.name,
        "deputy": form.text("deputy"),
        "from_on": web.forms.day(form.text("from_on")),
        "to_on": web.forms.day(form.text("to_on")),
    }
    if web.forms.send(form, visitor, commands.SetDeputy, content, SENTENCES) is None:
        return deputy_page(visitor, form)
    return web.forms.done("جانشین شما ثبت شد.", "deputies.page")


@BLUEPRINT.post("/desk/deputy/remove")
def remove() -> ResponseReturnValue:
    visitor, form = web.session.officer(Role.MANAGER), web.forms.posted()
    if web.forms.send(form, visitor, commands.RemoveDeputy, {"officer": visitor.name}) is None:
        return deputy_page(visitor, form)
    return web.forms.done("دیگر کسی جانشین شما نیست.", "deputies.page")


def deputy_page(visitor: web.Visitor, form: web.Form) -> ResponseReturnValue:
    """One's own deputy, and for whom one stands in oneself; of all provinces that one serves."""
    if not visitor.passport.provinces:
        raise Refused(Reason.NOT_ALLOWED)
    found = [visitor.call(queries.ListColleagues(province=one)) for one in sorted(visitor.passport.provinces)]
    officers = sorted({name for one in found for name in one.officers} - {visitor.name})
    web.queries.load_officer_names(visitor, (f"{PrincipalKind.OFFICER}:{name}" for name in officers))
    deputies = {one.officer: one for answer in found for one in answer.deputies}
    return web.forms.render(
        "casework/deputy.html",
        form,
        officers={name: web.queries.actor_name(f"{PrincipalKind.OFFICER}:{name}") for name in officers},
        own=deputies.get(visitor.name),
        absent=[one for one in deputies.values() if one.deputy == visitor.name],
    )
