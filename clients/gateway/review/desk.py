"""The manager's desk (کارتابل): what lies on it, the review of one renewal, and the three decisions."""

from collections.abc import Callable

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.declaration import summary
from clients.gateway.member import account
from clients.gateway.renewal import request
from clients.gateway.review import review_notes
from clients.gateway.web import covered_years, forms, labels, officer_names, paging, rpc, session
from clients.gateway.web.forms import Form
from clients.gateway.web.session import Visitor
from shared.contract import base
from shared.contract.auth import queries as auth_queries
from shared.contract.capacity import answers as capacity_answers
from shared.contract.capacity import queries as capacity_queries
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import SENTENCES, Reason, Refused, own_sentence
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal import commands
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("desk", __name__)
SAID = {"reason": SENTENCES[Reason.REASON_NEEDED][0]}
EFFECTS = {
    "approve": "تأیید شد. صورت‌حساب صادر و پرداخت الکترونیک برای عضو باز می‌شود.",
    "return": "خوداظهاری با ذکر دلیل برای اصلاح به عضو بازگردانده شد.",
    "reject": "درخواست با ذکر دلیل رد شد.",
}


@BLUEPRINT.get("/desk")
def home() -> ResponseReturnValue:
    """The desk of a manager; for other officers the first page that is theirs."""
    visitor = session.officer()
    if not visitor.has(Role.MANAGER):
        to_payments = visitor.has(Role.FINANCE)
        return (
            flask.redirect(flask.url_for("confirming.payments"), 303)
            if to_payments
            else flask.render_template("design/no_desk.html")
        )
    provinces = served(visitor)
    if not provinces:
        return flask.render_template("design/no_desk.html")
    province = chosen(flask.request.args.get("province"), provinces)
    status = chosen(flask.request.args.get("status"), list(labels.RENEWAL_STATUSES))
    start = paging.start()
    desk = page_of(visitor, province, status, start)
    if (last := paging.instead(desk.total, start)) is not None:
        return last
    return flask.render_template(
        "review/desk.html",
        desk=desk,
        names=names(visitor, tuple(one.member for one in desk.renewals)),
        counts=counts(visitor, province) | {status: desk.total},
        provinces=provinces,
        province=province,
        status=status,
        start=start,
        rows_max=paging.ROWS,
        now=rpc.now(),
        reversed_total=reversed_payments(visitor, province),
    )


def reversed_payments(visitor: Visitor, province: str) -> int:
    """How many payments of a province went back and were not made anew."""
    question = payment_queries.ListPayments.model_validate({"province": province, "status": "reversed", "limit": 1})
    found = rpc.if_known(lambda: visitor.ask(question))
    return found.total if found else 0


@BLUEPRINT.get("/desk/<member:member>/<year:year>")
def renewal(member: str, year: int) -> ResponseReturnValue:
    return review_page(session.officer(), member, year, Form())


@BLUEPRINT.post("/desk/<member:member>/<year:year>/<any('approve', 'return', 'reject'):decision>")
def decide(member: str, year: int, decision: str) -> ResponseReturnValue:
    """Approve, return for correction, or reject; the last two with a reason that the member reads."""
    visitor = session.officer(Role.MANAGER)
    form = forms.posted()
    form.values["decision"] = decision
    try:
        visitor.ask(command(decision, member, year, form))
    except Refused as refused:
        forms.take(form, refused, lambda name, code: (f"{decision}-{name}", own_sentence(SAID, name, code)))
        return review_page(visitor, member, year, form, refused)
    flask.flash(f"درخواست عضو {persian.digits_to_persian(member)}: {EFFECTS[decision]}")
    return flask.redirect(flask.url_for("desk.home", **paging.place()), 303)


