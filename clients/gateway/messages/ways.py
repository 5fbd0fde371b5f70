"""The ways by which a person is told («راه‌های خبررسانی»): own addresses with their state, ways wanted, reminders and quiet hours."""

from collections.abc import Mapping
from datetime import time

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract.notification import commands
from shared.contract.notification.answers import Contacts
from shared.contract.notification.queries import GetContacts
from shared.contract.notification.values import Way
from shared.text import persian

BLUEPRINT = flask.Blueprint("ways", __name__)
HOURS_A_DAY = 24


@BLUEPRINT.get("/messages/ways")
def page() -> ResponseReturnValue:
    visitor = web.session.visitor()
    found = visitor.call(GetContacts())
    return choices_page(found, web.Form(values_of(found)))


@BLUEPRINT.post("/messages/ways")
def choose() -> ResponseReturnValue:
    visitor, form = web.session.visitor(), web.forms.posted()
    content = {
        "ways": tuple(way for way in Way if form.value(way.value) == "true"),
        "wants_reminders": form.value("wants_reminders") == "true",
        "quiet_from": form.text("quiet_from"),
        "quiet_to": form.text("quiet_to"),
    }
    if web.forms.send(form, visitor, commands.SetChoices, content):
        return web.forms.done("انتخاب شما ثبت شد.", "ways.page")
    return choices_page(visitor.call(GetContacts()), form)


def choices_page(found: Contacts, form: web.Form) -> ResponseReturnValue:
    by_way = {way: [one for one in found.addresses if one.way is way] for way in Way}
    chosen = (form.text("quiet_from"), form.text("quiet_to"))
    return web.forms.render("messages/ways.html", form, by_way=by_way, hours=hours(chosen))


def values_of(found: Contacts) -> dict[str, str]:
    """The choices as values of the form."""
    ticked = [way.value for way in found.ways] + (["wants_reminders"] if found.wants_reminders else [])
    quiet = {"quiet_from": f"{found.quiet_from:%H:%M}", "quiet_to": f"{found.quiet_to:%H:%M}"}
    return {**dict.fromkeys(ticked, "true"), **quiet}


def hours(chosen: tuple[str, str]) -> Mapping[str, str]:
    """The hours that the form offers, with those already chosen, which the API takes by the minute."""
    whole = [f"{time(hour):%H:%M}" for hour in range(HOURS_A_DAY)]
    return {hour: persian.digits_to_persian(hour) for hour in sorted({*whole, *filter(None, chosen)})}
