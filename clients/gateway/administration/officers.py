"""Officers («کاربران اداری»): who serves, what one admin requests about them, and the grants of a second admin."""

from collections.abc import Sequence
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from clients.gateway import web
from shared import translations
from shared.contract import base
from shared.contract.auth import commands, queries
from shared.contract.auth.answers import OfficerCard
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("officers", __name__)
SENTENCES = web.forms.own_sentences(
    officer="نام کاربری را با حروف کوچک لاتین بنویسید، مانند maryam.",
    full_name="نام و نام خانوادگی را بنویسید.",
    roles="دست‌کم یک نقش را برگزینید.",
    provinces="استانی را برگزینید که به خود شما سپرده شده است.",
    password="برای کاربر تازه گذرواژه‌ای بگذارید.",  # noqa: S106 - a sentence, no password
)
DECISIONS: dict[str, tuple[type[base.Command[base.Done]], str]] = {
    "grant": (commands.GrantOfficerRequest, "درخواست تأیید شد و از همین دم برقرار است."),
    "decline": (commands.DeclineOfficerRequest, "درخواست رد شد و چیزی تغییر نکرد."),
}
REQUESTED = "درخواست ثبت شد. اگر راهبر دیگری هست، با تأیید او برقرار می‌شود."


@BLUEPRINT.get("/desk/officers")
def page() -> ResponseReturnValue:
    return officers_page(web.session.officer(Role.ADMIN), web.Form())


@BLUEPRINT.post("/desk/officers")
def appoint() -> ResponseReturnValue:
    """Request an appointment, or other roles, provinces or another password for a known officer."""
    visitor = web.session.officer(Role.ADMIN)
    form, password = web.forms.posted(), web.forms.posted_secret("password")
    form.values.pop("password", None)
    content = {
        "officer": form.text("officer").lower(),
        "full_name": form.value("full_name"),
        "roles": form.ticked("role", Role),
        "provinces": form.ticked("province", sorted(visitor.passport.provinces)),
        "password": SecretStr(password) if password else None,
    }
    sent = web.forms.send(form, visitor, commands.AppointOfficer, content, SENTENCES)
    return web.forms.done(REQUESTED, "officers.page") if sent else officers_page(visitor, form)


@BLUEPRINT.post("/desk/officers/<officer>/dismiss")
def dismiss(officer: str) -> ResponseReturnValue:
    visitor, form = web.session.officer(Role.ADMIN), web.forms.posted()
    sent = web.forms.send(form, visitor, commands.DismissOfficer, {"officer": officer}, SENTENCES)
    return web.forms.done(REQUESTED, "officers.page") if sent else officers_page(visitor, form)


@BLUEPRINT.post("/desk/officers/<officer>/<uuid:request>/<any('grant', 'decline'):decision>")
def decide(officer: str, request: UUID, decision: str) -> ResponseReturnValue:
    """Grant or decline what a colleague requests; a refusal says why it may not be granted."""
    kind, effect = DECISIONS[decision]
    content = {"officer": officer, "request": request}
    visitor, form = web.session.officer(Role.ADMIN), web.forms.posted()
    sent = web.forms.send(form, visitor, kind, content, SENTENCES)
    return web.forms.done(effect, "officers.page") if sent else officers_page(visitor, form)


def as_file(found: Sequence[OfficerCard]) -> web.lists.List:
    rows: web.lists.Rows = [
        (
            *(one.officer, one.full_name, "، ".join(web.labels.ROLES[role] for role in one.roles)),
            "، ".join(web.labels.province(key) for key in one.provinces),
        )
        for one in found
    ]
    return web.lists.whole("officers", "کاربران اداری", ("نام کاربری", "نام", "نقش‌ها", "استان‌ها"), rows)


def officers_page(visitor: web.Visitor, form: web.Form) -> ResponseReturnValue:
    found = visitor.call(queries.ListOfficers())
    web.lists.offer(visitor, as_file(found.officers))
    actors = [actor for one in found.requests for actor in (one.requested_by, *map("officer:{}".format, one.granters))]
    web.queries.load_officer_names(visitor, actors)
    return web.forms.render(
        "administration/officers.html",
        form,
        officers=found.officers,
        requests=found.requests,
        reasons=translations.group("refusal"),
        own_provinces=web.labels.province_names(visitor.passport.provinces),
    )
