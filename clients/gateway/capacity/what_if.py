"""What if: a job that is not declared yet, held against what is left of the year, for the member and for officers."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.member import account
from clients.gateway.web import forms, session, url_arguments
from clients.gateway.web.forms import Form
from shared.contract.bounds import YEAR_MAX, YEAR_MIN
from shared.contract.capacity import queries
from shared.contract.refusals import Refused, own_sentence

BLUEPRINT = flask.Blueprint("what_if", __name__)
FIELDS = ("kind", "degree", "field", "quantity", "starts_on", "ends_on")
READERS = {"starts_on": forms.day, "ends_on": forms.day}
NEEDS = {
    "kind": "نوع شغل را انتخاب کنید.",
    "degree": "درجه را انتخاب کنید.",
    "quantity": "مقدار را با عددی بزرگ‌تر از صفر بنویسید.",
    "starts_on": "تاریخ شروع را از تقویم هجری شمسی و به شکل ۱۴۰۵/۰۷/۱۵ بنویسید.",
    "ends_on": "تاریخ پایان را از تقویم هجری شمسی و به شکل ۱۴۰۵/۰۷/۱۵ بنویسید.",
}


@BLUEPRINT.get("/member/capacity/what-if")
def own() -> ResponseReturnValue:
    visitor = session.member()
    return page(visitor, visitor.name)


@BLUEPRINT.get("/desk/<member:member>/capacity/what-if")
def of_member(member: str) -> ResponseReturnValue:
    visitor = session.officer()
    account.card_of(visitor, member)
    return page(visitor, member)


def page(visitor: session.Visitor, member: str) -> ResponseReturnValue:
    """The form and, once it is filled, the answer below it; asking changes nothing, so it may be bookmarked."""
    typed = {name: flask.request.args.get(name, "")[: forms.TEXT_LENGTH_MAX] for name in FIELDS}
    form, found = Form(typed | ({} if any(typed.values()) else {"quantity": "۱"})), None
    if any(typed.values()):
        texts = {name: form.text(name) for name in FIELDS if form.text(name)}
        texts |= {"quantity": form.number("quantity")} if "quantity" in texts else {}
        content = {name: READERS.get(name, str)(text) for name, text in texts.items()}
        question = forms.read(form, queries.WhatIf, {"member": member, **content}, say)
        try:
            found = visitor.ask(question) if question else None
        except Refused as refused:
            forms.take(form, refused, say)
    year = url_arguments.number("year", YEAR_MIN, YEAR_MAX)
    return forms.page("capacity/what_if.html", form, found=found, member=member, year=found.year if found else year)


def say(place: str, code: str) -> tuple[str, str]:
    return place, own_sentence(NEEDS, place, code)
