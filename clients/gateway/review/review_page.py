"""The review of one request: amount, capacity, warnings and changes on the first screen, the declaration below it."""

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.casework import sent_notices, timeline
from clients.gateway.declaration import summary
from clients.gateway.review import review_changes, review_notes, undoing, waivers
from shared.contract.auth.answers import MemberCard
from shared.contract.payment.answers import FeeEstimate
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, queries
from shared.contract.renewal.answers import MemberRenewal, Renewal
from shared.contract.values import Role
from shared.text import persian


def page(
    visitor: web.Visitor, member: str, year: int, form: web.Form, refused: Refused | None = None
) -> ResponseReturnValue:
    """The declaration beside the version before it and the register; after a refusal, whose decision came first."""
    card = web.queries.member_card(visitor, member)
    answer, found = opened(visitor, member, year)
    holder = (found.assignment.officer,) if found.assignment else ()
    web.queries.load_officer_names(visitor, (*(one.by for one in found.decisions), *holder))
    if refused is not None and refused.reason in review_notes.OVERTAKEN:
        seen = form.text("declaration_version")
        form.notice = review_notes.overtaken(found, int(seen) if seen.isdecimal() else None, actor_name_for(visitor))
    may_decide = found.status == "submitted" and visitor.has(Role.MANAGER)
    fee = web.queries.fee_estimate(visitor, card, answer) if card and may_decide else None
    return web.forms.render(
        "review/review.html",
        form,
        renewal=found,
        card=card,
        **of_declaration(visitor, answer, found, card),
        fee=fee,
        fee_rows=fee_rows(fee, year),
        covers=web.sentences.uncharged_years(fee),
        waivable=waivers.years(fee, year),
        typed_waivers=waivers.typed_years(form),
        may_decide=may_decide,
        just_decided=undoing.just_decided(),
        undoable=undoing.of_review(found, visitor),
        timeline=timeline.lines(visitor, found) if visitor.has(Role.MANAGER) else None,
        notices=sent_notices.of_member(visitor, member, year) if visitor.has(Role.MANAGER) else None,
        empty_form=web.Form(),
        label_of=review_changes.label,
        row=int(web.url_arguments.list_arguments().get("row", -1)),
        now=web.rpc.now(),
    )


def opened(visitor: web.Visitor, member: str, year: int) -> tuple[MemberRenewal, Renewal]:
    """The member's renewal, on record as opened where it waits for a manager; as it is then, where the member was quicker."""
    answer, found = renewal_of(visitor, member, year)
    if (
        found.status != "submitted"
        or found.opened_at is not None
        or not found.declarations
        or not visitor.has(Role.MANAGER)
    ):
        return answer, found
    version = found.declarations[-1].version
    try:
        visitor.call(
            commands.OpenReview(member=member, year=year, declaration_version=version, **web.rpc.new_command())
        )
    except Refused:
        return renewal_of(visitor, member, year)
    return answer, found


def renewal_of(visitor: web.Visitor, member: str, year: int) -> tuple[MemberRenewal, Renewal]:
    """The member's renewal of a year; refused where there is none."""
    answer = visitor.call(queries.GetRenewal(member=member, year=year))
    if answer.renewal is None:
        raise Refused(Reason.NOT_REQUESTED)
    return answer, answer.renewal


def of_declaration(
    visitor: web.Visitor, answer: MemberRenewal, found: Renewal, card: MemberCard | None
) -> dict[str, object]:
    """The newest declaration with its changes, capacity and warnings."""
    units = web.queries.job_units(visitor, found.member, found.year, found.employment, found.jobs)
    latest = found.declarations[-1] if found.declarations else None
    if latest is None:
        return {"latest": None, "units": units, "jobs": ()}
    basis, before = review_changes.basis(answer)
    today = persian.day_of(web.rpc.now())
    sections, blanks = review_changes.without_blanks(summary.sections(latest.form, before))
    problems = units.problems if units else {}
    return {
        "latest": latest,
        "units": units,
        "basis": basis if before else "",
        "changes": review_changes.changes(latest.form, before, review_changes.notes(found)),
        "warnings": review_notes.warnings(found, latest.form, card, units, today),
        "sections": sections,
        "blanks": blanks,
        "jobs": summary.jobs(latest.form, before, units.units if units else (), problems),
        "gone": summary.removed_jobs(latest.form, before),
    }


def fee_rows(fee: FeeEstimate | None, year: int) -> list[tuple[str, int, bool]]:
    """What an approval charges, line by line: the text, the rials, and whether it is a debt of an earlier year."""
    if fee is None:
        return []
    rows = [(web.sentences.invoice_line(line), line.amount_rials, line.year < year) for line in fee.lines]
    if fee.entrance_rials:
        rows.append(("ورودیهٔ عضویت", fee.entrance_rials, False))
    if fee.credit_rials:
        rows.append(("از بستانکاری عضو", -fee.credit_rials, False))
    return rows


def actor_name_for(visitor: web.Visitor) -> Callable[[str], str | None]:
    """Names an actor for an officer; None where it is this officer."""
    return lambda actor: None if actor == visitor.passport.actor else web.queries.actor_name(actor)
