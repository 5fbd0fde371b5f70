"""The capacity of a year with every ledger line behind it, now or at a past day, for the member and for officers."""

from datetime import date, datetime, time
from itertools import accumulate

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.capacity import capacity_lists
from shared.contract.capacity import answers
from shared.contract.capacity import queries as capacity_queries
from shared.contract.renewal import queries as renewal_queries
from shared.text import persian

BLUEPRINT = flask.Blueprint("explanation", __name__)


@BLUEPRINT.get("/member/capacity/<year:year>")
def explained(year: int) -> ResponseReturnValue:
    visitor = web.session.member()
    return page(visitor, visitor.name, year)


@BLUEPRINT.get("/desk/<member:member>/<year:year>/capacity")
def of_member(member: str, year: int) -> ResponseReturnValue:
    return page(web.session.officer(), member, year)


def page(visitor: web.Visitor, member: str, year: int) -> ResponseReturnValue:
    """The ledger lines in order with their running sum; a day of another year leads to that year's page."""
    form = web.Form({"as_of": flask.request.args.get("as_of", "")[: web.forms.TEXT_LENGTH_MAX]})
    as_of = web.forms.typed_day(form, "as_of")
    if as_of and (its_year := persian.jalali_year_of(as_of)) != year:
        arguments = {**(flask.request.view_args or {}), "year": its_year, "as_of": persian.format_date(as_of)}
        return flask.redirect(flask.url_for(str(flask.request.endpoint), **arguments), 303)
    found = explanation(visitor, member, year, form, as_of)
    if found is None and not visitor.is_member:
        web.queries.member_card(visitor, member)
    web.lists.offer(visitor, capacity_lists.lines(found))
    acts = visitor.call_if_known(renewal_queries.ListPolicyActs(year=year)) if found else None
    web.queries.load_officer_names(visitor, (act.by for act in acts.acts) if acts else ())
    return web.forms.render(
        "capacity/explanation.html",
        form,
        found=found,
        acts={act.position: act for act in acts.acts} if acts else {},
        sums=list(accumulate(line.units for line in found.lines)) if found else [],
        member=member,
        year=year,
        this_year=persian.jalali_year(web.rpc.now()),
        as_of=as_of,
    )


def explanation(
    visitor: web.Visitor, member: str, year: int, form: web.Form, as_of: date | None
) -> answers.Explanation | None:
    """The lines up to the end of a day in Tehran, or up to now; None where there are none."""
    moment = datetime.combine(as_of, time.max, persian.TEHRAN) if as_of else None
    query = web.forms.parse(form, capacity_queries.ExplainCapacity, {"member": member, "year": year, "as_of": moment})
    return visitor.call_if_known(query) if query else None
