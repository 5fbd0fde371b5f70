"""The inbox («پیام‌ها»): a person's messages, the unread ones first; read is what the person says was read."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.messages import unread
from shared.contract import base
from shared.contract.notification import commands, queries
from shared.contract.refusals import Reason, Refused

BLUEPRINT = flask.Blueprint("inbox", __name__)
ROWS_MAX = 20


@BLUEPRINT.get("/messages")
def page() -> ResponseReturnValue:
    """A page of the inbox; looking at it marks nothing, since browsers load pages that nobody looks at."""
    visitor = web.session.visitor()
    rows = web.url_arguments.ListPage([], "", web.url_arguments.first_row(), ROWS_MAX)
    found = visitor.call(queries.ListNotices(limit=rows.rows_max, offset=rows.start))
    rows.redirect_beyond_end(found.total)
    unread.keep(found.unread)
    return flask.render_template(
        "messages/inbox.html",
        found=found,
        new=[one for one in found.notices if one.read_at is None],
        own_path=web.session.own_path,
        start=rows.start,
        rows_max=rows.rows_max,
    )


@BLUEPRINT.post("/messages/read")
def mark_read() -> ResponseReturnValue:
    """Mark one message, or all that the page showed as new."""
    visitor = web.session.visitor()
    notices = flask.request.form.getlist("notice")
    if not notices:
        raise Refused(Reason.BAD_INPUT)
    visitor.call(base.parse(commands.MarkRead, {"notices": notices, **web.rpc.form_command()}))
    unread.forget()
    return web.forms.done("پیام خوانده شد." if len(notices) == 1 else "پیام‌ها خوانده شد.", "inbox.page")
