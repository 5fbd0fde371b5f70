"""What a province's members use of a year's capacity, for its managers: who uses too much, and how many use which share."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.review import desk
from clients.gateway.web import paging, rpc, session, url_arguments
from shared.contract import base, bounds
from shared.contract.capacity import queries as capacity_queries
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import LicenceField, Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("overview", __name__)


@BLUEPRINT.get("/desk/capacity")
def overview() -> ResponseReturnValue:
    visitor = session.officer(Role.MANAGER)
    provinces = desk.served(visitor)
    if not provinces:
        return flask.render_template("design/no_desk.html")
    province = desk.chosen(flask.request.args.get("province"), provinces)
    this_year = persian.jalali_year(rpc.now())
    year = url_arguments.year(this_year)
    start = paging.start()
    content = {"province": province, "year": year}
    found = visitor.ask(base.parse(capacity_queries.GetCapacityOverview, content))
    field = desk.chosen(flask.request.args.get("field"), ["", *LicenceField]) or None
    paged = content | {"field": field, "limit": paging.ROWS, "offset": start}
    over = visitor.ask(base.parse(capacity_queries.ListOverUse, paged))
    if (last := paging.instead(over.total, start)) is not None:
        return last
    mines = rpc.if_known(
        lambda: visitor.ask(base.parse(renewal_queries.ListContestedMines, content | {"limit": bounds.PAGE_MAX}))
    )
    return flask.render_template(
        "capacity/overview.html",
        mines=mines,
        overviews=found.overviews,
        over=over,
        names=desk.names(visitor, tuple(one.member for one in over.capacities)),
        provinces=provinces,
        province=province,
        year=year,
        field=field,
        this_year=this_year,
        start=start,
        rows_max=paging.ROWS,
    )
