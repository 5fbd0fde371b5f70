"""The pages of the self-declaration, one topic each: typed answers are saved as a draft at every step, right or wrong."""

import flask
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from clients.gateway import web
from clients.gateway.declaration import day_boxes, declaration_form, inputs, job_rows, summary, topics
from clients.gateway.declaration.topics import Topic
from clients.gateway.renewal import filling, other_page
from clients.gateway.renewal.filling import Filling
from shared.contract.auth.answers import MemberCard
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal.answers import MemberRenewal
from shared.contract.values import JOBS_MAX

BLUEPRINT = flask.Blueprint("declare", __name__)
BLUEPRINT.add_app_template_filter(day_boxes.shown, "day_box")
NOTHING_TO_SUBMIT = {Reason.ALREADY_SUBMITTED, Reason.ALREADY_DECIDED, Reason.NOT_REQUESTED}
"""Refusals after which there is nothing to submit."""
CHECK = "check"
"""Where a page was opened from that goes back there."""


@BLUEPRINT.get("/member/declaration")
def declaration() -> ResponseReturnValue:
    """Go to the first topic without an answer, or else to the check."""
    found, filled = filling.of_visitor()
    if filled is None:
        return redirect_to_request(found)
    unanswered = filled.first_unanswered()
    return redirect_to_topic(unanswered)


@BLUEPRINT.get(f"/member/declaration/<any({topics.SLUGS}):slug>")
def topic_page(slug: str) -> ResponseReturnValue:
    """A topic's question, or first whether its last answers still hold."""
    found, filled = filling.of_visitor()
    if filled is None:
        return redirect_to_request(found)
    topic = filled.topic(slug)
    if topic is None:
        return flask.redirect(flask.url_for("declare.declaration"), 303)
    if "change" not in flask.request.args and not is_from_check() and filled.can_stay(topic):
        return last_answers_page(filled, topic)
    return form_page(filled, topic)


@BLUEPRINT.post(f"/member/declaration/<any({topics.SLUGS}):slug>")
def take_answers(slug: str) -> ResponseReturnValue:
    """Save what was typed on a topic's page, and do what its button says."""
    found, filled = filling.of_visitor()
    topic = filled.topic(slug) if filled else None
    if filled is None or topic is None:
        return redirect_to_request(found)
    typed = web.forms.posted()
    job_rows.require_few(typed)
    filled.form.command_id = typed.command_id
    action, _, row = flask.request.form.get("action", "next").partition(".")
    saved = web.Form(dict(filled.form.values))
    if action != "unchanged":
        filled.take(topic, typed)
        if other_page.is_overtaken(topic, saved, filled.form, typed.text(other_page.SEEN)):
            return overtaken_page(filled, topic, saved, is_by_script=action == "save")
    if action in {"save", "keep"}:
        return save_draft(filled, topic, is_by_script=action == "save")
    if action in {"add-job", "remove-job", "count"} and topics.JOBS in topic.fields:
        return change_rows(filled, topic, action, row)
    return go_on(filled, topic)


def go_on(filled: Filling, topic: Topic) -> ResponseReturnValue:
    """Go to the next topic, unless something is wrong on this one: then all of it is said at once."""
    filled.find_wrong(topic)
    if filled.form.is_wrong:
        # too long: the page itself says where
        done = web.rpc.if_known(lambda: filled.save(topic), Reason.BAD_INPUT)
        return form_page(filled, topic, is_saved=done is not None)
    filled.mark_answered(topic)
    try:
        filled.save(topic)
    except Refused as refused:
        if refused.reason in NOTHING_TO_SUBMIT:
            return flask.redirect(flask.url_for("declare.declaration"), 303)
        web.forms.put_refusal(filled.form, refused)
        return form_page(filled, topic, is_saved=False)
    return redirect_to_topic(None if is_from_check() else filled.after(topic))


def save_draft(filled: Filling, topic: Topic, *, is_by_script: bool) -> ResponseReturnValue:
    """Save the draft for a script, which is told when, or for a member who goes on later."""
    try:
        filled.save(topic)
    except Refused as refused:
        if is_by_script:
            raise
        web.forms.put_refusal(filled.form, refused)
        return form_page(filled, topic, is_saved=False)
    if is_by_script:
        counted = filling.count(filled) if topics.JOBS in topic.fields else None
        seen = other_page.digest(topic, filled.form)
        return flask.render_template(
            "renewal/saved.html", at=web.rpc.now(), counted=counted, year=filled.found.year, seen=seen
        )
    return web.forms.done(
        "آنچه نوشته‌اید ذخیره شد و هر وقت بخواهید ادامه می‌دهید. هنوز چیزی ارسال نشده است.", "home.page"
    )


