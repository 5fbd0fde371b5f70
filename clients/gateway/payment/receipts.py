"""Receipts: the member's page to print, and the page where anybody checks a receipt by its QR code, without a session."""

from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from shared.contract.payment import queries

BLUEPRINT = flask.Blueprint("receipts", __name__)


@BLUEPRINT.get("/member/receipt/<year:year>")
def receipt(year: int) -> ResponseReturnValue:
    visitor = web.session.member()
    paid = web.queries.invoice(visitor, year)
    if paid.status == "open" and not paid.receipts:
        return flask.redirect(flask.url_for("pay.invoice", year=year), 303)
    *earlier, latest = paid.receipts or (None,)
    portal = web.rpc.program().settings.portal_url
    return flask.render_template(
        "payment/receipt.html",
        invoice=paid,
        card=web.queries.member_card(visitor),
        printed_at=web.rpc.now(),
        receipt=latest,
        earlier=earlier,
        address=portal + flask.url_for("receipts.check", token=latest.token) if latest else "",
    )


@BLUEPRINT.get("/receipt/<uuid:token>")
def check(token: UUID) -> ResponseReturnValue:
    """Whether a receipt is valid, now; it names nobody, and can't be found by trying numbers."""
    web.session.visitor_if_any()
    found = web.rpc.program().call(queries.GetReceipt(token=token))
    return flask.render_template("payment/receipt_check.html", receipt=found)
