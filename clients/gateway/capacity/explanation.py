"""The capacity of a year with every line that makes it, now or at a past day, for the member and for officers of the province."""

from datetime import date, datetime, time
from itertools import accumulate

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.member import account
from clients.gateway.web import forms, officer_names, rpc, session
from clients.gateway.web.forms import Form
from shared.contract.capacity import answers
from shared.contract.capacity import queries as capacity_queries
from shared.contract.renewal import queries as renewal_queries
from shared.text import persian

BLUEPRINT = flask.Blueprint("capacity", __name__)


@BLUEPRINT.get("/member/capacity/<year:year>")
def explained(year: int) -> ResponseReturnValue:
    visitor = session.member()
    return page(visitor, visitor.name, year)


@BLUEPRINT.get("/desk/<member:member>/<year:year>/capacity")
def of_member(member: str, year: int) -> ResponseReturnValue:
    return page(session.officer(), member, year)


def page(visitor: session.Visitor, member: str, year: int) -> ResponseReturnValue:
    """The lines in their order with the sum after each; a day of another year leads to that year's page."""
    form = Form({"as_of": flask.request.args.get("as_of", "")[: forms.TEXT_LENGTH_MAX]})
    as_of = forms.typed_day(form, "as_of")
    if as_of and (its_year := persian.jalali_year_of(as_of)) != year:
        arguments = {**(flask.request.view_args or {}), "year": its_year, "as_of": persian.format_date(as_of)}
        return flask.redirect(flask.url_for(str(flask.request.endpoint), **arguments), 303)
    found = explanation(visitor, member, year, form, as_of)
    if found is None and not visitor.is_member:
        account.card_of(visitor, member)
    acts = rpc.if_known(lambda: visitor.ask(renewal_queries.ListPolicyActs(year=year))) if found else None
    officer_names.learn(visitor, (act.by for act in acts.acts) if acts else ())
    return forms.page(
        "capacity/capacity.html",
        form,
        found=found,
        acts={act.position: act for act in acts.acts} if acts else {},
        sums=list(accumulate(line.units for line in found.lines)) if found else [],
        member=member,
        year=year,
        this_year=persian.jalali_year(rpc.now()),
        as_of=as_of,
    )


def explanation(
    visitor: session.Visitor, member: str, year: int, form: Form, as_of: date | None
) -> answers.Explanation | None:
    """The lines up to the end of a day in Tehran, or up to now; None where there is nothing to be told."""
    moment = datetime.combine(as_of, time.max, persian.TEHRAN) if as_of else None
    question = forms.read(form, capacity_queries.ExplainCapacity, {"member": member, "year": year, "as_of": moment})
    return rpc.if_known(lambda: visitor.ask(question)) if question else None
