"""Paying an invoice: its page, the redirect to the bank, the callback from the bank, and the result."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import flask
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from clients.gateway import organization, progress, web
from clients.gateway.payment.callbacks import Callback, Callbacks
from shared.contract.bank import mellat_key
from shared.contract.passport import PrincipalKind
from shared.contract.payment import commands
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.answers import Invoice, PaymentResult
from shared.contract.refusals import Reason, Refused
from shared.settings import Settings

BLUEPRINT = flask.Blueprint("pay", __name__)
AUTHORITY = re.compile("[AS][0-9A-Za-z]{35}")
"""Pattern of the bank's key of an attempt."""
UNKNOWN_AUTHORITY = "A" + "0" * 35
"""A well-formed key that no attempt has."""
CLAIMS = {"OK": "paid", "NOK": "not_paid"}
UNCERTAIN = {Reason.NO_ANSWER, Reason.BANK_UNREACHABLE, Reason.CONFLICT, Reason.DEADLINE_PASSED}
"""Refusals that leave open whether money was taken."""
REFRESH_SECONDS = 5
REFRESH_PAGE_SECONDS = 10
"""Between two reloads of a pay page that waits: each queries the bank."""


@BLUEPRINT.record
def attach_callbacks(state: BlueprintSetupState) -> None:
    settings: Settings = state.app.extensions["program"].settings
    state.app.extensions["callbacks"] = Callbacks(settings.bank_time_scale)


@BLUEPRINT.get("/member/pay/<year:year>")
def invoice(year: int) -> ResponseReturnValue:
    return invoice_page(web.session.member(), year, web.Form())


@BLUEPRINT.post("/member/pay/<year:year>")
def pay(year: int) -> ResponseReturnValue:
    """Open an attempt and go to the bank; submitted twice, both go to the same attempt."""
    visitor = web.session.member()
    form = web.forms.posted()
    page = web.forms.send(form, visitor, commands.StartPayment, {"member": visitor.name, "year": year})
    return flask.redirect(page.redirect_url, 303) if page else invoice_page(visitor, year, form)


@BLUEPRINT.post("/member/pay/<year:year>/renew")
def renew(year: int) -> ResponseReturnValue:
    """Renew an expired invoice at its amount."""
    visitor = web.session.member()
    form = web.forms.posted()
    found = web.forms.send(form, visitor, commands.RenewInvoice, {"member": visitor.name, "year": year})
    if found is None:
        return invoice_page(visitor, year, form)
    return web.forms.done(
        f"صورت‌حساب با همان مبلغ دوباره صادر شد و تا {web.filters.long_instant(found.payable_until)} قابل پرداخت است.",
        "pay.invoice",
        year=year,
    )


@BLUEPRINT.get("/payment/return")
def callback() -> ResponseReturnValue:
    """The browser comes back from the bank: only the bank's own answer counts, not the browser's `Status`."""
    command = commands.VerifyPayment(**claimed(flask.request.args), **web.rpc.new_command())
    which = Callback(command.authority, command.attempt, web.session.session_token())
    callbacks: Callbacks = flask.current_app.extensions["callbacks"]
    try:
        attempt = callbacks.attempt_of(which, lambda: verify(command).attempt)
    except Refused as refused:
        if refused.reason not in UNCERTAIN:
            raise
        return flask.render_template("payment/result.html", result=None, refresh=REFRESH_SECONDS)
    return flask.redirect(flask.url_for("pay.result", attempt=attempt), 303)


def verify(command: commands.VerifyPayment) -> PaymentResult:
    """Let payment ask the bank; as the member whose session the browser has, for whom strangers' callbacks are no reason to wait."""
    passport = None
    if session := web.session.session_token():
        signed = web.rpc.if_known(
            lambda: web.session.issue_passports(session, (command.service,), command.id), Reason.NOT_SIGNED_IN
        )
        if signed and signed.passport.principal_kind is PrincipalKind.MEMBER:
            passport = signed.tokens[command.service]
    return web.rpc.program().call(command, passport=passport)


@BLUEPRINT.post("/payment/return")
def posted_back() -> ResponseReturnValue:
    """A bank whose page posts: redirect to the same address by GET, which can be reloaded.

    No token of ours is in the bank's form, and no cookie comes with it; the next hop brings it back.
    """
    form, args = flask.request.form, flask.request.args
    arguments: dict[str, Any] = {
        "Authority": mellat_key.key(form.get("SaleOrderId", ""), form.get("RefId", "")),
        "Status": "OK" if form.get("ResCode") == "0" else "NOK",
    }
    arguments |= {"attempt": args["attempt"]} if "attempt" in args else {}
    return flask.redirect(flask.url_for("pay.callback", **arguments), 303)


def claimed(args: Mapping[str, str]) -> dict[str, Any]:
    """The callback's unverified arguments; payment compares them with its records, and counts those that are made up."""
    authority = args.get("Authority", "")
    claims = CLAIMS.get(args.get("Status", ""), "")
    known = authority if AUTHORITY.fullmatch(authority) else UNKNOWN_AUTHORITY
    return {"authority": known, "claims": claims} | (
        {"attempt": attempt_in(args["attempt"])} if "attempt" in args else {}
    )


def attempt_in(text: str) -> UUID:
    """The attempt in the callback's address; other text is the id of none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@BLUEPRINT.get("/payment/result/<uuid:attempt>")
def result(attempt: UUID) -> ResponseReturnValue:
    """The result of an attempt, also without a session: its id can't be guessed."""
    web.session.visitor_if_any()
    try:
        found = web.rpc.program().call(payment_queries.GetPaymentResult(attempt=attempt))
    except Refused as refused:
        if refused.reason not in UNCERTAIN:
            raise
        found = None
    is_open = found is None or found.outcome == "unknown"
    return flask.render_template("payment/result.html", result=found, refresh=REFRESH_SECONDS if is_open else None)


def invoice_page(visitor: web.Visitor, year: int, form: web.Form) -> ResponseReturnValue:
    """The invoice with its next action."""
    found, is_certain = checked_at_bank(visitor, web.queries.invoice(visitor, year))
    payment = progress.PaymentProgress(
        found, web.rpc.now(), web.queries.bank_health_to_pay(visitor, (found,)), is_certain
    )
    return web.forms.render(
        "payment/pay.html",
        form,
        invoice=found,
        payment=payment,
        action=progress.next_action.of_payment(payment),
        is_renewable=payment.is_renewable,
        register_differs=register_differs(visitor, found),
        slip_account=organization.of_province(found.province).deposit_account,
        refresh=REFRESH_PAGE_SECONDS if payment.state == "pending" else None,
    )


def register_differs(visitor: web.Visitor, found: Invoice) -> str:
    """Where the register has the invoice's years as paid, queried only where there is something to be paid."""
    if found.status != "open":
        return ""
    card = web.queries.member_card(visitor)
    return web.sentences.register_differs(found, card.paid_through) if card else ""


def checked_at_bank(visitor: web.Visitor, found: Invoice) -> tuple[Invoice, bool]:
    """The invoice after a check of its open attempts at the bank, and whether the bank has answered."""
    if found.status != "open" or all(one.status != "started" for one in found.attempts):
        return found, True
    try:
        checked = visitor.call(commands.CheckPayment(member=visitor.name, year=found.year, **web.rpc.new_command()))
    except Refused as refused:
        if refused.reason not in UNCERTAIN:
            raise
        return found, False
    return checked.invoice, checked.is_certain
