"""The sandbox bank's statement: every session that was ever paid, as a file for the merchant (docs/payments.md 6.8)."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, Response, request
from sqlalchemy import Connection, select

from clients.bank.sandbox import sessions
from clients.bank.sandbox.rules import Session, Status
from clients.bank.sandbox.tables import SESSIONS
from clients.bank.sandbox.zarinpal_api import Clock
from shared.event_store.command_handler import Records
from shared.text import persian

COLUMNS = (
    *("paid_at_iso", "paid_at_jalali", "terminal", "authority", "order_id", "amount_rial", "fee_rial", "ref_id", "rrn"),
    *("card_mask", "status", "settlement_id", "settled_at"),
)
CARD_MASK = "502229******5995"
RRN_DIGITS = 12
BOM = "\ufeff"
"""Spreadsheets take a file without it for one of another alphabet."""


def make_statement(records: Records, clock: Clock) -> Blueprint:
    """`GET /sandbox/statement.csv`, of all days, or with `?on=1405/01/26` of one Jalali day."""
    statement = Blueprint("sandbox_statement", __name__, url_prefix="/sandbox")

    @statement.get("/statement.csv")
    def export() -> Response:
        with records.read() as connection:
            text = written(list(lines(connection, clock(), request.args.get("on", ""))))
        return Response(
            text, mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=statement.csv"}
        )

    return statement


def lines(connection: Connection, now: datetime, on: str) -> Iterator[dict[str, object]]:
    """A line for each session that was paid, the oldest first."""
    query = select(SESSIONS).where(SESSIONS.c.paid_at.is_not(None)).order_by(SESSIONS.c.paid_at, SESSIONS.c.number)
    for row in connection.execute(query).mappings():
        session = sessions.session_of(row)
        if session.paid_at is not None and persian.format_instant(session.paid_at).startswith(on):
            yield line(session, session.paid_at, session.session_status(now))


def line(session: Session, paid_at: datetime, session_status: Status) -> dict[str, object]:
    reference = sessions.reference(session)
    return {
        "paid_at_iso": paid_at.isoformat(),
        "paid_at_jalali": persian.format_instant(paid_at),
        "terminal": session.merchant_id[:8],
        "authority": session.authority,
        "order_id": "",
        "amount_rial": session.amount_rials,
        "fee_rial": 0,
        "ref_id": reference if session_status is not Status.PAID else "",
        "rrn": f"{reference:0{RRN_DIGITS}}",
        "card_mask": CARD_MASK,
        "status": session_status.value,
        "settlement_id": "",
        "settled_at": "",
    }


def written(rows: list[dict[str, object]]) -> str:
    """The file's text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return BOM + out.getvalue()
