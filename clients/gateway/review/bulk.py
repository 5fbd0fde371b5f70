"""Many requests of the list at once: what a decision would do to each, the decision, and a result for each."""

import re
from dataclasses import dataclass
from uuid import uuid4

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.casework import assignments
from clients.gateway.review import desk
from shared import translations
from shared.contract import base
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands
from shared.contract.renewal.answers import DecisionPreview
from shared.contract.renewal.queries import PreviewDecisions
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("bulk", __name__)
ROWS_MAX = 100
"""Requests that one act decides."""
REASON_LENGTH_MIN = 10
ROW = re.compile(r"([0-9]{3,12})\.([0-9]{4})\.([0-9]{1,5})\.([0-9a-f-]{36})", re.ASCII)
"""A row as a form has it: member, year, version of the declaration, id of the command."""
OUTCOMES = {"approve": "approved", "return": "returned", "assign": "assigned"}


@dataclass(frozen=True)
class Row:
    """One decision of many; its command's id is its own, so that sending the page twice decides nothing twice."""

    member: str
    year: str
    version: str
    command_id: str
    problem: str = ""

    @property
    def key(self) -> str:
        return f"{self.member}.{self.year}"

    @property
    def packed(self) -> str:
        return f"{self.key}.{self.version}.{self.command_id}"


@BLUEPRINT.post("/desk/many/<any('approve', 'return', 'assign'):decision>/check")
def check(decision: str) -> ResponseReturnValue:
    """What the decision or the hand-over would do to each ticked request, or to all of the list; nothing is recorded."""
    visitor = web.session.officer(Role.MANAGER)
    keys = picked(visitor)
    if not keys:
        flask.flash("هیچ درخواستی گزیده نشده است.")
        return flask.redirect(flask.url_for("desk.page", **web.url_arguments.list_arguments()), 303)
    query = base.parse(PreviewDecisions, {"outcome": OUTCOMES[decision], "renewals": keys})
    previews = visitor.call(query).previews
    return page(visitor, "review/bulk_check.html", decision, [row_of(one) for one in previews], web.Form())


@BLUEPRINT.post("/desk/many/<any('approve', 'return', 'assign'):decision>")
def decide(decision: str) -> ResponseReturnValue:
    """Decide or hand over each request by a command of its own; the results, with what failed still ticked."""
    visitor = web.session.officer(Role.MANAGER)
    form = web.forms.posted()
    rows = [row for text in flask.request.form.getlist("row")[:ROWS_MAX] if (row := unpacked(text))]
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


def unpacked(text: str) -> Row | None:
    """The row that a check packed; None for what none has made."""
    found = ROW.fullmatch(text)
    return Row(*found.groups()) if found else None


def picked(visitor: web.Visitor) -> list[dict[str, str]]:
    """The ticked requests, or the first of all that the list has."""
    if flask.request.form.get("all"):
        limits = web.url_arguments.list_page(visitor).limits
        found = visitor.call(desk.list_query({**limits, "limit": ROWS_MAX, "offset": 0})).renewals
        return [{"member": one.member, "year": str(one.year)} for one in found]
    pairs = [text.partition(".") for text in flask.request.form.getlist("pick")[:ROWS_MAX]]
    return [{"member": member, "year": year} for member, _, year in dict.fromkeys(pairs)]


def row_of(preview: DecisionPreview) -> Row:
    """A row of the check, with why it is left out."""
    problem = translations.group("refusal")[preview.refusal] if preview.refusal else ""
    return Row(preview.member, str(preview.year), str(preview.declaration_version), str(uuid4()), problem)


def result(visitor: web.Visitor, decision: str, row: Row, chosen: str) -> Row:
    """The row with what went wrong, if anything; `chosen` is the reason of a return, or the colleague."""
    content: dict[str, object] = {**web.rpc.new_command(), "id": row.command_id, "member": row.member, "year": row.year}
    try:
        if decision == "approve":
            visitor.call(base.parse(commands.ApproveRenewal, content | {"declaration_version": row.version}))
        elif decision == "assign":
            visitor.call(base.parse(commands.HandOverRenewal, content | {"officer": chosen}))
        else:
            visitor.call(base.parse(commands.ReturnRenewal, content | {"reason": chosen}))
    except Refused as refused:
        return Row(row.member, row.year, row.version, row.command_id, web.filters.refusal(refused))
    return row


def page(visitor: web.Visitor, template: str, decision: str, rows: list[Row], form: web.Form) -> ResponseReturnValue:
    officers: dict[str, str] = {}
    if decision == "assign":
        officers = assignments.officers_of(visitor, web.url_arguments.list_page(visitor).province)
    return web.forms.render(
        template,
        form,
        decision=decision,
        officers=officers,
        rows=[row for row in rows if not row.problem],
        left_out=[row for row in rows if row.problem],
        names=web.queries.member_names(visitor, (row.member for row in rows)),
    )
