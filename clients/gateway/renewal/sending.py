"""The check of a self-declaration before it is sent, sending it, and reading what was sent."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.declaration import day_boxes, declaration_form, job_rows, summary, topics, unproved
from clients.gateway.renewal import declare, filling
from clients.gateway.renewal.filling import Filling
from shared.contract.capacity.answers import JobUnits
from shared.contract.payment.answers import FeeEstimate
from shared.contract.refusals import Refused
from shared.contract.renewal import commands
from shared.contract.renewal.answers import MemberRenewal
from shared.contract.renewal.declaration import Declaration

BLUEPRINT = flask.Blueprint("sending", __name__)


@BLUEPRINT.get("/member/declaration/check")
def check() -> ResponseReturnValue:
    """The whole declaration, or the topic that is still missing or wrong."""
    found, filled = filling.of_visitor()
    if filled is None:
        return declare.redirect_to_request(found)
    if unanswered := filled.first_unanswered():
        return declare.redirect_to_topic(unanswered)
    declared = declaration_form.parse(filled.form, truth_ack=True)
    return check_page(filled, declared) if declared else wrong_topic_page(filled)


@BLUEPRINT.post("/member/declaration/send")
def send() -> ResponseReturnValue:
    """Send what was checked, which the check's form has in full."""
    found, filled = filling.of_visitor()
    if filled is None:
        return declare.redirect_to_request(found)
    form = web.forms.posted()
    day_boxes.compose(form)
    job_rows.require_few(form)
    filled = Filling(filled.visitor, found, form, filled.last)
    declared = declaration_form.parse(form, truth_ack=True)
    if declared is None:
        return wrong_topic_page(filled)
    if form.value("truth_ack") != "true":
        form.errors["truth_ack"] = "برای ارسال، درستی اظهارات را تأیید کنید."
        return check_page(filled, declared)
    try:
        filled.visitor.call(
            commands.SubmitDeclaration(
                member=filled.visitor.name, year=found.year, form=declared, **web.rpc.form_command()
            )
        )
    except Refused as refused:
        if refused.reason in declare.NOTHING_TO_SUBMIT:
            return flask.redirect(flask.url_for("declare.declaration"), 303)
        web.forms.put_refusal(form, refused, declaration_form.error_text, within="form.")
        return wrong_topic_page(filled) if form.errors else check_page(filled, declared)
    # The fragment names the submitted form for the page's script: Back must not show it as if it could be sent again.
    return flask.redirect(flask.url_for("request.renewal", _anchor=f"sent-{form.command_id}"), 303)


@BLUEPRINT.get("/member/declaration/sent")
def sent() -> ResponseReturnValue:
    """The last submitted version."""
    found, _ = filling.of_visitor()
    if found.renewal is None or not found.renewal.declarations:
        return declare.redirect_to_request(found)
    on_file = found.renewal.declarations[-1]
    units = job_units(web.session.member(), found, on_file.form)
    return flask.render_template(
        "renewal/sent.html",
        renewal=found.renewal,
        on_file=on_file,
        sections=summary.sections(on_file.form),
        jobs=summary.jobs(on_file.form, units=units.units if units else ()),
        units=units,
        unproved=unproved.of_declaration(web.session.member(), on_file.form),
    )


def wrong_topic_page(filled: Filling) -> ResponseReturnValue:
    """The page of the first topic with an error, with the errors of that topic."""
    first = min((topics.of_field(name) for name in filled.form.errors), key=topics.TOPICS.index)
    topic = filled.topic(first.slug) or filled.topics[0]
    shown = {name: said for name, said in filled.form.errors.items() if topic.has(name) and filled.is_open(name)}
    filled.form.errors = shown
    if not filled.form.errors:
        filled.form.notice = "پاسخی که بسته است درست نیست. با سازمان تماس بگیرید."
    return declare.form_page(filled, topic)


def check_page(filled: Filling, declared: Declaration) -> ResponseReturnValue:
    """The whole declaration, of a correction what it changes, with the capacity that it uses and the amount to be expected."""
    units = job_units(filled.visitor, filled.found, declared)
    problems = units.problems if units else {}
    before = filled.found.last_declaration if filled.open_fields else None
    return web.forms.render(
        "renewal/check.html",
        filled.form,
        year=filled.found.year,
        returned=filled.returned,
        is_correction=before is not None,
        sections=summary.sections(declared, before),
        jobs=summary.jobs(declared, before, units.units if units else (), problems),
        gone=summary.removed_jobs(declared, before),
        filled_topics=filled.topics,
        open_topics={topic.slug for topic in filled.topics},
        units=units,
        fee=expected_fee(filled),
        kept=declaration_form.known_fields(filled.form),
    )


def expected_fee(filled: Filling) -> FeeEstimate | None:
    """The amount to be expected; None where it is not known now."""
    card = filled.card()
    return web.queries.fee_estimate(filled.visitor, card, filled.found) if card else None


def job_units(visitor: web.Visitor, found: MemberRenewal, declared: Declaration) -> JobUnits | None:
    """The capacity of the year that the declaration uses; None while capacity does not answer."""
    jobs = tuple(job.job for job in declared.jobs)
    return web.queries.job_units(visitor, visitor.name, found.year, declared.employment, jobs)
