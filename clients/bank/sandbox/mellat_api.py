"""The sandbox's second bank, of the shape of Mellat's: SOAP, a verify and then a settle, and a browser that comes back by POST."""

import html
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, request
from sqlalchemy import BigInteger, Column, Connection, RowMapping, String, Table, Text, insert, select, update

from clients.bank.sandbox import faults, rules
from clients.bank.sandbox.faults import Fault
from clients.bank.sandbox.tables import STATE
from clients.bank.sandbox.zarinpal_api import Clock, html_error
from shared.contract.bank import mellat_key
from shared.event_store.command_handler import Records
from shared.event_store.database import Instant

PREFIX = "/pgwchannel"
WINDOW = timedelta(minutes=20)
"""So long after the payment it may be verified and settled; then the money goes back."""
REVERSE_WINDOW = timedelta(hours=3)
LINK_LIFE = timedelta(minutes=15)
METHOD = re.compile(r"<int:(bp[A-Za-z]+)>")
FIELD = re.compile(r"<([A-Za-z]+)>([^<]{0,1000})</\1>")
REF_BYTES = 10

SALES = Table(
    "sandbox_sales",
    STATE,
    Column("order_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ref", String(21), nullable=False, unique=True),
    Column("reference", BigInteger, nullable=False),
    Column("amount_rials", BigInteger, nullable=False),
    Column("callback_url", Text, nullable=False),
    Column("status", String(10), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("paid_at", Instant),
)
DROPS = {
    "bpVerifyRequest": Fault.VERIFY_DROP,
    "bpSettleRequest": Fault.SETTLE_DROP,
    "bpReversalRequest": Fault.REVERSE_502,
}
"""What takes effect, and whose answer is lost."""
Fields = Mapping[str, str]
STANDINGS = {"open": "415", "paid": "0", "verified": "43", "settled": "45", "reversed": "48", "failed": "17"}


def make_two_phase(records: Records, portal_url: str, clock: Clock) -> Blueprint:
    """`POST /pgwchannel/services/pgw` and the payment page `/pgwchannel/startpay?RefId=`."""
    bank = Blueprint("sandbox_two_phase", __name__, url_prefix=PREFIX)
    sales = Sales(records, portal_url, clock)

    @bank.post("/services/pgw")
    def handle() -> Response:
        text = request.get_data(as_text=True)
        method = METHOD.search(text)
        answer = sales.answers.get(method[1]) if method else None
        if sales.records.write(lambda connection: faults.happens(connection, Fault.DOWN)):
            return html_error(502)
        if answer is None:
            abort(400)
        if sales.happens(Fault.VERIFY_502, method, "bpVerifyRequest"):
            return html_error(502)
        reply = answer({name: html.unescape(value) for name, value in FIELD.findall(text)})
        if any(sales.happens(fault, method, of) for of, fault in DROPS.items()):
            return html_error(502)
        return Response(f"<Envelope><Body><return>{reply}</return></Body></Envelope>", mimetype="text/xml")

    @bank.post("/startpay")
    def act() -> str:
        """Pay or cancel; the way back is a form, because the browser must come by POST."""
        return sales.choose(request.args.get("RefId", ""), request.form.get("do", ""))

    @bank.get("/startpay")
    def show() -> str:
        sale = sales.by_ref(request.args.get("RefId", ""))
        buttons = "".join(f'<button name="do" value="{do}">{do}</button>' for do in ("pay", "cancel"))
        return f"<!doctype html><p>{sale['amount_rials']:,} rials</p><form method=post>{buttons}</form>"

    return bank


class Sales:
    """Answers each call from the stored sales."""

    def __init__(self, records: Records, portal_url: str, clock: Clock) -> None:
        self.records = records
        self.portal_url = portal_url
        self.clock = clock
        self.answers: Mapping[str, Callable[[Fields], str]] = {
            "bpPayRequest": self.open,
            "bpInquiryRequest": self.inquire,
            "bpVerifyRequest": lambda fields: self.move(fields, {"paid": "verified"}, WINDOW),
            "bpSettleRequest": self.settle,
            "bpReversalRequest": lambda fields: self.move(
                fields, {"paid": "reversed", "verified": "reversed", "settled": "reversed"}, REVERSE_WINDOW
            ),
        }

    def happens(self, fault: Fault, method: re.Match[str] | None, of: str) -> bool:
        """Whether a call goes wrong this time."""
        fields = method is not None and method[1] == of
        return fields and self.records.write(lambda connection: faults.happens(connection, fault))

    def open(self, fields: Fields) -> str:
        callback_url, amount = fields.get("callBackUrl", ""), rules.rials({"amount": fields.get("amount")})
        order = number(fields, "orderId")
        if not rules.may_return_to(callback_url, self.portal_url) or order is None:
            return "21"
        if amount is None or not 0 < amount <= rules.AMOUNT_RIALS_MAX:
            return "25"
        ref = f"A{secrets.token_hex(REF_BYTES).upper()}"
        row = {"order_id": order, "ref": ref, "amount_rials": amount, "callback_url": callback_url}
        more = {"status": "open", "created_at": self.clock(), "reference": secrets.randbelow(9 * 10**11) + 10**11}

        def work(connection: Connection) -> str:
            if self.row(connection, order) is not None:
                return "41"
            connection.execute(insert(SALES).values(row | more))
            return f"0,{ref}"

        return self.records.write(work)

    def inquire(self, fields: Fields) -> str:
        with self.records.read() as connection:
            row = self.row(connection, number(fields, "saleOrderId"))
        if row is None:
            return "42"
        return (
            f"{STANDINGS[self.session_status(row)]},{row['reference'] if row['paid_at'] else 0},{row['amount_rials']}"
        )

    def settle(self, fields: Fields) -> str:
        if self.records.write(lambda connection: faults.happens(connection, Fault.SETTLE_FAILS)):
            return "61"
        return self.move(fields, {"verified": "settled"}, WINDOW)

    def move(self, fields: Fields, ways: Mapping[str, str], window: timedelta) -> str:
        """Take a sale one step on, in its time; one that is there already, or elsewhere, is answered by the code of its status."""

        def work(connection: Connection) -> str:
            row = self.row(connection, number(fields, "saleOrderId"))
            if row is None or str(row["reference"]) != fields.get("saleReferenceId"):
                return "42"
            session_status = self.session_status(row)
            in_time = row["paid_at"] is not None and self.clock() <= row["paid_at"] + window
            if session_status not in ways or not in_time:
                return STANDINGS[session_status] if session_status not in {"open", "paid"} else "55"
            put(connection, row, ways[session_status])
            return "0"

        return self.records.write(work)

    def choose(self, ref: str, choice: str) -> str:
        row = self.by_ref(ref)
        if choice not in {"pay", "cancel"} or self.session_status(row) != "open":
            abort(409)
        paid = choice == "pay"
        paid_at = self.clock() if paid else None
        self.records.write(lambda connection: put(connection, row, "paid" if paid else "failed", paid_at))
        reply = {
            "RefId": ref,
            "ResCode": "0" if paid else "17",
            "SaleOrderId": row["order_id"],
            "SaleReferenceId": row["reference"] if paid else "",
            "FinalAmount": row["amount_rials"],
            "CardHolderPan": "502229******5995",
        }
        inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in reply.items())
        action = html.escape(row["callback_url"])
        return f'<!doctype html><form method="post" action="{action}">{inputs}<button>OK</button></form>'

    def by_ref(self, ref: str) -> RowMapping:
        with self.records.read() as connection:
            row = connection.execute(select(SALES).where(SALES.c.ref == ref)).mappings().one_or_none()
        return row or abort(404)

    def row(self, connection: Connection, order_id: int | None) -> RowMapping | None:
        return connection.execute(select(SALES).where(SALES.c.order_id == order_id)).mappings().one_or_none()

    def session_status(self, row: RowMapping) -> str:
        """The status once time has done its part: what is not settled in time goes back."""
        status: str = row["status"]
        if status == "open" and self.clock() > row["created_at"] + LINK_LIFE:
            return "failed"
        is_late = row["paid_at"] is not None and self.clock() > row["paid_at"] + WINDOW
        return "reversed" if status in {"paid", "verified"} and is_late else status


def number(fields: Fields, name: str) -> int | None:
    """A sale's number; None where it can be none."""
    text = fields.get(name, "")
    return int(text) if mellat_key.ORDER.fullmatch(text) else None


def put(connection: Connection, row: RowMapping, status: str, paid_at: datetime | None = None) -> None:
    values = {"status": status} | ({"paid_at": paid_at} if paid_at else {})
    connection.execute(update(SALES).where(SALES.c.order_id == row["order_id"]).values(values))