def change_rows(filled: Filling, topic: Topic, action: str, row: str) -> ResponseReturnValue:
    """Add or remove a row of jobs, or only count them."""
    card = filled.card() if action == "add-job" else None
    new_row = job_rows.add(filled.form, suggested(card)) if action == "add-job" else None
    if action == "remove-job" and row.isdecimal():
        job_rows.remove(filled.form, int(row))
    done = web.rpc.if_known(lambda: filled.save(topic), Reason.BAD_INPUT)
    return form_page(filled, topic, new_row, is_saved=done is not None)


def overtaken_page(filled: Filling, topic: Topic, saved: web.Form, *, is_by_script: bool) -> ResponseReturnValue:
    """What was typed, beside what another page has saved meanwhile: nothing is saved until the member has seen both."""
    if is_by_script:
        return flask.render_template("renewal/saved.html", at=None)
    filled.form.notice = other_page.NOTICE
    return form_page(filled, topic, saved=saved)


def suggested(card: MemberCard | None) -> dict[str, str]:
    """Suggested answers of a new row."""
    fields = card.licence.fields if card else ()
    own = {"province": card.province} if card else {}
    return own | ({"field": fields[0].value} if len(fields) == 1 else {})


def last_answers_page(filled: Filling, topic: Topic) -> ResponseReturnValue:
    """The last answers of a topic, to be left as they are or changed."""
    last = filled.found.last_declaration
    assert last is not None  # noqa: S101 - asked before
    return flask.render_template(
        "renewal/last_answers.html",
        filled=filled,
        topic=topic,
        rows=summary.rows(topic.fields, last),
        jobs=summary.jobs(last) if topics.JOBS in topic.fields else None,
    )


def form_page(
    filled: Filling,
    topic: Topic,
    new_row: int | None = None,
    *,
    is_saved: bool = True,
    saved: web.Form | None = None,
) -> ResponseReturnValue:
    """The page of a topic: inputs of the fields that are open, and the others to be read.

    `saved` are the answers of another page, where they are to be shown beside.
    """
    seen = other_page.digest(topic, saved or filled.form)
    last, is_jobs = filled.found.last_declaration, topics.JOBS in topic.fields
    day_boxes.place_errors(filled.form)
    closed = [name for name in topic.fields if not filled.is_open(name)]
    return web.forms.render(
        "renewal/topic.html",
        filled.form,
        filled=filled,
        topic=topic,
        is_from_check=is_from_check(),
        card=filled.card() if topic.slug == "education" else None,
        fields_open=[name for name in topic.fields if filled.is_open(name)],
        closed=summary.rows(closed, last) if last else (),
        inputs=inputs.INPUTS,
        names=declaration_form.LABELS,
        job_names=declaration_form.JOB_LABELS,
        rows=job_rows.numbers(filled.form),
        rows_max=JOBS_MAX,
        new_row=new_row,
        counted=filling.count(filled) if is_jobs else None,
        year=filled.found.year,
        draft=filled.found.draft,
        seen=seen if is_saved else flask.request.form.get(other_page.SEEN, "")[: other_page.DIGEST_LENGTH],
        others=other_page.differences(topic, saved, filled.form) if saved else (),
    )


def is_from_check() -> bool:
    """Whether the page was opened from the check, or in place of it."""
    return flask.request.args.get("from") == CHECK or flask.request.blueprint == "sending"


def redirect_to_topic(topic: Topic | None) -> ResponseReturnValue:
    """Redirect to a topic's page, without one to the check."""
    return flask.redirect(
        flask.url_for("declare.topic_page", slug=topic.slug) if topic else flask.url_for("sending.check"), 303
    )


def redirect_to_request(found: MemberRenewal) -> ResponseReturnValue:
    """Redirect to the request's page where there is nothing to declare."""
    renewal = found.renewal
    if renewal is not None and renewal.status == "submitted" and renewal.submitted_at is not None:
        said = Markup("خوداظهاری شما پیش‌تر، در {}، ارسال شده است.").format(web.filters.instant(renewal.submitted_at))
        flask.flash(said)
    return flask.redirect(flask.url_for("request.renewal"), 303)
