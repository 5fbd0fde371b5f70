"""Webhooks («وب‌هوک‌ها»): programs of others that events are sent to, their secrets, and what became of each event; for admins."""

from urllib.parse import urlsplit
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared import translations
from shared.contract import base
from shared.contract.notification import commands, queries, webhook_events
from shared.contract.notification.webhook_answers import NewSecret, Webhook
from shared.contract.notification.webhook_events import OFFERED
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("webhooks", __name__)
WORDS = translations.group("webhook")
STATES = {state: WORDS[state] for state in ("waiting", "delivered", "failed")}
SOURCES = {
    source: {name: "" for name, own in webhook_events.SOURCES.items() if own == source}
    for source in ("renewal", "payment", "capacity")
}
"""The events of each service."""
SENTENCES = web.forms.own_sentences(events="دست‌کم یک رویداد را برگزینید.", provinces="دست‌کم یک استان را برگزینید.")
EFFECTS: dict[str, tuple[type[base.Command[base.Done]], str]] = {
    "enable": (commands.EnableWebhook, "فرستادن دوباره آغاز شد. آنچه در صف مانده بود هم فرستاده می‌شود."),
    "end": (commands.EndWebhook, "وب‌هوک پایان یافت و دیگر چیزی به آن فرستاده نمی‌شود."),
    "replay": (commands.ReplayDeliveries, "در صف گذاشته شد و تا چند ثانیهٔ دیگر فرستاده می‌شود."),
}
LEFT = "{} رویداد دیگر از آن روز هنوز در صف نیست؛ «فرستادن دوباره» را باز هم بزنید."
CONFIRMATIONS = {
    "end": (
        "وب‌هوک پایان یابد؟",
        "دیگر چیزی به این نشانی فرستاده نمی‌شود و رمز آن پاک می‌شود. این کار برگشت ندارد.",
        "پایان دادن",
    ),
    "rotate": (
        "رمز تازه ساخته شود؟",
        "رمز کنونی تا یک روز هم امضا می‌کند، تا گیرنده بی‌وقفه به رمز تازه برسد. رمز تازه تنها یک بار نشان داده می‌شود.",
        "ساختن رمز تازه",
    ),
}


@BLUEPRINT.get("/desk/webhooks")
def page() -> ResponseReturnValue:
    return list_page(web.session.officer(Role.ADMIN), web.Form())


@BLUEPRINT.post("/desk/webhooks")
def add() -> ResponseReturnValue:
    """Make a webhook; its secret is on the page that answers, and on no other."""
    visitor = web.session.officer(Role.ADMIN)
    form = web.forms.posted()
    content = {
        "url": form.value("url").strip(),
        "events": form.ticked("event", OFFERED),
        "provinces": form.ticked("province", sorted(visitor.passport.provinces)),
    }
    made = web.forms.send(form, visitor, commands.AddWebhook, content, SENTENCES)
    return list_page(visitor, form) if made is None else secret_page(made)


@BLUEPRINT.get("/desk/webhooks/<uuid:webhook>")
def one(webhook: UUID) -> ResponseReturnValue:
    return webhook_page(web.session.officer(Role.ADMIN), webhook, web.Form())


@BLUEPRINT.get("/desk/webhooks/<uuid:webhook>/<any('end', 'rotate'):act>")
def confirm(webhook: UUID, act: str) -> ResponseReturnValue:
    found = must_find(web.session.officer(Role.ADMIN), webhook)
    title, text, button = CONFIRMATIONS[act]
    text = f"{urlsplit(found.url).hostname}: {text}"
    return web.forms.confirmation(title, text, button, flask.url_for("webhooks.one", webhook=webhook))


@BLUEPRINT.post("/desk/webhooks/<uuid:webhook>/rotate")
def rotate(webhook: UUID) -> ResponseReturnValue:
    visitor, form = web.session.officer(Role.ADMIN), web.forms.posted()
    made = web.forms.send(form, visitor, commands.RotateWebhookSecret, {"webhook": str(webhook)})
    return webhook_page(visitor, webhook, form) if made is None else secret_page(made)


@BLUEPRINT.post("/desk/webhooks/<uuid:webhook>/<any('enable', 'end', 'replay'):act>")
def change(webhook: UUID, act: str) -> ResponseReturnValue:
    visitor, form = web.session.officer(Role.ADMIN), web.forms.posted()
    kind, effect = EFFECTS[act]
    content: dict[str, object] = {"webhook": str(webhook)}
    if act == "replay" and form.text("delivery"):
        content["delivery"] = form.text("delivery")
    elif act == "replay":
        day = web.forms.typed_day(form, "since")
        if day is None:
            form.errors.setdefault("since", "روزی را بنویسید، مانند ۱۴۰۵/۰۷/۱۵.")
            return webhook_page(visitor, webhook, form)
        content["since"] = persian.midnight(day)
    if web.forms.send(form, visitor, kind, content) is None:
        return webhook_page(visitor, webhook, form)
    flask.flash(effect)
    if "since" in content and (left := given_up(visitor, content)):
        flask.flash(LEFT.format(persian.format_number(left)))
    return flask.redirect(flask.url_for("webhooks.one", webhook=webhook), 303)


def given_up(visitor: web.Visitor, content: dict[str, object]) -> int:
    """How many events since then were given up and are not queued again: one command takes only so many."""
    return visitor.call(base.parse(queries.ListDeliveries, {**content, "state": "failed", "limit": 1})).total


def must_find(visitor: web.Visitor, webhook: UUID) -> Webhook:
    for found in visitor.call(queries.ListWebhooks()).webhooks:
        if found.webhook == webhook:
            return found
    raise Refused(Reason.UNKNOWN_WEBHOOK)


def secret_page(made: NewSecret) -> ResponseReturnValue:
    return flask.render_template("administration/webhook_secret.html", made=made)


def list_page(visitor: web.Visitor, form: web.Form) -> ResponseReturnValue:
    return web.forms.render(
        "administration/webhooks.html",
        form,
        webhooks=visitor.call(queries.ListWebhooks()).webhooks,
        sources=SOURCES,
        own_provinces=web.labels.province_names(visitor.passport.provinces),
        words=WORDS,
    )


def webhook_page(visitor: web.Visitor, webhook: UUID, form: web.Form) -> ResponseReturnValue:
    found = must_find(visitor, webhook)
    state = web.url_arguments.chosen(flask.request.args.get("status"), ["", *STATES])
    start, rows_max = web.url_arguments.first_row(), web.url_arguments.ROWS_MAX
    query = base.parse(
        queries.ListDeliveries,
        {"webhook": str(webhook), "state": state or None, "limit": rows_max, "offset": start},
    )
    sent = visitor.call(query)
    web.queries.load_officer_names(visitor, [found.made_by, found.ended_by])
    return web.forms.render(
        "administration/webhook.html",
        form,
        one=found,
        sent=sent,
        words=WORDS,
        states=STATES,
        status=state,
        start=start,
        rows_max=rows_max,
        total=sent.total,
        kept={"webhook": webhook},
        province=None,
    )
