"""The manager's desk (کارتابل): the list of renewals, the review of one, and the three decisions."""

from collections.abc import Callable

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.declaration import summary
from clients.gateway.review import review_notes, waivers
from shared import translations
from shared.contract import base
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal import commands
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("desk", __name__)
REASON_SENTENCES = {"reason": translations.group("refusal")[Reason.REASON_NEEDED]}
FIRST_PAGES = {
    Role.FINANCE: "payments.payments",
    Role.TREASURY: "daily_reconciliation.day",
    Role.ADMIN: "officers.page",
    Role.AUDITOR: "reads.of_others",
}
EFFECTS = {
    "approve": "تأیید شد. صورت‌حساب صادر و پرداخت الکترونیک برای عضو باز می‌شود.",
    "waive": "تأیید و صورت‌حساب صادر شد. بخشودگی در کارهای مالی در انتظار همکار دومی است و با تأیید او از بدهی کم می‌شود.",
    "return": "خوداظهاری با ذکر دلیل برای اصلاح به عضو بازگردانده شد.",
    "reject": "درخواست با ذکر دلیل رد شد.",
}


@BLUEPRINT.get("/desk")
def page() -> ResponseReturnValue:
    """The desk of a manager; for other officers the first page that is theirs."""
    visitor = web.session.officer()
    if not visitor.has(Role.MANAGER):
        return flask.redirect(flask.url_for(first_page(visitor)), 303)
    rows = web.url_arguments.list_page(visitor)
    status = web.url_arguments.chosen(flask.request.args.get("status"), list(web.labels.RENEWAL_STATUSES))
    desk = visitor.call(base.parse(renewal_queries.ListDesk, {"status": status, **rows.limits}))
    rows.redirect_beyond_end(desk.total)
    return flask.render_template(
        "review/desk.html",
        desk=desk,
        names=web.queries.member_names(visitor, (one.member for one in desk.renewals)),
        status=status,
        now=web.rpc.now(),
        reversed_total=web.queries.reversed_payments(visitor, rows.province),
        **vars(rows),
    )


def first_page(visitor: web.Visitor) -> str:
    """The first page of an officer who is no manager."""
    for role, endpoint in FIRST_PAGES.items():
        if visitor.has(role):
            return endpoint
    raise Refused(Reason.NOT_ALLOWED)


@BLUEPRINT.get("/desk/<member:member>/<year:year>")
def renewal(member: str, year: int) -> ResponseReturnValue:
    return review_page(web.session.officer(), member, year, web.Form())


@BLUEPRINT.post("/desk/<member:member>/<year:year>/<any('approve', 'return', 'reject'):decision>")
def decide(member: str, year: int, decision: str) -> ResponseReturnValue:
    """Approve, return for correction, or reject; the last two, and a waiver with the first, with a reason that the member reads."""
    visitor = web.session.officer(Role.MANAGER)
    form = web.forms.posted()
    form.values["decision"] = decision
    try:
        visitor.call(command(decision, member, year, form))
    except Refused as refused:
        web.forms.put_refusal(
            form,
            refused,
            lambda name, code: (
                waivers.error_text(form, name, code)
                if decision == "approve"
                else (f"{decision}-{name}", translations.form_error(REASON_SENTENCES, name, code))
            ),
        )
        return review_page(visitor, member, year, form, refused)
    effect = EFFECTS["waive" if decision == "approve" and waivers.typed_years(form) else decision]
    flask.flash(f"درخواست عضو {persian.digits_to_persian(member)}: {effect}")
    return flask.redirect(flask.url_for("desk.page", **web.url_arguments.list_arguments()), 303)


def command(decision: str, member: str, year: int, form: web.Form) -> base.Command[renewal_answers.Renewal]:
    """The decision as a command; `Refused(BAD_INPUT)` where the reason is too short, or a waiver wrong."""
    content: dict[str, object] = {"member": member, "year": year, **web.rpc.form_command()}
    if decision == "approve":
        content |= waivers.content(form)
        return base.parse(commands.ApproveRenewal, content | {"declaration_version": form.text("declaration_version")})
    kind = commands.ReturnRenewal if decision == "return" else commands.RejectRenewal
    return base.parse(kind, content | {"reason": form.paragraphs("reason")})


def review_page(
    visitor: web.Visitor, member: str, year: int, form: web.Form, refused: Refused | None = None
) -> ResponseReturnValue:
    """The declaration beside the version before it and the register; after a refusal, whose decision came first."""
    card = web.queries.member_card(visitor, member)
    answer = visitor.call(renewal_queries.GetRenewal(member=member, year=year))
    found = answer.renewal
    if found is None:
        raise Refused(Reason.NOT_REQUESTED)
    web.queries.load_officer_names(visitor, (one.by for one in found.decisions))
    if refused is not None and refused.reason in review_notes.OVERTAKEN:
        seen = form.text("declaration_version")
        form.notice = review_notes.overtaken(found, int(seen) if seen.isdecimal() else None, actor_name_for(visitor))
    latest = found.declarations[-1] if found.declarations else None
    before = found.declarations[-2].form if len(found.declarations) > 1 else None
    units = web.queries.job_units(visitor, member, year, found.employment, found.jobs)
    may_decide = found.status == "submitted" and visitor.has(Role.MANAGER)
    problems = units.problems if units else {}
    fee = web.queries.fee_estimate(visitor, card, answer) if card and may_decide else None
    today = web.rpc.now().astimezone(persian.TEHRAN).date()
    return web.forms.render(
        "review/review.html",
        form,
        renewal=found,
        card=card,
        latest=latest,
        has_before=before is not None,
        sections=summary.sections(latest.form, before) if latest else (),
        jobs=summary.jobs(latest.form, before, units.units if units else (), problems) if latest else (),
        gone=summary.removed_jobs(latest.form, before) if latest else (),
        units=units,
        warnings=review_notes.warnings(found, latest.form, card, units, today) if latest else [],
        covers=web.sentences.uncharged_years(fee),
        waivable=waivers.years(fee, year),
        typed_waivers=waivers.typed_years(form),
        may_decide=may_decide,
        now=web.rpc.now(),
    )


def actor_name_for(visitor: web.Visitor) -> Callable[[str], str | None]:
    """Names an actor for an officer; None where it is this officer."""
    return lambda actor: None if actor == visitor.passport.actor else web.queries.actor_name(actor)
