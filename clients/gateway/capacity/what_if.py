"""What-if: a job that is not declared yet against the capacity left of the year, for the member and for officers."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract.bounds import YEAR_MAX, YEAR_MIN
from shared.contract.capacity import queries
from shared.contract.refusals import Refused

BLUEPRINT = flask.Blueprint("what_if", __name__)
FIELDS = ("kind", "degree", "field", "quantity", "starts_on", "ends_on")
READERS = {"starts_on": web.forms.day, "ends_on": web.forms.day}
SENTENCES = web.forms.own_sentences(
    kind="نوع شغل را انتخاب کنید.",
    degree="درجه را انتخاب کنید.",
    quantity="مقدار را با عددی بزرگ‌تر از صفر بنویسید.",
    starts_on="تاریخ شروع را از تقویم هجری شمسی و به شکل ۱۴۰۵/۰۷/۱۵ بنویسید.",
    ends_on="تاریخ پایان را از تقویم هجری شمسی و به شکل ۱۴۰۵/۰۷/۱۵ بنویسید.",
)


@BLUEPRINT.get("/member/capacity/what-if")
def own() -> ResponseReturnValue:
    visitor = web.session.member()
    return page(visitor, visitor.name)


@BLUEPRINT.get("/desk/<member:member>/capacity/what-if")
def of_member(member: str) -> ResponseReturnValue:
    visitor = web.session.officer()
    web.queries.member_card(visitor, member)
    return page(visitor, member)


def page(visitor: web.Visitor, member: str) -> ResponseReturnValue:
    """The form and, once it is filled, the answer below it; a query changes nothing, so it may be bookmarked."""
    typed = {name: flask.request.args.get(name, "")[: web.forms.TEXT_LENGTH_MAX] for name in FIELDS}
    form, found = web.Form(typed | ({} if any(typed.values()) else {"quantity": "۱"})), None
    if any(typed.values()):
        texts = {name: form.text(name) for name in FIELDS if form.text(name)}
        texts |= {"quantity": form.number("quantity")} if "quantity" in texts else {}
        content = {name: READERS.get(name, str)(text) for name, text in texts.items()}
        query = web.forms.parse(form, queries.WhatIf, {"member": member, **content}, SENTENCES)
        try:
            found = visitor.call(query) if query else None
        except Refused as refused:
            web.forms.put_refusal(form, refused, SENTENCES)
    year = web.url_arguments.number("year", YEAR_MIN, YEAR_MAX)
    return web.forms.render(
        "capacity/what_if.html", form, found=found, member=member, year=found.year if found else year
    )
