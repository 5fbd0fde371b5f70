"""The office calendar of a province: the days that differ from the week's rule, and setting one."""

import re
from collections.abc import Sequence
from datetime import time

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract.renewal import commands, queries
from shared.contract.renewal.answers import CalendarDay
from shared.contract.values import Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("office_calendar", __name__)
SATURDAY = 5
"""The week's first day, by Python's own weekday."""
SENTENCES = web.forms.own_sentences(
    on="روزی از تقویم هجری شمسی را به شکل ۱۴۰۵/۰۷/۱۵ بنویسید.",
    opens="ساعت شروع را به شکل ۰۸:۰۰ بنویسید.",
    closes="ساعت پایان را به شکل ۱۴:۰۰ و پس از ساعت شروع بنویسید.",
    label="عنوان را در دست‌کم دو نویسه بنویسید، مانند «تعطیلی آلودگی هوا».",
)


@BLUEPRINT.get("/desk/calendar")
def page() -> ResponseReturnValue:
    return calendar_page(web.Form({"state": "closed"}))


@BLUEPRINT.post("/desk/calendar")
def set_day() -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER)
    form = web.forms.posted()
    is_open = form.value("state") == "open"
    content = {
        "province": form.text("province"),
        "on": web.forms.day(form.text("on")),
        "opens": hour(form.text("opens")) if is_open else None,
        "closes": hour(form.text("closes")) if is_open else None,
        "label": form.paragraphs("label"),
    }
    if web.forms.send(form, visitor, commands.SetCalendarDay, content, SENTENCES) is None:
        return calendar_page(form)
    return web.forms.done("ساعت کار این روز ثبت شد.", "office_calendar.page", province=form.text("province"))


def hour(text: str) -> str:
    """A typed hour as pydantic reads it; a bare `8` is eight o'clock, and no count of seconds."""
    typed = re.fullmatch("([0-9]{1,2})(?:[:.]([0-9]{2}))?", text)
    try:
        return time(int(typed[1]), int(typed[2] or 0)).isoformat() if typed else "no-hour"
    except ValueError:
        return "no-hour"


def as_file(year: int, days: Sequence[CalendarDay]) -> web.lists.List:
    rows: web.lists.Rows = [
        (
            *(web.lists.day(one.on), one.label),
            *(f"{hour:%H:%M}" if hour else "تعطیل" for hour in (one.opens, one.closes)),
        )
        for one in days
    ]
    return web.lists.whole("calendar", f"روزهای ویژهٔ {year}", ("روز", "عنوان", "از ساعت", "تا ساعت"), rows)


def calendar_page(form: web.Form) -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER)
    rows = web.url_arguments.list_page(visitor, form.text("province"))
    this_year = persian.jalali_year(web.rpc.now())
    typed = web.url_arguments.year(this_year)
    year = min(max(typed, this_year - 1), this_year + 1)
    found = visitor.call_if_known(queries.GetCalendar(province=rows.province, year=year))
    if found:
        web.lists.offer(visitor, as_file(year, found.days))
    hours = visitor.call_if_known(queries.GetOfficeHours(province=rows.province))
    today = persian.day_of(web.rpc.now())
    month = web.url_arguments.number("month", 1, 12) or int(persian.format_date(today)[5:7])
    days = visitor.call_if_known(queries.GetOfficeMonth(province=rows.province, year=year, month=month))
    return web.forms.render(
        "administration/office_calendar.html",
        form,
        found=found,
        hours=hours,
        weeks=weeks(days.days) if days else (),
        weekdays=[persian.WEEKDAYS[(SATURDAY + count) % 7] for count in range(7)],
        month=month,
        today=today,
        year=year,
        this_year=this_year,
        **vars(rows),
    )


def weeks(days: Sequence[CalendarDay]) -> list[list[CalendarDay | None]]:
    """The days of a month by weeks from Saturday on, with nothing in the place of the neighbouring months' days."""
    before = (days[0].on.weekday() - SATURDAY) % 7
    cells: list[CalendarDay | None] = [*[None] * before, *days]
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]
