"""Paying: the invoice, the way to the bank, the way back, what became of it, and the receipt."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.member import home
from clients.gateway.payment import receipts
from clients.gateway.progress import next_action
from clients.gateway.progress.payment_progress import Payment
from clients.gateway.web import covered_years, filters, forms, rpc, session
from clients.gateway.web.forms import Form
from clients.gateway.web.session import Visitor
from shared.contract.auth import queries as auth_queries
from shared.contract.bank import mellat_key
from shared.contract.payment import commands
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.answers import Invoice
from shared.contract.refusals import Reason, Refused

BLUEPRINT = flask.Blueprint("paying", __name__)
AUTHORITY = re.compile("[AS][0-9A-Za-z]{35}")
"""How the bank's key of an attempt looks."""
NOBODYS = "A" + "0" * 35
"""What looks like a key and was never given out."""
CLAIMS = {"OK": "paid", "NOK": "not_paid"}
UNCERTAIN = {Reason.NO_ANSWER, Reason.BANK_UNREACHABLE, Reason.CONFLICT, Reason.DEADLINE_PASSED}
"""Refusals that leave open whether money was taken."""
REFRESH_SECONDS = 5
ASK_AGAIN_SECONDS = 10
"""Between two looks of a pay page that waits: each asks the bank."""


@BLUEPRINT.get("/member/pay/<year:year>")
def invoice(year: int) -> ResponseReturnValue:
    visitor = session.member()
    return invoice_page(visitor, year, Form())


@BLUEPRINT.post("/member/pay/<year:year>")
def pay(year: int) -> ResponseReturnValue:
    """Open an attempt and go to the bank; pressed twice, both go to the same attempt."""
    visitor = session.member()
    form = forms.posted()
    try:
        page = visitor.ask(commands.StartPayment(member=visitor.name, year=year, **rpc.once()))
    except Refused as refused:
        forms.take(form, refused)
        return invoice_page(visitor, year, form)
    return flask.redirect(page.redirect_url, 303)


@BLUEPRINT.post("/member/pay/<year:year>/renew")
def renew(year: int) -> ResponseReturnValue:
    """Have an invoice whose time is over issued again, at the amount that it had."""
    visitor = session.member()
    form = forms.posted()
    try:
        found = visitor.ask(commands.RenewInvoice(member=visitor.name, year=year, **rpc.once()))
    except Refused as refused:
        forms.take(form, refused)
        return invoice_page(visitor, year, form)
    flask.flash(
        f"صورت‌حساب با همان مبلغ دوباره صادر شد و تا {filters.long_instant(found.payable_until)} قابل پرداخت است."
    )
    return flask.redirect(flask.url_for("paying.invoice", year=year), 303)


@BLUEPRINT.get("/payment/return")
def back_from_bank() -> ResponseReturnValue:
    """The browser is back: only the bank's own answer counts, not what the browser says in `Status`."""
    try:
        result = rpc.program().ask(commands.VerifyPayment(**said(flask.request.args), **rpc.fresh()))
    except Refused as refused:
        if refused.reason not in UNCERTAIN:
            raise
        return flask.render_template("payment/result.html", result=None, refresh=REFRESH_SECONDS)
    return flask.redirect(flask.url_for("paying.result", attempt=result.attempt), 303)


@BLUEPRINT.post("/payment/return")
def posted_back() -> ResponseReturnValue:
    """From a bank whose page posts: on to the same address as a question, which can be asked again.

    No token of ours is in the bank's form, and no cookie comes with it; the next hop brings it back.
    """
    form, args = flask.request.form, flask.request.args
    told: dict[str, Any] = {
        "Authority": mellat_key.key(form.get("SaleOrderId", ""), form.get("RefId", "")),
        "Status": "OK" if form.get("ResCode") == "0" else "NOK",
    }
    told |= {"attempt": args["attempt"]} if "attempt" in args else {}
    return flask.redirect(flask.url_for("paying.back_from_bank", **told), 303)


def said(args: Mapping[str, str]) -> dict[str, Any]:
    """What a browser says of where it comes from; payment holds it against its records, and counts what is made up."""
    authority, told = args.get("Authority", ""), {"authority": NOBODYS}
    if AUTHORITY.fullmatch(authority):
        told = {"authority": authority}
    claims = CLAIMS.get(args.get("Status", ""), "")
    return {**told, "claims": claims} | ({"attempt": attempt_in(args["attempt"])} if "attempt" in args else {})


def attempt_in(text: str) -> UUID:
    """The attempt that an address names; what is none is nobody's."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@BLUEPRINT.get("/payment/result/<uuid:attempt>")
def result(attempt: UUID) -> ResponseReturnValue:
    """What became of an attempt, also without a session: whoever has its unguessable id has made it."""
    session.visitor_if_any()
    try:
        found = rpc.program().ask(payment_queries.GetPaymentResult(attempt=attempt))
    except Refused as refused:
        if refused.reason not in UNCERTAIN:
            raise
        found = None
    is_open = found is None or found.outcome == "unknown"
    return flask.render_template("payment/result.html", result=found, refresh=REFRESH_SECONDS if is_open else None)


@BLUEPRINT.get("/member/receipt/<year:year>")
def receipt(year: int) -> ResponseReturnValue:
    visitor = session.member()
    paid = wanted(visitor, year)
    if paid.status == "open" and not paid.receipts:
        return flask.redirect(flask.url_for("paying.invoice", year=year), 303)
    card = rpc.if_known(lambda: visitor.ask(auth_queries.GetMember(member=visitor.name)))
    *earlier, latest = paid.receipts or (None,)
    address = receipts.address(latest) if latest else ""
    return flask.render_template(
        "payment/receipt.html",
        invoice=paid,
        card=card,
        printed_at=rpc.now(),
        receipt=latest,
        earlier=earlier,
        address=address,
        picture=receipts.picture(address) if address else "",
    )


def wanted(visitor: Visitor, year: int) -> Invoice:
    """The member's invoice of a year."""
    found = home.invoice_of(visitor, year)
    if found is None:
        raise Refused(Reason.NO_INVOICE)
    return found


def invoice_page(visitor: Visitor, year: int, form: Form) -> ResponseReturnValue:
    """The invoice with the one thing that can be done about it now."""
    found, is_certain = asked_about(visitor, wanted(visitor, year))
    payment = Payment(found, rpc.now(), home.bank_health(visitor, (found,)), is_certain)
    return forms.page(
        "payment/pay.html",
        form,
        invoice=found,
        payment=payment,
        action=next_action.of_payment(payment),
        is_renewable=payment.is_renewable,
        differs=differs(visitor, found),
        refresh=ASK_AGAIN_SECONDS if payment.state == "asking" else None,
    )


def differs(visitor: Visitor, found: Invoice) -> str:
    """What the register says of the invoice's years by now, asked only where there is something to be paid."""
    if found.status != "open":
        return ""
    card = rpc.if_known(lambda: visitor.ask(auth_queries.GetMember(member=visitor.name)))
    return covered_years.register_differs(found, card.paid_through) if card else ""


def asked_about(visitor: Visitor, found: Invoice) -> tuple[Invoice, bool]:
    """The invoice after the bank was asked about its open attempts, and whether the bank has answered."""
    if found.status != "open" or all(one.status != "started" for one in found.attempts):
        return found, True
    try:
        checked = visitor.ask(commands.CheckPayment(member=visitor.name, year=found.year, **rpc.fresh()))
    except Refused as refused:
        if refused.reason not in UNCERTAIN:
            raise
        return found, False
    return checked.invoice, checked.is_certain
