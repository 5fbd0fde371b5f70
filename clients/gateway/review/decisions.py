"""The decisions on one request: approve, return the whole or some fields, reject; then the next request of the list."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.casework import assignments
from clients.gateway.review import desk, review_changes, review_notes, review_page, undoing, waivers
from shared import translations
from shared.contract import base
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, queries
from shared.contract.renewal.correction import DeclarationField, FieldFault
from shared.contract.values import Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("decisions", __name__)
REASON_SENTENCES = {"reason": translations.group("refusal")[Reason.REASON_NEEDED]}
NOT_DECIDED = "تصمیم شما ثبت نشد؛ اگر با این حال می‌خواهید تصمیم بگیرید، دکمه را دوباره بزنید."
EFFECTS = {
    "approve": "تأیید شد. صورت‌حساب صادر و پرداخت الکترونیک برای عضو باز می‌شود.",
    "waive": "تأیید و صورت‌حساب صادر شد. بخشودگی در کارهای مالی در انتظار همکار دومی است و با تأیید او از بدهی کم می‌شود.",
}


UNDOABLE_AFTER = {"return": "returned", "reject": "rejected"}


@desk.BLUEPRINT.get("/desk/<member:member>/<year:year>")
def renewal(member: str, year: int) -> ResponseReturnValue:
    return review_page.page(web.session.officer(), member, year, web.Form())


@BLUEPRINT.get("/desk/<member:member>/<year:year>/<any('return', 'reject'):decision>")
def reasons(member: str, year: int, decision: str) -> ResponseReturnValue:
    """The page for the reasons of a return or a rejection; a field that is to be returned may be ticked already."""
    field = flask.request.args.get("tick", "")
    form = web.Form({f"field-{field}": "true"} if field in set(DeclarationField) else {})
    return reasons_page(web.session.officer(Role.MANAGER), member, year, decision, form)


@BLUEPRINT.post("/desk/<member:member>/<year:year>/<any('approve', 'return', 'reject'):decision>")
def decide(member: str, year: int, decision: str) -> ResponseReturnValue:
    """Approve, return for correction, or reject; the last two, and a waiver with the first, with a reason that the member reads."""
    visitor = web.session.officer(Role.MANAGER)
    form = web.forms.posted()
    form.values["decision"] = decision
    try:
        sent = command(decision, member, year, form)
        visitor.call(sent)
    except Refused as refused:
        web.forms.put_refusal(form, refused, lambda name, code: error_text(decision, form, name, code))
        if refused.reason is Reason.HELD_BY_COLLEAGUE:
            put_holder(visitor, form, refused)
        if decision == "approve" or refused.reason in review_notes.OVERTAKEN:
            return review_page.page(visitor, member, year, form, refused)
        return reasons_page(visitor, member, year, decision, form)
    if decision in UNDOABLE_AFTER:
        undoing.remember(member, year, sent.id, UNDOABLE_AFTER[decision])  # its banner says what was done too
    else:
        effect = EFFECTS["waive" if waivers.typed_years(form) else "approve"]
        flask.flash(f"درخواست عضو {persian.digits_to_persian(member)}: {effect}")
    return flask.redirect(desk.address_of_next(visitor, (member, year)), 303)


def put_holder(visitor: web.Visitor, form: web.Form, refused: Refused) -> None:
    """Say who holds the request; the same button then decides all the same."""
    form.notice = f"{assignments.sentence(visitor, refused)} {NOT_DECIDED}"
    form.values["despite_holder"] = "true"


@BLUEPRINT.post("/desk/<member:member>/<year:year>/undo")
def undo(member: str, year: int) -> ResponseReturnValue:
    """Undo the decision that the form names; then its review, on the desk as before."""
    visitor = web.session.officer(Role.MANAGER)
    form = web.forms.posted()
    content = {"member": member, "year": year, "decision": form.text("decision"), **web.rpc.form_command()}
    try:
        visitor.call(base.parse(commands.UndoDecision, content))
    except Refused as refused:
        if refused.reason not in {Reason.UNDO_OVER, Reason.BAD_INPUT}:
            raise
        web.forms.put_refusal(form, Refused(Reason.UNDO_OVER))
        return review_page.page(visitor, member, year, form)
    flask.flash(
        f"تصمیم دربارهٔ درخواست عضو {persian.digits_to_persian(member)} واگردانده شد؛ درخواست دوباره در کارتابل است."
    )
    here = web.url_arguments.list_arguments()
    return flask.redirect(flask.url_for("desk.renewal", member=member, year=year, **here), 303)


def command(decision: str, member: str, year: int, form: web.Form) -> base.Command[answers.Renewal]:
    """The decision as a command; `Refused(BAD_INPUT)` where the reason is too short, or a waiver wrong."""
    content: dict[str, object] = {"member": member, "year": year, **web.rpc.form_command()}
    content |= {"despite_holder": True} if form.value("despite_holder") else {}
    if decision == "approve":
        content |= waivers.content(form)
        return base.parse(commands.ApproveRenewal, content | {"declaration_version": form.text("declaration_version")})
    reason = form.paragraphs("reason")
    if decision == "reject":
        return base.parse(commands.RejectRenewal, content | {"reason": reason})
    fields = [
        {"field": field, "fault": form.text(f"fault-{field}"), "note": form.paragraphs(f"note-{field}")}
        for field in returned_fields(form)
    ]
    content |= {"reason": reason} if reason or not fields else {}
    return base.parse(commands.ReturnRenewal, content | {"fields": fields})


def returned_fields(form: web.Form) -> list[DeclarationField]:
    """The fields that are ticked, or have words."""
    return [field for field in DeclarationField if form.value(f"field-{field}") or form.text(f"note-{field}")]


def error_text(decision: str, form: web.Form, name: str, code: str) -> tuple[str, str]:
    """The field of an error in a decision, and the sentence at it."""
    if decision == "approve":
        return waivers.error_text(form, name, code)
    if name.startswith("fields."):
        _, index, part = name.split(".")
        field = returned_fields(form)[int(index)]
        sentence = translations.field_error(code)
        return f"{'fault' if part == 'fault' else 'note'}-{field}", f"{review_changes.label(field)}: {sentence}"
    return f"{decision}-{name}", translations.form_error(REASON_SENTENCES, name, code)


def reasons_page(visitor: web.Visitor, member: str, year: int, decision: str, form: web.Form) -> ResponseReturnValue:
    """The page for a return by field, or for a rejection; the review where nothing is to be decided."""
    _, found = review_page.renewal_of(visitor, member, year)
    if found.status != "submitted" or not found.declarations:
        return review_page.page(visitor, member, year, form)
    latest = found.declarations[-1].form
    returned = set(returned_fields(form))
    return web.forms.render(
        f"review/{decision}.html",
        form,
        renewal=found,
        card=web.queries.member_card(visitor, member),
        rows=sorted(review_changes.answers_of(latest), key=lambda row: row[0] not in returned),
        returned=returned,
        faults=translations.group("field_fault"),
        first_fault=FieldFault.WRONG.value,
        hours=web.rpc.if_known(lambda: visitor.call(queries.GetOfficeHours(province=found.province))),
    )
