"""Many payments confirmed at once: what waits of those that are ticked, the confirmation of each amount, and a result for each."""

from datetime import datetime

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.finance import payments
from shared import translations
from shared.contract import base
from shared.contract.payment import commands
from shared.contract.payment.answers import Invoice
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("confirmations", __name__)


@BLUEPRINT.post("/desk/payments/many/check")
def check() -> ResponseReturnValue:
    """What would be confirmed of the ticked payments, or of all that wait, with the sum; nothing is recorded."""
    visitor = web.session.officer(Role.MANAGER)
    found = all_waiting(visitor) if flask.request.form.get("all") else ticked(visitor)
    if not found:
        return web.forms.done("هیچ پرداختی گزیده نشده است.", "payments.payments", **web.url_arguments.list_arguments())
    return page(visitor, "finance/confirmations_check.html", found)


@BLUEPRINT.post("/desk/payments/many")
def confirm() -> ResponseReturnValue:
    """Confirm each payment by a command of its own, with the amount of the check; what failed is still ticked."""
    visitor = web.session.officer(Role.MANAGER)
    results = [result(visitor, row) for row in web.many.posted()]
    web.queries.forget_payment_notices()
    return page(visitor, "finance/confirmations_results.html", results)


def all_waiting(visitor: web.Visitor) -> list[web.many.Row]:
    """The first of all payments of the list that wait."""
    limits = {**web.url_arguments.list_page(visitor).limits, "limit": web.many.ROWS_MAX, "offset": 0}
    query = payments.list_query(visitor, limits).model_copy(update={"status": "settled"})
    waiting = visitor.call(query).invoices
    return [row_of(visitor, invoice) for invoice in waiting]


def ticked(visitor: web.Visitor) -> list[web.many.Row]:
    return [ticked_row(visitor, member, year) for member, year in web.many.ticked()]


def ticked_row(visitor: web.Visitor, member: str, year: int) -> web.many.Row:
    """A row of the check; one that is not there, or not the visitor's to see, is left out with the service's own word."""
    try:
        return row_of(visitor, web.queries.invoice(visitor, year, member))
    except Refused as refused:
        if refused.reason is Reason.NO_ANSWER:
            raise
        return web.many.checked(member, year, 0, web.filters.refusal(refused))


def row_of(visitor: web.Visitor, invoice: Invoice) -> web.many.Row:
    return web.many.checked(invoice.member, invoice.year, invoice.amount_rials, problem_of(visitor, invoice))


def problem_of(visitor: web.Visitor, invoice: Invoice) -> str:
    """Why a payment is left out."""
    refusals = translations.group("refusal")
    if invoice.status == "open":
        return refusals[Reason.PAYMENT_NOT_SETTLED]
    if invoice.status != "settled" or invoice.cancelled_at or invoice.replaced_by_year:
        return web.sentences.invoice_status(invoice)
    return refusals[Reason.OWN_WAIVER] if invoice.waived_by == visitor.passport.actor else ""


def result(visitor: web.Visitor, row: web.many.Row) -> web.many.Row:
    """The row with what went wrong, if anything, such as another amount on record than that of the check."""

    def send(content: dict[str, object]) -> object:
        return visitor.call(base.parse(commands.ConfirmPayment, content | {"amount_rials": row.seen}))

    return web.many.act(row, send, lambda refused: sentence(visitor, refused))


def sentence(visitor: web.Visitor, refused: Refused) -> str:
    """A refusal for a reader; of what a colleague has confirmed, with who and when."""
    if refused.reason is not Reason.ALREADY_CONFIRMED:
        return web.filters.refusal(refused)
    officer, confirmed_at = refused.details["officer"], refused.details["confirmed_at"]
    web.queries.load_officer_names(visitor, (officer,))
    at = web.filters.long_instant(datetime.fromisoformat(confirmed_at))
    return f"{web.queries.actor_name(officer)} این پرداخت را در {at} تأیید کرده است."


def page(visitor: web.Visitor, template: str, rows: list[web.many.Row]) -> ResponseReturnValue:
    parts = web.many.split(rows)
    return flask.render_template(
        template,
        **parts,
        sum_rials=sum(int(row.seen) for row in parts["rows"]),
        names=web.queries.member_names(visitor, (row.member for row in rows)),
    )