def command(decision: str, member: str, year: int, form: Form) -> base.Command[renewal_answers.Renewal]:
    """The decision as a command; `Refused(BAD_INPUT)` where the reason is too short."""
    content: dict[str, object] = {"member": member, "year": year, **rpc.once()}
    if decision == "approve":
        return base.parse(commands.ApproveRenewal, content | {"declaration_version": form.text("declaration_version")})
    kind = commands.ReturnRenewal if decision == "return" else commands.RejectRenewal
    return base.parse(kind, content | {"reason": form.written("reason")})


def review_page(
    visitor: Visitor, member: str, year: int, form: Form, refused: Refused | None = None
) -> ResponseReturnValue:
    """What is declared beside what was declared before and what the register says; after a refusal, who was faster."""
    card = account.card_of(visitor, member)
    asked = visitor.ask(renewal_queries.GetRenewal(member=member, year=year))
    found = asked.renewal
    if found is None:
        raise Refused(Reason.NOT_REQUESTED)
    officer_names.learn(visitor, (one.by for one in found.decisions))
    if refused is not None and refused.reason in review_notes.OVERTAKEN:
        seen = form.text("declaration_version")
        form.notice = review_notes.overtaken(found, int(seen) if seen.isdecimal() else None, named_for(visitor))
    latest = found.declarations[-1] if found.declarations else None
    before = found.declarations[-2].form if len(found.declarations) > 1 else None
    units = count(visitor, found)
    may_decide = found.status == "submitted" and visitor.has(Role.MANAGER)
    problems = units.problems if units else {}
    today = rpc.now().astimezone(persian.TEHRAN).date()
    return forms.page(
        "review/review.html",
        form,
        renewal=found,
        card=card,
        latest=latest,
        has_before=before is not None,
        sections=summary.sections(latest.form, before) if latest else (),
        jobs=summary.jobs(latest.form, before, units.units if units else (), problems) if latest else (),
        gone=summary.gone(latest.form, before) if latest else (),
        units=units,
        warnings=review_notes.warnings(found, latest.form, card, units, today) if latest else [],
        covers=covered_years.of_estimate(request.estimate(visitor, card, asked)) if card and may_decide else [],
        may_decide=may_decide,
        now=rpc.now(),
    )


def named_for(visitor: Visitor) -> Callable[[str], str | None]:
    """Who did something, for an officer; None where it was this officer."""
    return lambda actor: None if actor == visitor.passport.actor else officer_names.name_of(actor)


def count(visitor: Visitor, found: renewal_answers.Renewal) -> capacity_answers.JobUnits | None:
    """What the declared jobs use of the year's capacity; None while capacity does not answer."""
    if found.employment is None:
        return None
    question = capacity_queries.CountJobUnits(
        member=found.member, year=found.year, employment=found.employment, jobs=found.jobs
    )
    # what was declared before there were bounds may lie beyond them
    return rpc.if_known(lambda: visitor.ask(question), Reason.BAD_INPUT)


def served(visitor: Visitor) -> list[str]:
    """The provinces that the officer serves, in the order of their names' list."""
    return [key for key in labels.PROVINCES if key in visitor.passport.provinces]


def chosen(typed: str | None, offered: list[str]) -> str:
    """What the address asks for where it is offered, else the first."""
    return typed if typed in offered else offered[0]


def page_of(visitor: Visitor, province: str, status: str, start: int, rows: int = paging.ROWS) -> renewal_answers.Desk:
    content = {"province": province, "status": status, "limit": rows, "offset": start}
    return visitor.ask(base.parse(renewal_queries.ListDesk, content))


def counts(visitor: Visitor, province: str) -> dict[str, int]:
    """How many renewals of the province have each status."""
    return {status: page_of(visitor, province, status, 0, rows=1).total for status in labels.RENEWAL_STATUSES}


def names(visitor: Visitor, members: tuple[str, ...]) -> dict[str, str]:
    """Full names, as far as auth answers."""
    unique = tuple(dict.fromkeys(members))
    found = rpc.if_known(lambda: visitor.ask(auth_queries.GetMemberNames(members=unique))) if unique else None
    return found.names if found else {}
