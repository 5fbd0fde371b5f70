"""Receipts: the member's page and its PDF, and the page where anybody checks a receipt by its QR code, without a session."""

from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import organization, pdf_files, web
from clients.gateway.payment import receipt_pdf
from shared.contract.auth.answers import MemberCard
from shared.contract.payment import queries
from shared.contract.payment.answers import Invoice, Receipt
from shared.contract.refusals import Reason, Refused
from shared.text import persian

BLUEPRINT = flask.Blueprint("receipts", __name__)


@BLUEPRINT.get("/member/receipt/<year:year>")
def receipt(year: int) -> ResponseReturnValue:
    visitor = web.session.member()
    paid = web.queries.invoice(visitor, year)
    if paid.status == "open" and not paid.receipts:
        return flask.redirect(flask.url_for("pay.invoice", year=year), 303)
    *earlier, latest = paid.receipts or (None,)
    return flask.render_template(
        "payment/receipt.html",
        invoice=paid,
        card=web.queries.member_card(visitor),
        printed_at=web.rpc.now(),
        receipt=latest,
        earlier=earlier,
        address=check_address(latest) if latest else "",
    )


@BLUEPRINT.get("/member/receipt/<year:year>.pdf")
def as_pdf(year: int) -> ResponseReturnValue:
    """The latest receipt of the year's invoice."""
    visitor = web.session.member()
    paid = web.queries.invoice(visitor, year)
    if not paid.receipts:
        raise Refused(Reason.UNKNOWN_RECEIPT)
    texts = receipt_texts(paid, paid.receipts[-1], web.queries.member_card(visitor))
    return pdf_files.download(f"tamdid-receipt-{year}", receipt_pdf.render, texts)


def receipt_texts(paid: Invoice, receipt: Receipt, card: MemberCard | None) -> receipt_pdf.ReceiptTexts:
    """What is written on the receipt; every text is ready for its reader."""
    state = web.filters.receipt_state(receipt)
    paid_on = persian.day_of(receipt.paid_at)
    number = persian.digits_to_persian(f"{receipt.series_year}-{receipt.number:06}")
    facts = [
        ("شمارهٔ رسید", f"{pdf_files.isolated(number)} استان {web.labels.province(receipt.province)}"),
        ("نام", f"{card.first_name} {card.last_name}" if card else ""),
        ("شمارهٔ عضویت", persian.digits_to_persian(receipt.member)),
        ("بابت", f"حق عضویت سال {persian.digits_to_persian(receipt.invoice_year)}"),
        (
            "تاریخ پرداخت",
            f"{web.filters.plain_instant(receipt.paid_at)} ({pdf_files.isolated(paid_on.isoformat())})",
        ),
        ("شمارهٔ پیگیری بانک", pdf_files.isolated(persian.shown_code(receipt.bank_reference))),
        ("کارت", pdf_files.isolated(persian.shown_code(paid.card_mask))),
    ]
    return receipt_pdf.ReceiptTexts(
        letterhead=organization.of_province(receipt.province).letterhead,
        title=f"رسید پرداخت حق عضویت سال {persian.digits_to_persian(receipt.invoice_year)}",
        worthless="" if state == "valid" else web.labels.RECEIPT_STATES[state],
        explanation=web.sentences.receipt_worth(receipt),
        facts=[(label, text) for label, text in facts if text.strip("\u2066\u2069")],
        lines=web.sentences.invoice_rows(paid),
        invoice_rials=paid.amount_rials,
        received_rials=receipt.amount_rials,
        address=check_address(receipt),
        printed_at=web.filters.plain_instant(web.rpc.now()),
    )


def check_address(receipt: Receipt) -> str:
    """Where anybody checks a receipt."""
    return web.rpc.program().settings.portal_url + flask.url_for("receipts.check", token=receipt.token)


@BLUEPRINT.get("/receipt/<uuid:token>")
def check(token: UUID) -> ResponseReturnValue:
    """Whether a receipt is valid, now; it names nobody, and can't be found by trying numbers."""
    web.session.visitor_if_any()
    found = web.rpc.program().call(queries.GetReceipt(token=token))
    return flask.render_template("payment/receipt_check.html", receipt=found)
