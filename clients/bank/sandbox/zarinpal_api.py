"""The sandbox bank's JSON interface: the six calls of ZarinPal v4, with its codes, its oddities and its faults."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, g, jsonify
from sqlalchemy import Connection

from clients.bank.sandbox import faults, rules, sessions
from clients.bank.sandbox.faults import Fault
from clients.bank.sandbox.rules import Session, Status
from clients.small_apps import Data, sent_object
from shared.event_store.command_handler import Records
from shared.text.persian import TEHRAN

PREFIX = "/pg/v4/payment"
BROKEN_AFTER_BYTES = 4096
"""More than any server holds back before it sends the head of an answer."""

Clock = Callable[[], datetime]


def make_api(records: Records, portal_url: str, clock: Clock) -> Blueprint:
    """`/pg/v4/payment/{request,verify,inquiry,unVerified,reverse,feeCalculation}.json`."""
    api = Blueprint("sandbox_api", __name__, url_prefix=PREFIX)
    sessions_api = PaymentSessions(records, portal_url, clock)
    for name, handle in (
        ("request", sessions_api.request),
        ("verify", sessions_api.verify),
        ("inquiry", sessions_api.inquiry),
        ("unVerified", sessions_api.unverified),
        ("reverse", sessions_api.reverse),
        ("feeCalculation", sessions_api.fee_calculation),
    ):
        api.add_url_rule(f"/{name}.json", name, view(handle, sessions_api), methods=["POST"])
    return api


def view(handle: Callable[[Mapping[str, Any]], Response], sessions_api: "PaymentSessions") -> Callable[[], Response]:
    def answer() -> Response:
        fields = sent_object()
        if sessions_api.happens(Fault.DOWN, fields):
            return html_error(502)
        return handle(fields)

    return answer


class PaymentSessions:
    """Answers each call from the stored sessions."""

    def __init__(self, records: Records, portal_url: str, clock: Clock) -> None:
        self.records = records
        self.portal_url = portal_url
        self.clock = clock

    def request(self, fields: Mapping[str, Any]) -> Response:
        if self.happens(Fault.CREATE_500, fields):
            return html_error(500)
        payment_order = rules.payment_order(fields, self.portal_url)
        if isinstance(payment_order, int):
            return no(payment_order)
        authority = self.records.write(
            lambda connection: sessions.open_session(connection, payment_order, self.clock())
        )
        fee = rules.fee(payment_order.amount_rials, payment_order.currency)
        return yes(rules.OK, {"authority": authority, "fee_type": "Merchant", "fee": fee})

    def verify(self, fields: Mapping[str, Any]) -> Response:
        if self.happens(Fault.VERIFY_502, fields):
            return html_error(502)
        if self.happens(Fault.VERIFY_BUSY, fields):
            return no(-12)
        time.sleep(self.value(Fault.VERIFY_DELAY, fields))
        code, session = self.records.write(lambda connection: self.claim(connection, fields))
        if code > 0 and self.happens(Fault.VERIFY_DROP, fields):
            return broken()
        if session is None or code < 0:
            return no(code)
        reference = sessions.reference(session)
        if self.happens(Fault.REFERENCE_REPEATED, fields):
            with self.records.read() as connection:
                reference = sessions.first_reference(connection)
        return yes(code, receipt(reference))

    def claim(self, connection: Connection, fields: Mapping[str, Any]) -> tuple[int, Session | None]:
        """Verify a session: of two questions at once, one is the first."""
        session = sessions.find(connection, fields.get("authority"))
        code = rules.verify_code(fields, session, self.clock())
        if code == rules.OK and session is not None and not sessions.move(connection, session, Status.VERIFIED):
            return rules.OK_BEFORE, session
        return code, session

    def inquiry(self, fields: Mapping[str, Any]) -> Response:
        if self.happens(Fault.INQUIRY_502, fields):
            return html_error(502)
        session = self.find(fields)
        fault = rules.session_fault(fields, session)
        if fault is not None or session is None:
            return no(fault or -54)
        return yes(rules.OK, {"status": session.session_status(self.clock()).value})

    def unverified(self, fields: Mapping[str, Any]) -> Response:
        fault = rules.merchant_fault(fields)
        if fault is not None:
            return no(fault)
        now, empty = self.clock(), self.happens(Fault.UNVERIFIED_EMPTY, fields)
        with self.records.read() as connection:
            waiting = sessions.list_unverified(connection, fields["merchant_id"], now, rules.VERIFY_WINDOW)
        return yes("100", {"authorities": [] if empty else [entry(one) for one in waiting]})

    def reverse(self, fields: Mapping[str, Any]) -> Response:
        session, now = self.find(fields), self.clock()
        code = -60 if self.happens(Fault.REVERSE_REFUSED, fields) else rules.reverse_code(fields, session, now)
        if code != rules.OK or session is None:
            return no(code)
        moved = self.records.write(lambda connection: sessions.move(connection, session, Status.REVERSED))
        if moved and (lost := self.value(Fault.REVERSE_DROP, fields)):
            self.records.write(lambda one: faults.switch(one, Fault.INQUIRY_502, lost, session.authority))
            return html_error(502)
        if moved and self.happens(Fault.REVERSE_502, fields):
            return html_error(502)
        return yes(rules.OK, {}) if moved else no(-61)

    def fee_calculation(self, fields: Mapping[str, Any]) -> Response:
        """What a payment would cost; the merchant pays the fee, so that no other amount is suggested."""
        amount = rules.amount_rials(fields)
        fault = rules.merchant_fault(fields)
        if fault is not None or amount is None:
            return no(fault or rules.WRONG_INPUT)
        currency = fields.get("currency", rules.RIALS)
        said = amount // rules.RIALS_PER[currency]
        fee = rules.fee(amount, currency)
        return yes(rules.OK, {"amount": said, "fee": fee, "fee_type": "Merchant", "suggested_amount": said})

    def find(self, fields: Mapping[str, Any]) -> Session | None:
        with self.records.read() as connection:
            return sessions.find(connection, fields.get("authority"))

    def happens(self, fault: Fault, fields: Mapping[str, Any]) -> bool:
        """Whether it goes wrong this time; written down only where it is switched on."""
        authority = sessions.key(fields.get("authority"))
        return bool(self.value(fault, fields)) and self.records.write(
            lambda connection: faults.happens(connection, fault, authority)
        )

    def value(self, fault: Fault, fields: Mapping[str, Any]) -> int:
        """A fault's value, 0 where it was off when the request began."""
        if "switched_on" not in g:
            with self.records.read() as connection:
                g.switched_on = faults.switched_on(connection, sessions.key(fields.get("authority")))
        return int(g.switched_on.get(fault, 0))


