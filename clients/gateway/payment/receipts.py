"""Receipts: the code that a telephone reads off the paper, and the page where anybody checks one, without a session."""

from io import BytesIO
from uuid import UUID

import flask
import segno
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from clients.gateway.web import rpc, session
from shared.contract.payment import queries
from shared.contract.payment.answers import Receipt

BLUEPRINT = flask.Blueprint("receipts", __name__)
BORDER_MODULES = 2
"""The quiet zone round the code; the page round it is white as well."""


@BLUEPRINT.get("/receipt/<uuid:token>")
def check(token: UUID) -> ResponseReturnValue:
    """Whether a receipt is good, now; it names nobody, and can't be found by trying numbers."""
    session.visitor_if_any()
    found = rpc.program().ask(queries.GetReceipt(token=token))
    return flask.render_template("payment/receipt_check.html", receipt=found)


def address(receipt: Receipt) -> str:
    """Where the receipt is checked, as it stands on the paper."""
    return rpc.program().settings.portal_url + flask.url_for("receipts.check", token=receipt.token)


def picture(text: str) -> Markup:
    """A QR code within the page; its own strokes, no style and no file."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=BORDER_MODULES, svgclass="qr", lineclass=None
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - made here, of our own address
