"""Paying: the invoice, the way to the bank, the way back, what became of it, and the receipt."""

import re
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import asking, forms, member, visits
from clients.gateway.forms import Form
from clients.gateway.visits import Visitor
from shared.contract import commands, questions
from shared.contract.answers import Invoice
from shared.contract.refusals import Reason, Refused

BLUEPRINT = flask.Blueprint("paying", __name__)
AUTHORITY = re.compile("[AS][0-9A-Za-z]{35}")
"""How the bank's key of an attempt looks."""
UNCERTAIN = {Reason.NO_ANSWER, Reason.BANK_UNREACHABLE, Reason.CONFLICT, Reason.DEADLINE_PASSED}
"""Refusals that leave open whether money was taken."""
REFRESH_SECONDS = 5


@BLUEPRINT.get("/member/pay/<int:year>")
def invoice(year: int) -> ResponseReturnValue:
    visitor = visits.member()
    return invoice_page(wanted(visitor, year), Form())


@BLUEPRINT.post("/member/pay/<int:year>")
def pay(year: int) -> ResponseReturnValue:
    """Open an attempt and go to the bank; pressed twice, both go to the same attempt."""
    visitor = visits.member()
    form = forms.posted()
    try:
        page = visitor.ask(commands.StartPayment(member=visitor.name, year=year, **asking.once()))
    except Refused as refused:
        forms.take(form, refused)
        return invoice_page(wanted(visitor, year), form)
    return flask.redirect(page.redirect_url, 303)


@BLUEPRINT.get("/payment/return")
def back_from_bank() -> ResponseReturnValue:
    """The browser is back: only the bank's own answer counts, not what the browser says in `Status`."""
    authority = flask.request.args.get("Authority", "")
    if not AUTHORITY.fullmatch(authority):
        raise Refused(Reason.UNKNOWN_PAYMENT)
    try:
        result = asking.program().ask(commands.VerifyPayment(authority=authority, **asking.fresh()))
    except Refused as refused:
        if refused.reason not in UNCERTAIN:
            raise
        return flask.render_template("result.html", result=None, refresh=REFRESH_SECONDS)
    return flask.redirect(flask.url_for("paying.result", attempt=result.attempt), 303)


@BLUEPRINT.get("/payment/result/<uuid:attempt>")
def result(attempt: UUID) -> ResponseReturnValue:
    """What became of an attempt, also without a session: whoever has its unguessable id has made it."""
    visits.visitor_if_any()
    try:
        found = asking.program().ask(questions.GetPaymentResult(attempt=attempt))
    except Refused as refused:
        if refused.reason not in UNCERTAIN:
            raise
        found = None
    is_open = found is None or found.outcome == "unknown"
    return flask.render_template("result.html", result=found, refresh=REFRESH_SECONDS if is_open else None)


@BLUEPRINT.get("/member/receipt/<int:year>")
def receipt(year: int) -> ResponseReturnValue:
    visitor = visits.member()
    paid = wanted(visitor, year)
    if paid.status == "open":
        return flask.redirect(flask.url_for("paying.invoice", year=year), 303)
    card = asking.if_known(lambda: visitor.ask(questions.GetMember(member=visitor.name)))
    return flask.render_template("receipt.html", invoice=paid, card=card, printed_at=asking.now())


def wanted(visitor: Visitor, year: int) -> Invoice:
    """The member's invoice of a year."""
    found = member.invoice_of(visitor, year)
    if found is None:
        raise Refused(Reason.NO_INVOICE)
    return found


def invoice_page(found: Invoice, form: Form) -> ResponseReturnValue:
    is_expired = found.payable_until < asking.now()
    attempts = [one for one in reversed(found.attempts) if one.status in {"started", "held", "duplicate"}]
    return forms.page("pay.html", form, invoice=found, is_expired=is_expired, attempts=attempts)
