"""A province's use of a year's capacity, for its managers: who uses too much, and how many use which share."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.capacity import capacity_lists
from shared.contract import base, bounds
from shared.contract.capacity import queries as capacity_queries
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import LicenceField, Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("overview", __name__)


@BLUEPRINT.get("/desk/capacity")
def page() -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER)
    rows = web.url_arguments.list_page(visitor)
    this_year = persian.jalali_year(web.rpc.now())
    year = web.url_arguments.year(this_year)
    content = {"province": rows.province, "year": year}
    found = visitor.call(base.parse(capacity_queries.GetCapacityOverview, content))
    field = web.url_arguments.chosen(flask.request.args.get("field"), ["", *LicenceField]) or None
    over_use = base.parse(capacity_queries.ListOverUse, {"year": year, "field": field, **rows.limits})
    contested = base.parse(renewal_queries.ListContestedMines, {**content, "limit": bounds.PAGE_MAX})
    web.lists.offer(
        visitor,
        capacity_lists.over_use(over_use),
        capacity_lists.shares(found.overviews),
        capacity_lists.mines(contested),
    )
    over = visitor.call(over_use)
    rows.redirect_beyond_end(over.total)
    mines = visitor.call_if_known(contested)
    return flask.render_template(
        "capacity/overview.html",
        mines=mines,
        overviews=found.overviews,
        shares=[
            persian.digits_to_persian(capacity_lists.share_heading(one.up_to_percent))
            for one in found.overviews[0].shares
        ],
        over=over,
        names=web.queries.member_names(visitor, (one.member for one in over.capacities)),
        year=year,
        field=field,
        this_year=this_year,
        **vars(rows),
    )
