"""The self-declaration: its form with rows of jobs, its draft, the check before it is submitted, and what was submitted."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.declaration import declaration_form, job_rows, summary
from shared.contract import base
from shared.contract.auth.answers import MemberCard
from shared.contract.base import Done
from shared.contract.capacity.answers import JobUnits
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, queries
from shared.contract.renewal.answers import MemberRenewal
from shared.contract.renewal.declaration import Declaration

BLUEPRINT = flask.Blueprint("declare", __name__)
OPEN = {"requested", "returned"}
"""Statuses in which a declaration can be sent."""
NOTHING_TO_SUBMIT = {Reason.ALREADY_SUBMITTED, Reason.ALREADY_DECIDED, Reason.NOT_REQUESTED}
"""Refusals after which there is nothing to submit."""


@BLUEPRINT.get("/member/declaration")
def declaration() -> ResponseReturnValue:
    visitor = web.session.member()
    found = visitor.call(queries.GetRenewal(member=visitor.name))
    if not is_open(found):
        return redirect_to_request(found)
    if found.draft is not None:
        return form_page(visitor, found, web.Form(dict(found.draft.fields)))
    card = web.queries.member_card(visitor)
    return form_page(visitor, found, declaration_form.filled(found.last_declaration, card), card)


@BLUEPRINT.post("/member/declaration")
def submit_form() -> ResponseReturnValue:
    """Add or remove a row, return from the check, or go on to it; in each case the draft is saved."""
    visitor = web.session.member()
    found = visitor.call(queries.GetRenewal(member=visitor.name))
    if not is_open(found):
        return redirect_to_request(found)
    form = web.forms.posted()
    job_rows.require_few(form)
    action, _, row = flask.request.form.get("action", "check").partition(".")
    if action == "keep":
        return save_for_later(visitor, found, form)
    card = web.queries.member_card(visitor) if action == "add-job" else None
    new_row = job_rows.add(form, suggested(card)) if action == "add-job" else None
    if action == "remove-job" and row.isdecimal():
        job_rows.remove(form, int(row))
    web.rpc.if_known(
        lambda: save_draft(visitor, found, form), Reason.BAD_INPUT
    )  # too long: the page's own check says where
    if action != "check":
        return form_page(visitor, found, form, card, new_row)
    job_rows.drop_blank(form)
    declared = declaration_form.parse(form, truth_ack=True)
    return check_page(visitor, found, form, declared) if declared else form_page(visitor, found, form)


@BLUEPRINT.post("/member/declaration/send")
def send() -> ResponseReturnValue:
    visitor = web.session.member()
    found = visitor.call(queries.GetRenewal(member=visitor.name))
    form = web.forms.posted()
    job_rows.require_few(form)
    declared = declaration_form.parse(form, truth_ack=True)
    if declared is None:
        return form_page(visitor, found, form)
    if form.value("truth_ack") != "true":
        form.errors["truth_ack"] = "برای ارسال، درستی اظهارات را تأیید کنید."
        return check_page(visitor, found, form, declared)
    try:
        visitor.call(
            commands.SubmitDeclaration(member=visitor.name, year=found.year, form=declared, **web.rpc.form_command())
        )
    except Refused as refused:
        if refused.reason in NOTHING_TO_SUBMIT:
            return redirect_to_request(visitor.call(queries.GetRenewal(member=visitor.name)))
        web.forms.put_refusal(form, refused, declaration_form.error_text, within="form.")
        return form_page(visitor, found, form) if form.errors else check_page(visitor, found, form, declared)
    # The fragment names the submitted form for the page's script: Back must not show it as if it could be sent again.
    return flask.redirect(flask.url_for("request.renewal", _anchor=f"sent-{form.command_id}"), 303)


@BLUEPRINT.get("/member/declaration/sent")
def sent() -> ResponseReturnValue:
    """The last submitted version."""
    visitor = web.session.member()
    found = visitor.call(queries.GetRenewal(member=visitor.name))
    if found.renewal is None or not found.renewal.declarations:
        return redirect_to_request(found)
    on_file = found.renewal.declarations[-1]
    units = job_units(visitor, found, on_file.form)
    return flask.render_template(
        "renewal/sent.html",
        renewal=found.renewal,
        on_file=on_file,
        sections=summary.sections(on_file.form),
        jobs=summary.jobs(on_file.form, units=units.units if units else ()),
        units=units,
    )


def save_for_later(visitor: web.Visitor, found: MemberRenewal, form: web.Form) -> ResponseReturnValue:
    try:
        save_draft(visitor, found, form)
    except Refused as refused:
        web.forms.put_refusal(form, refused)
        return form_page(visitor, found, form)
    flask.flash("آنچه نوشته‌اید ذخیره شد و هر وقت بخواهید ادامه می‌دهید. هنوز چیزی ارسال نشده است.")
    return flask.redirect(flask.url_for("home.page"), 303)


def save_draft(visitor: web.Visitor, found: MemberRenewal, form: web.Form) -> Done:
    """Save what was typed as a draft, right or wrong, until it is submitted."""
    content = {
        "member": visitor.name,
        "year": found.year,
        "fields": declaration_form.draft_fields(form),
        **web.rpc.new_command(),
    }
    return visitor.call(base.parse(commands.SaveDraft, content))


def is_open(found: MemberRenewal) -> bool:
    return found.renewal is not None and found.renewal.status in OPEN


def redirect_to_request(found: MemberRenewal) -> ResponseReturnValue:
    """Redirect to the request's page where there is nothing to declare."""
    if found.renewal is not None and found.renewal.status == "submitted":
        flask.flash("خوداظهاری شما پیش‌تر ارسال شده است.")
    return flask.redirect(flask.url_for("request.renewal"), 303)


