"""Many requests of the list at once: what a decision would do to each, the decision, and a result for each."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.casework import assignments
from clients.gateway.review import desk
from shared import translations
from shared.contract import base
from shared.contract.refusals import Reason
from shared.contract.renewal import commands
from shared.contract.renewal.answers import DecisionPreview
from shared.contract.renewal.queries import PreviewDecisions
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("bulk", __name__)
REASON_LENGTH_MIN = 10
OUTCOMES = {"approve": "approved", "return": "returned", "assign": "assigned"}


@BLUEPRINT.post("/desk/many/<any('approve', 'return', 'assign'):decision>/check")
def check(decision: str) -> ResponseReturnValue:
    """What the decision or the hand-over would do to each ticked request, or to all of the list; nothing is recorded."""
    visitor = web.session.officer(Role.MANAGER)
    keys = picked(visitor)
    if not keys:
        return web.forms.done("هیچ درخواستی گزیده نشده است.", "desk.page", **web.url_arguments.list_arguments())
    query = base.parse(PreviewDecisions, {"outcome": OUTCOMES[decision], "renewals": keys})
    previews = visitor.call(query).previews
    return page(visitor, "review/bulk_check.html", decision, [row_of(one) for one in previews], web.Form())


@BLUEPRINT.post("/desk/many/<any('approve', 'return', 'assign'):decision>")
def decide(decision: str) -> ResponseReturnValue:
    """Decide or hand over each request by a command of its own; the results, with what failed still ticked."""
    visitor = web.session.officer(Role.MANAGER)
    form = web.forms.posted()
    rows = web.many.posted()
    reason = form.paragraphs("reason")
    if decision == "return" and len(reason) < REASON_LENGTH_MIN:
        form.errors["reason"] = translations.group("refusal")[Reason.REASON_NEEDED]
        return page(visitor, "review/bulk_check.html", decision, rows, form)
    officer = form.text("officer")
    if decision == "assign" and not officer:
        form.errors["officer"] = assignments.NO_OFFICER
        return page(visitor, "review/bulk_check.html", decision, rows, form)
    results = [result(visitor, decision, row, officer if decision == "assign" else reason) for row in rows]
    return page(visitor, "review/bulk_results.html", decision, results, form)


def picked(visitor: web.Visitor) -> list[dict[str, str]]:
    """The ticked requests, or the first of all that the list has."""
    if flask.request.form.get("all"):
        limits = web.url_arguments.list_page(visitor).limits
        found = visitor.call(desk.list_query({**limits, "limit": web.many.ROWS_MAX, "offset": 0})).renewals
        return [{"member": one.member, "year": str(one.year)} for one in found]
    return [{"member": member, "year": str(year)} for member, year in web.many.ticked()]


def row_of(preview: DecisionPreview) -> web.many.Row:
    """A row of the check, with why it is left out."""
    problem = translations.group("refusal")[preview.refusal] if preview.refusal else ""
    return web.many.checked(preview.member, preview.year, preview.declaration_version, problem)


def result(visitor: web.Visitor, decision: str, row: web.many.Row, chosen: str) -> web.many.Row:
    """The row with what went wrong, if anything; `chosen` is the reason of a return, or the colleague."""

    def send(content: dict[str, object]) -> None:
        version = {"declaration_version": row.seen}
        if decision == "approve":
            visitor.call(base.parse(commands.ApproveRenewal, content | version))
        elif decision == "assign":
            visitor.call(base.parse(commands.HandOverRenewal, content | {"officer": chosen}))
        else:
            visitor.call(base.parse(commands.ReturnRenewal, content | version | {"reason": chosen}))

    return web.many.act(row, send)


def page(
    visitor: web.Visitor, template: str, decision: str, rows: list[web.many.Row], form: web.Form
) -> ResponseReturnValue:
    officers: dict[str, str] = {}
    if decision == "assign":
        officers = assignments.officers_of(visitor, web.url_arguments.list_page(visitor).province)
    return web.forms.render(
        template,
        form,
        decision=decision,
        officers=officers,
        **web.many.split(rows),
        names=web.queries.member_names(visitor, (row.member for row in rows)),
    )
