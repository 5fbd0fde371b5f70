"""What a province's members use of a year's capacity, for its managers: who uses too much, and how many use which share."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import addresses, asking, desk, lists, visits
from shared import persian
from shared.contract import base, bounds
from shared.contract.capacity import queries as capacity_queries
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import LicenceField, Role

BLUEPRINT = flask.Blueprint("overview", __name__)


@BLUEPRINT.get("/desk/capacity")
def overview() -> ResponseReturnValue:
    visitor = visits.officer(Role.MANAGER)
    provinces = desk.served(visitor)
    if not provinces:
        return flask.render_template("no_desk.html")
    province = desk.chosen(flask.request.args.get("province"), provinces)
    this_year = persian.jalali_year(asking.now())
    year = addresses.year(this_year)
    start = lists.start()
    content = {"province": province, "year": year}
    found = visitor.ask(base.parse(capacity_queries.GetCapacityOverview, content))
    field = desk.chosen(flask.request.args.get("field"), ["", *LicenceField]) or None
    paged = content | {"field": field, "limit": lists.ROWS, "offset": start}
    over = visitor.ask(base.parse(capacity_queries.ListOverUse, paged))
    if (last := lists.instead(over.total, start)) is not None:
        return last
    mines = asking.if_known(
        lambda: visitor.ask(base.parse(renewal_queries.ListContestedMines, content | {"limit": bounds.PAGE_MAX}))
    )
    return flask.render_template(
        "overview.html",
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
        rows_max=lists.ROWS,
    )