def receipt(reference: int) -> Data:
    """What a verify says of a paid session; the reference comes now as a number, now as a text."""
    return {
        "ref_id": secrets.choice([reference, str(reference)]),
        "card_pan": "502229******5995",
        "card_hash": "1EBE3EBEBE35C7EC0F8D6EE4F2F859107A87822CA179BC9528767EA7B5489B69",
        "fee_type": "Merchant",
        "fee": 0,
    }


def entry(session: Session) -> Data:
    paid_at = session.paid_at or session.created_at
    return {
        "authority": session.authority,
        "amount": session.amount_rials,
        "callback_url": session.callback_url,
        "referer": "",
        "date": f"{paid_at.astimezone(TEHRAN):%Y-%m-%d %H:%M:%S}",
    }


def yes(code: int | str, data: Data) -> Response:
    """A success, with an unknown field, so that no adapter counts fields."""
    surprise: Data = {f"x_{secrets.token_hex(3)}": secrets.choice([None, 1, "text", [], {}])}
    message = rules.MESSAGES[int(code)]
    return jsonify({"data": {"code": code, "message": message, **data, **surprise}, "errors": []})


def no(code: int) -> Response:
    """A failure: `data` is then a list, and the status says little."""
    response = jsonify({"data": [], "errors": {"code": code, "message": rules.MESSAGES[code], "validations": []}})
    response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY if code == rules.WRONG_INPUT else HTTPStatus.OK
    return response


def html_error(status: int) -> Response:
    return Response("<html><body><h1>Bad Gateway</h1></body></html>", status=status, mimetype="text/html")


def broken() -> Response:
    """An answer that breaks off: less comes than its head says."""

    def part() -> Iterator[bytes]:
        yield b'{"data":' + b" " * BROKEN_AFTER_BYTES
        raise ConnectionAbortedError("verify_drop is switched on")

    return Response(part(), mimetype="application/json", headers={"Content-Length": str(2 * BROKEN_AFTER_BYTES)})
