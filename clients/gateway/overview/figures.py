"""The overview of a province («نمای کلی»): charts of the figures that the officer may read, each service's by itself."""

from collections.abc import Iterator

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.charts import Chart
from clients.gateway.overview import province_charts
from shared.contract.bounds import OFFSET_MAX
from shared.contract.capacity.queries import GetCapacityOverview
from shared.contract.notification.queries import ListUndelivered
from shared.contract.overview_answers import DeskOverview, MoneyOverview
from shared.contract.payment.queries import GetMoneyOverview
from shared.contract.renewal.queries import GetDeskOverview
from shared.contract.values import Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("figures", __name__)
READERS = (Role.MANAGER, Role.FINANCE, Role.TREASURY, Role.AUDITOR)
OF_DESK = (Role.MANAGER, Role.AUDITOR)


@BLUEPRINT.get("/desk/overview")
def page() -> ResponseReturnValue:
    visitor = web.session.officer(*READERS)
    rows = web.url_arguments.list_page(visitor)
    desk = money = capacity = None
    if any(map(visitor.has, OF_DESK)):
        desk = visitor.call_if_known(GetDeskOverview(province=rows.province))
    money = visitor.call_if_known(GetMoneyOverview(province=rows.province))
    if visitor.has(Role.MANAGER):
        year = persian.jalali_year(web.rpc.now())
        capacity = visitor.call_if_known(GetCapacityOverview(province=rows.province, year=year))
    charts = [
        *(province_charts.of_desk(desk) if desk else ()),
        *of_times(desk, money),
        *(province_charts.of_money(money.weeks) if money else ()),
        *((province_charts.of_capacity(capacity),) if capacity else ()),
    ]
    web.lists.offer(visitor, *(as_file(one) for one in charts))
    about = {"desk": desk, "money": money, "millions": province_charts.millions}
    lost = undelivered(visitor, rows.province) if visitor.has(Role.MANAGER) else 0
    return flask.render_template("overview/figures.html", charts=charts, undelivered=lost, **about, **vars(rows))


def undelivered(visitor: web.Visitor, province: str) -> int:
    """How many messages arrived by no way; none is read for that. 0 while notification does not answer."""
    found = visitor.call_if_known(ListUndelivered(province=province, limit=1, offset=OFFSET_MAX))
    return found.total if found else 0


def of_times(desk: DeskOverview | None, money: MoneyOverview | None) -> Iterator[Chart]:
    """One chart of the times of all services that have any."""
    times = [*(desk.times if desk else ()), *(money.times if money else ())]
    if times:
        yield province_charts.of_times(times)


def as_file(chart: Chart) -> web.lists.List:
    return web.lists.whole(chart.name, chart.title, chart.table.headings, chart.table.rows)
