"""The office calendar of a province: the days that differ from the week's rule, and setting one."""

import re
from datetime import time

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.review import desk
from clients.gateway.web import forms, rpc, session, url_arguments
from clients.gateway.web.forms import Form
from shared.contract import base
from shared.contract.refusals import Refused, own_sentence
from shared.contract.renewal import commands, queries
from shared.contract.values import Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("calendar", __name__)
SENTENCES = {
    "on": "روزی از تقویم هجری شمسی را به شکل ۱۴۰۵/۰۷/۱۵ بنویسید.",
    "opens": "ساعت شروع را به شکل ۰۸:۰۰ بنویسید.",
    "closes": "ساعت پایان را به شکل ۱۴:۰۰ و پس از ساعت شروع بنویسید.",
    "label": "عنوان را در دست‌کم دو نویسه بنویسید، مانند «تعطیلی آلودگی هوا».",
}


@BLUEPRINT.get("/desk/calendar")
def calendar() -> ResponseReturnValue:
    return page(Form({"state": "closed"}))


@BLUEPRINT.post("/desk/calendar")
def set_day() -> ResponseReturnValue:
    visitor = session.officer(Role.MANAGER)
    form = forms.posted()
    is_open = form.value("state") == "open"
    content = {
        "province": form.text("province"),
        "on": forms.day(form.text("on")),
        "opens": hour(form.text("opens")) if is_open else None,
        "closes": hour(form.text("closes")) if is_open else None,
        "label": form.written("label"),
        **rpc.once(),
    }
    try:
        visitor.ask(base.parse(commands.SetCalendarDay, content))
    except Refused as refused:
        forms.take(form, refused, lambda name, code: (name, own_sentence(SENTENCES, name, code)))
        return page(form)
    flask.flash("ساعت کار این روز ثبت شد.")
    return flask.redirect(flask.url_for("calendar.calendar", province=form.text("province")), 303)


def hour(text: str) -> str:
    """A typed hour as pydantic reads it; a bare `8` is eight o'clock, and no count of seconds."""
    typed = re.fullmatch("([0-9]{1,2})(?:[:.]([0-9]{2}))?", text)
    try:
        return time(int(typed[1]), int(typed[2] or 0)).isoformat() if typed else "no-hour"
    except ValueError:
        return "no-hour"


def page(form: Form) -> ResponseReturnValue:
    visitor = session.officer(Role.MANAGER)
    provinces = desk.served(visitor)
    if not provinces:
        return flask.render_template("design/no_desk.html")
    province = desk.chosen(form.text("province") or flask.request.args.get("province"), provinces)
    this_year = persian.jalali_year(rpc.now())
    typed = url_arguments.year(this_year)
    year = min(max(typed, this_year - 1), this_year + 1)
    found = rpc.if_known(lambda: visitor.ask(queries.GetCalendar(province=province, year=year)))
    hours = rpc.if_known(lambda: visitor.ask(queries.GetOfficeHours(province=province)))
    context = {"provinces": provinces, "province": province, "year": year, "this_year": this_year}
    return forms.page("administration/office_calendar.html", form, found=found, hours=hours, **context)
