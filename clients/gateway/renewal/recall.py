"""What a member can do about a declaration on the desk: take it back until a manager has opened it, and add a note after that."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.renewal import request
from shared.contract import base
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, queries

BLUEPRINT = flask.Blueprint("recall", __name__)
NOTHING_TO_RECALL = {Reason.REVIEW_OPENED, Reason.CORRECTION_LATE, Reason.NOT_SUBMITTED, Reason.ALREADY_DECIDED}
"""Refusals that the page of the renewal explains by what it shows."""


@BLUEPRINT.get("/member/declaration/recall")
def confirm() -> ResponseReturnValue:
    """Confirmation before the declaration leaves the manager's desk."""
    web.session.member()
    return web.forms.confirmation(
        "خوداظهاری را پس می‌گیرید؟",
        (
            "خوداظهاری از کارتابل مدیر برداشته و دوباره پیش‌نویس می‌شود؛ پاسخ‌های شما می‌ماند. "
            "آن را تغییر دهید و دوباره بفرستید. مهلت بررسی از ارسال دوباره حساب می‌شود."
        ),
        "پس گرفتن خوداظهاری",
        flask.url_for("request.renewal"),
    )


@BLUEPRINT.post("/member/declaration/recall")
def recall() -> ResponseReturnValue:
    """Recall it; a manager who was quicker is named on the page of the renewal."""
    visitor = web.session.member()
    year = visitor.call(queries.GetRenewal(member=visitor.name)).year
    try:
        visitor.call(commands.RecallDeclaration(member=visitor.name, year=year, **web.rpc.form_command()))
    except Refused as refused:
        if refused.reason not in NOTHING_TO_RECALL:
            raise
        form = web.Form()
        web.forms.put_refusal(form, refused)
        return request.progress_page(visitor, visitor.call(queries.GetRenewal(member=visitor.name)), form)
    return web.forms.done("خوداظهاری را پس گرفتید و دوباره پیش‌نویس شد. تا آن را نفرستید بررسی نمی‌شود.", "sending.check")


@BLUEPRINT.post("/member/declaration/note")
def add_note() -> ResponseReturnValue:
    """Add a note to the declaration that lies on the desk."""
    visitor = web.session.member()
    form = web.forms.posted()
    year = visitor.call(queries.GetRenewal(member=visitor.name)).year
    content = {"member": visitor.name, "year": year, "text": form.paragraphs("text"), **web.rpc.form_command()}
    try:
        visitor.call(base.parse(commands.AddMemberNote, content))
    except Refused as refused:
        web.forms.put_refusal(form, refused)
        return request.progress_page(visitor, visitor.call(queries.GetRenewal(member=visitor.name)), form)
    return web.forms.done("یادداشت شما کنار خوداظهاری گذاشته شد و مدیر آن را می‌بیند.", "request.renewal")
