"""Claim, release and hand-over of a request on the desk, and the sentence that says who holds it."""

from datetime import datetime

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract import base
from shared.contract.passport import PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, queries
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("assignments", __name__)
ACTS: dict[str, tuple[type[base.Command[answers.Renewal]], str]] = {
    "claim": (commands.ClaimRenewal, "این درخواست در دست شماست."),
    "release": (commands.ReleaseRenewal, "این درخواست دیگر در دست کسی نیست."),
}
NO_OFFICER = "همکاری را برگزینید."
OVERTAKEN = {Reason.HELD_BY_COLLEAGUE, Reason.ALREADY_DECIDED, Reason.NOT_SUBMITTED, Reason.NOT_REQUESTED}
"""Refusals because another act came first; the review shows which."""


@BLUEPRINT.post("/desk/<member:member>/<year:year>/<any('claim', 'release'):act>")
def assign(member: str, year: int, act: str) -> ResponseReturnValue:
    """Claim a request, or release it; then its review again."""
    visitor = web.session.officer(Role.MANAGER)
    kind, done = ACTS[act]
    try:
        visitor.call(base.parse(kind, {"member": member, "year": year, **web.rpc.form_command()}))
        flask.flash(done)
    except Refused as refused:
        if refused.reason not in OVERTAKEN:
            raise
        flask.flash(sentence(visitor, refused))
    return review(member, year)


@BLUEPRINT.get("/desk/<member:member>/<year:year>/hand-over")
def hand_over(member: str, year: int) -> ResponseReturnValue:
    """The page that asks for the colleague."""
    return hand_over_page(web.session.officer(Role.MANAGER), member, year, web.Form())


@BLUEPRINT.post("/desk/<member:member>/<year:year>/hand-over")
def send_hand_over(member: str, year: int) -> ResponseReturnValue:
    visitor, form = web.session.officer(Role.MANAGER), web.forms.posted()
    content = {"member": member, "year": year, "officer": form.text("officer"), **web.rpc.form_command()}
    try:
        visitor.call(base.parse(commands.HandOverRenewal, content))
    except Refused as refused:
        if refused.reason in OVERTAKEN:
            flask.flash(sentence(visitor, refused))
            return review(member, year)
        put_officer_refusal(form, refused)
        return hand_over_page(visitor, member, year, form)
    flask.flash("درخواست به همکارتان واگذار شد.")
    return review(member, year)


def put_officer_refusal(form: web.Form, refused: Refused) -> None:
    """Put the refusal of a hand-over on the form, at the colleague; raised again where it is about something else."""
    if refused.reason not in (Reason.NOT_A_COLLEAGUE, Reason.BAD_INPUT):
        raise refused
    form.errors["officer"] = NO_OFFICER if refused.reason is Reason.BAD_INPUT else web.filters.refusal(refused)


def hand_over_page(visitor: web.Visitor, member: str, year: int, form: web.Form) -> ResponseReturnValue:
    answer = visitor.call(queries.GetRenewal(member=member, year=year))
    if answer.renewal is None:
        raise Refused(Reason.NOT_REQUESTED)
    return web.forms.render(
        "casework/hand_over.html",
        form,
        renewal=answer.renewal,
        names=web.queries.member_names(visitor, (member,)),
        officers=officers_of(visitor, answer.renewal.province),
    )


def officers_of(visitor: web.Visitor, province: str) -> dict[str, str]:
    """The colleagues of a province to whom something can be handed over: full names by officer name."""
    found = visitor.call(queries.ListColleagues(province=province)).officers
    others = [name for name in found if name != visitor.name]
    web.queries.load_officer_names(visitor, (f"{PrincipalKind.OFFICER}:{name}" for name in others))
    return {name: web.queries.actor_name(f"{PrincipalKind.OFFICER}:{name}") for name in others}


def sentence(visitor: web.Visitor, refused: Refused) -> str:
    """A refusal for a reader; of what a colleague holds, with who and until when."""
    if refused.reason is not Reason.HELD_BY_COLLEAGUE:
        return web.filters.refusal(refused)
    officer, until = refused.details.get("officer", ""), refused.details.get("held_until", "")
    web.queries.load_officer_names(visitor, (officer,))
    at = web.filters.long_instant(datetime.fromisoformat(until))
    return f"{web.queries.actor_name(officer)} این درخواست را تا {at} در دست دارد."


def review(member: str, year: int) -> ResponseReturnValue:
    """Redirect to the review of a request, in the list that the visitor came from."""
    address = flask.url_for("desk.renewal", member=member, year=year, **web.url_arguments.list_arguments())
    return flask.redirect(address, 303)
