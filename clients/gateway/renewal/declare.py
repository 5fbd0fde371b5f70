"""The self-declaration: the form, its rows of jobs, the check before it is sent, and what was sent."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.declaration import declaration_form, job_rows, summary
from clients.gateway.web import forms, rpc, session
from clients.gateway.web.forms import Form
from clients.gateway.web.session import Visitor
from shared.contract import base
from shared.contract.auth import queries as auth_queries
from shared.contract.auth.answers import MemberCard
from shared.contract.base import Done
from shared.contract.capacity import queries as capacity_queries
from shared.contract.capacity.answers import JobUnits
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands
from shared.contract.renewal import queries as renewal_queries
from shared.contract.renewal.answers import MemberRenewal
from shared.contract.renewal.declaration import Declaration

BLUEPRINT = flask.Blueprint("declaring", __name__)
OPEN = {"requested", "returned"}
"""Statuses in which a declaration can be sent."""
OVERTAKEN = {Reason.ALREADY_SUBMITTED, Reason.ALREADY_DECIDED, Reason.NOT_REQUESTED}
"""Refusals after which nothing is left to send."""


@BLUEPRINT.get("/member/declaration")
def declaration() -> ResponseReturnValue:
    visitor = session.member()
    found = visitor.ask(renewal_queries.GetRenewal(member=visitor.name))
    if not is_open(found):
        return elsewhere(found)
    if found.draft is not None:
        return form_page(visitor, found, declaration_form.of_draft(found.draft))
    return form_page(visitor, found, declaration_form.filled(found.last_declaration, card_of(visitor)))


@BLUEPRINT.post("/member/declaration")
def declaration_posted() -> ResponseReturnValue:
    """Add or remove a row, come back from the check, or go on to it; whatever it is, what was typed is kept."""
    visitor = session.member()
    found = visitor.ask(renewal_queries.GetRenewal(member=visitor.name))
    if not is_open(found):
        return elsewhere(found)
    form = forms.posted()
    job_rows.must_be_few(form)
    action, _, row = flask.request.form.get("action", "check").partition(".")
    if action == "keep":
        return go_on_later(visitor, found, form)
    new_row = job_rows.add(form, suggested(card_of(visitor))) if action == "add-job" else None
    if action == "remove-job" and row.isdecimal():
        job_rows.remove(form, int(row))
    rpc.if_known(lambda: keep(visitor, found, form))
    if action != "check":
        return form_page(visitor, found, form, new_row)
    job_rows.drop_blank(form)
    declared = declaration_form.read(form, truth_ack=True)
    return check_page(visitor, found, form, declared) if declared else form_page(visitor, found, form)


@BLUEPRINT.post("/member/declaration/send")
def send() -> ResponseReturnValue:
    visitor = session.member()
    found = visitor.ask(renewal_queries.GetRenewal(member=visitor.name))
    form = forms.posted()
    job_rows.must_be_few(form)
    declared = declaration_form.read(form, truth_ack=True)
    if declared is None:
        return form_page(visitor, found, form)
    if form.value("truth_ack") != "true":
        form.errors["truth_ack"] = "برای ارسال، درستی اظهارات را تأیید کنید."
        return check_page(visitor, found, form, declared)
    year = found.renewal.year if found.renewal else found.current_year
    try:
        visitor.ask(commands.SubmitDeclaration(member=visitor.name, year=year, form=declared, **rpc.once()))
    except Refused as refused:
        if refused.reason in OVERTAKEN:
            return elsewhere(visitor.ask(renewal_queries.GetRenewal(member=visitor.name)))
        forms.take(form, refused, declaration_form.say, within="form.")
        return form_page(visitor, found, form) if form.errors else check_page(visitor, found, form, declared)
    # The fragment tells the page's script which form was sent: Back must not show it as if it could be sent again.
    return flask.redirect(flask.url_for("renewing.renewal", _anchor=f"sent-{form.command_id}"), 303)


@BLUEPRINT.get("/member/declaration/sent")
def sent() -> ResponseReturnValue:
    """The last version that was sent, as it was sent."""
    visitor = session.member()
    found = visitor.ask(renewal_queries.GetRenewal(member=visitor.name))
    if found.renewal is None or not found.renewal.declarations:
        return elsewhere(found)
    on_file = found.renewal.declarations[-1]
    units = count(visitor, found, on_file.form)
    return flask.render_template(
        "renewal/sent.html",
        renewal=found.renewal,
        on_file=on_file,
        sections=summary.sections(on_file.form),
        jobs=summary.jobs(on_file.form, units=units.units if units else ()),
        units=units,
    )


def go_on_later(visitor: Visitor, found: MemberRenewal, form: Form) -> ResponseReturnValue:
    try:
        keep(visitor, found, form)
    except Refused as refused:
        forms.take(form, refused)
        return form_page(visitor, found, form)
    flask.flash("آنچه نوشته‌اید ذخیره شد و هر وقت بخواهید ادامه می‌دهید. هنوز چیزی ارسال نشده است.")
    return flask.redirect(flask.url_for("member.home"), 303)


def keep(visitor: Visitor, found: MemberRenewal, form: Form) -> Done:
    """Keep what was typed, right or wrong, until it is sent."""
    year = found.renewal.year if found.renewal else found.current_year
    content = {"member": visitor.name, "year": year, "fields": declaration_form.typed(form), **rpc.fresh()}
    return visitor.ask(base.parse(commands.KeepDraft, content))


def is_open(found: MemberRenewal) -> bool:
    return found.renewal is not None and found.renewal.status in OPEN


def elsewhere(found: MemberRenewal) -> ResponseReturnValue:
    """Where there is nothing to declare: the request's page, which says what became of it."""
    if found.renewal is not None and found.renewal.status == "submitted":
        flask.flash("خوداظهاری شما پیش‌تر ارسال شده است.")
    return flask.redirect(flask.url_for("renewing.renewal"), 303)