def suggested(card: MemberCard | None) -> dict[str, str]:
    """Suggested answers of a new row."""
    fields = card.licence.fields if card else ()
    own = {"province": card.province} if card else {}
    return own | ({"field": fields[0].value} if len(fields) == 1 else {})


def job_units(visitor: web.Visitor, found: MemberRenewal, declared: Declaration) -> JobUnits | None:
    """The capacity of the year that the declaration uses; None while capacity does not answer."""
    jobs = tuple(job.job for job in declared.jobs)
    return web.queries.job_units(visitor, visitor.name, found.year, declared.employment, jobs)


def form_page(
    visitor: web.Visitor,
    found: MemberRenewal,
    form: web.Form,
    card: MemberCard | None = None,
    new_row: int | None = None,
) -> ResponseReturnValue:
    decisions = found.renewal.decisions if found.renewal else ()
    return web.forms.render(
        "renewal/declaration.html",
        form,
        year=found.year,
        card=card or web.queries.member_card(visitor),
        returned=next((one for one in reversed(decisions) if one.outcome == "returned"), None),
        names=declaration_form.LABELS,
        job_names=declaration_form.JOB_LABELS,
        rows=job_rows.numbers(form),
        new_row=new_row,
        is_prefilled=found.last_declaration is not None,
        draft=found.draft if flask.request.method == "GET" else None,
    )


def check_page(
    visitor: web.Visitor, found: MemberRenewal, form: web.Form, declared: Declaration
) -> ResponseReturnValue:
    """The whole declaration before it is submitted, with the capacity that it will use."""
    units = job_units(visitor, found, declared)
    problems = units.problems if units else {}
    return web.forms.render(
        "renewal/check.html",
        form,
        year=found.year,
        sections=summary.sections(declared),
        jobs=summary.jobs(declared, units=units.units if units else (), problems=problems),
        units=units,
        general_problems=[code for field_path, code in problems.items() if not field_path.startswith("jobs.")],
        kept={name: text for name, text in form.values.items() if name != "truth_ack"},
    )
