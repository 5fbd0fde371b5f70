"""The timeline of a case: what renewal and payment have recorded, in one list in the order of time, and internal notes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.casework import assignments
from shared.contract import base
from shared.contract.payment import invoice_moments
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, queries
from shared.contract.renewal.casework_answers import TimelineEntry
from shared.contract.renewal.correction import DeclarationField
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("timeline", __name__)
SENTENCES = web.forms.own_sentences(text="یادداشت را در دست‌کم دو نویسه بنویسید.")


@dataclass(frozen=True)
class Line:
    """One thing that happened; who did it is an actor, and empty where payment recorded it."""

    code: str
    at: datetime
    by: str = ""
    officer: str = ""
    """To whom it was handed over."""
    version: int = 0
    fields: tuple[DeclarationField, ...] = ()
    text: str = ""
    amount_rials: int = 0


def lines(visitor: web.Visitor, renewal: answers.Renewal) -> list[Line] | None:
    """All that happened to a case, the oldest first; None while renewal does not answer. One query to each service."""
    found = visitor.call_if_known(queries.GetTimeline(member=renewal.member, year=renewal.year))
    return in_order(visitor, [*map(line, found.entries), *of_money(visitor, renewal)]) if found else None


def in_order(visitor: web.Visitor, found: Iterable[Line]) -> list[Line]:
    """The lines in the order of time, with the names of their officers loaded."""
    ordered = sorted(found, key=lambda one: one.at)
    web.queries.load_officer_names(visitor, (actor for one in ordered for actor in (one.by, one.officer)))
    return ordered


def line(entry: TimelineEntry) -> Line:
    is_handed_over = entry.officer not in ("", entry.by)
    return Line(
        code="handed_over" if is_handed_over else entry.kind,
        at=entry.at,
        by=entry.by,
        officer=entry.officer if is_handed_over else "",
        version=entry.version,
        fields=entry.fields,
        text=entry.text,
    )


def of_money(visitor: web.Visitor, renewal: answers.Renewal) -> list[Line]:
    """What happened to the invoice of the renewal; nothing before an approval, and while payment does not answer."""
    if renewal.status != "approved":
        return []
    answer = visitor.call_if_known(payment_queries.GetInvoices(member=renewal.member))
    invoices = [one for one in answer.invoices if one.year == renewal.year] if answer else []
    moments = (moment for invoice in invoices for moment in invoice_moments.moments(invoice))
    return [Line(code=one.code, at=one.at, amount_rials=one.amount_rials) for one in moments]


@BLUEPRINT.post("/desk/<member:member>/<year:year>/note")
def write_note(member: str, year: int) -> ResponseReturnValue:
    """Write an internal note; where it is refused, a page with what was typed."""
    visitor, form = web.session.officer(Role.MANAGER), web.forms.posted()
    content = {"member": member, "year": year, "text": form.paragraphs("text"), **web.rpc.form_command()}
    try:
        visitor.call(base.parse(commands.WriteCaseNote, content))
    except Refused as refused:
        if refused.reason not in (Reason.BAD_INPUT, Reason.MEMBER_ERASED):
            raise
        web.forms.put_refusal(form, refused, SENTENCES)
        return web.forms.render("casework/note.html", form, member=member, year=year)
    flask.flash("یادداشت داخلی ثبت شد.")
    return assignments.review(member, year)