def card_of(visitor: Visitor) -> MemberCard | None:
    return rpc.if_known(lambda: visitor.ask(auth_queries.GetMember(member=visitor.name)))


def suggested(card: MemberCard | None) -> dict[str, str]:
    """What a new row of the table most likely says."""
    fields = card.licence.fields if card else ()
    own = {"province": card.province} if card else {}
    return own | ({"field": fields[0].value} if len(fields) == 1 else {})


def count(visitor: Visitor, found: MemberRenewal, declared: Declaration) -> JobUnits | None:
    """What the declaration uses of the year's capacity; None while capacity does not answer."""
    year = found.renewal.year if found.renewal else found.current_year
    jobs = tuple(job.job for job in declared.jobs)
    question = capacity_queries.CountJobUnits(member=visitor.name, year=year, employment=declared.employment, jobs=jobs)
    # what was declared before there were bounds may lie beyond them
    return rpc.if_known(lambda: visitor.ask(question), Reason.BAD_INPUT)


def form_page(visitor: Visitor, found: MemberRenewal, form: Form, new_row: int | None = None) -> ResponseReturnValue:
    decisions = found.renewal.decisions if found.renewal else ()
    return forms.page(
        "renewal/declaration.html",
        form,
        year=found.renewal.year if found.renewal else found.current_year,
        card=card_of(visitor),
        returned=next((one for one in reversed(decisions) if one.outcome == "returned"), None),
        rows=job_rows.numbers(form),
        new_row=new_row,
        is_prefilled=found.last_declaration is not None,
        draft=found.draft if flask.request.method == "GET" else None,
    )


def check_page(visitor: Visitor, found: MemberRenewal, form: Form, declared: Declaration) -> ResponseReturnValue:
    """Everything once more before it is sent, with what it will use of the capacity."""
    units = count(visitor, found, declared)
    problems = units.problems if units else {}
    return forms.page(
        "renewal/check.html",
        form,
        year=found.renewal.year if found.renewal else found.current_year,
        sections=summary.sections(declared),
        jobs=summary.jobs(declared, units=units.units if units else (), problems=problems),
        units=units,
        general_problems=[code for place, code in problems.items() if not place.startswith("jobs.")],
        kept={name: text for name, text in form.values.items() if name != "truth_ack"},
    )
