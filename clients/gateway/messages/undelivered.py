"""For managers: messages that arrived by no way («به دستشان نرسیده»), and sending one again with a reason."""

from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.messages import sent_lists
from shared.contract import base, bounds
from shared.contract.notification import commands, queries
from shared.contract.notification.answers import SentNotice
from shared.contract.notification.values import NoticeKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("undelivered", __name__)
OF_OFFICERS = {
    NoticeKind.DESK_DIGEST,
    NoticeKind.PROMISE_ENDS,
    NoticeKind.MONEY_EXCEPTION,
    NoticeKind.WEBHOOK_DISABLED,
}
KINDS = {kind.value: web.labels.NOTICE_KINDS[kind] for kind in NoticeKind if kind not in OF_OFFICERS}
"""What a member is told of."""
SENTENCES = web.forms.own_sentences(reason="دلیل را در دست‌کم ۱۰ نویسه بنویسید.")


@BLUEPRINT.get("/desk/undelivered")
def page() -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER)
    rows = web.url_arguments.list_page(visitor)
    kind = web.url_arguments.chosen(flask.request.args.get("kind"), ["", *KINDS])
    query = base.parse(queries.ListUndelivered, {"kind": kind or None, **rows.limits})
    web.lists.offer(visitor, sent_lists.undelivered(query))
    found = visitor.call(query)
    rows.redirect_beyond_end(found.total)
    return flask.render_template(
        "messages/undelivered.html",
        found=found,
        names=web.queries.member_names(visitor, (one.member for one in found.notices)),
        kinds=KINDS,
        kept={"kind": kind or None},
        kind=kind,
        **vars(rows),
    )


@BLUEPRINT.get("/desk/account/<member:member>/notices/<uuid:notice>/resend")
def resend_page(member: str, notice: UUID) -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER)
    return form_page(visitor, member, notice, web.Form())


@BLUEPRINT.post("/desk/account/<member:member>/notices/<uuid:notice>/resend")
def resend(member: str, notice: UUID) -> ResponseReturnValue:
    visitor, form = web.session.officer(Role.MANAGER), web.forms.posted()
    content = {"notice": notice, "reason": form.paragraphs("reason")}
    if not web.forms.send(form, visitor, commands.ResendNotice, content, SENTENCES):
        return form_page(visitor, member, notice, form)
    flask.flash("پیام دوباره فرستاده می‌شود.")
    return flask.redirect(came_from(member), 303)


def form_page(visitor: web.Visitor, member: str, notice: UUID, form: web.Form) -> ResponseReturnValue:
    one, names = of_member(visitor, member, notice), web.queries.member_names(visitor, (member,))
    return web.forms.render("messages/resend.html", form, one=one, names=names, back=came_from(member))


def of_member(visitor: web.Visitor, member: str, notice: UUID) -> SentNotice:
    """One of the member's messages; refused where it is none of them."""
    found = visitor.call(queries.ListSentNotices(member=member, notice=notice)).notices
    if not found:
        raise Refused(Reason.UNKNOWN_NOTICE)
    return found[0]


def came_from(member: str) -> str:
    """The review of the year in the query string, else the place in the list, else the account."""
    if year := web.url_arguments.number("year", bounds.YEAR_MIN, bounds.YEAR_MAX):
        return flask.url_for("desk.renewal", member=member, year=year, _anchor="notices")
    place = web.url_arguments.list_arguments()
    if "province" in place:
        return flask.url_for("undelivered.page", **place)
    return flask.url_for("account.of_member", number=member, _anchor="notices")
