"""The adapter of ZarinPal's v4 interface, which the sandbox bank speaks as well (docs/payments.md 6)."""

import json
import logging
import re
from collections.abc import Sequence
from typing import Any

import httpx

from services.payment.banks import http_client
from services.payment.banks.port import (
    Capabilities,
    Exchange,
    Mismatch,
    NotOpened,
    NotPaid,
    NotReversed,
    Opened,
    Order,
    Paid,
    RecordExchange,
    Reversed,
    SessionStatus,
    Unknown,
    Unverified,
    Verdict,
)
from services.payment.banks.port import discard as forget
from services.payment.banks.zarinpal_reply import Reply, read
from shared.text.foreign_values import short_text, whole_number

DESCRIPTION_MAX = 500
AUTHORITY_LENGTH = 36
AUTHORITY = re.compile(r"[AS][0-9A-Za-z]{35}")
OK, OK_BEFORE = 100, 101
NOT_PAID = -51
MISMATCHES = {
    -50: "amount_differs",
    -53: "session_of_another",
    -54: "session_unknown",
    -55: "session_unknown",
}
LATER = {-12: "too_many_requests", -52: "unexpected_error"}
"""Codes of a temporary failure; all others at a verify are our mistake, and the attempt is polled until it is mended."""

log = logging.getLogger(__name__)


class Zarinpal:
    """ZarinPal at `api_url`; browsers pay at `page_url`, which differs only where the sandbox has two addresses."""

    capabilities = Capabilities(
        name="zarinpal",
        can_reverse=True,
        least_rials=10_000,
    )

    def __init__(  # noqa: PLR0913 - what a merchant of ZarinPal has
        self,
        api_url: str,
        page_url: str,
        callback_url: str,
        merchant_id: str,
        timeout: httpx.Timeout | None = None,
        record: RecordExchange = forget,
    ) -> None:
        self._record = record
        self._api = f"{api_url}/pg/v4/payment"
        self._page_url = page_url
        self._callback_url = callback_url
        self._merchant_id = merchant_id
        self._http = http_client.client(timeout, Accept="application/json")

    def create(self, order: Order) -> Opened | NotOpened:
        reply = self._call(
            "request",
            amount=order.amount_rials,
            currency="IRR",
            description=order.description[:DESCRIPTION_MAX],
            callback_url=f"{self._callback_url}?attempt={order.attempt}",
            metadata={"order_id": str(order.attempt), "auto_verify": False},
        )
        if isinstance(reply, Unknown):
            return NotOpened(reply.cause)
        authority = short_text(reply.data.get("authority"))
        if reply.code != OK or not AUTHORITY.fullmatch(authority):
            log.error("the bank opened no session: code %s", reply.code)
            return NotOpened(f"code {reply.code}")
        return Opened(authority, self.page(authority))

    def page(self, authority: str) -> str:
        return f"{self._page_url}/pg/StartPay/{authority}"

    def verify(self, authority: str, amount_rials: int) -> Verdict:
        reply = self._call("verify", authority=authority, amount=amount_rials)
        if isinstance(reply, Unknown):
            return reply
        if reply.code in {OK, OK_BEFORE}:
            return paid(reply)
        if reply.code == NOT_PAID:
            return NotPaid("not_paid")
        if reply.code in MISMATCHES:
            return Mismatch(MISMATCHES[reply.code])
        if reply.code not in LATER:
            log.error("verify of %s: code %s must be mended on our side", authority, reply.code)
        return Unknown(f"code {reply.code}")

    def inquire(self, authority: str) -> SessionStatus:
        reply = self._call("inquiry", authority=authority)
        if isinstance(reply, Unknown) or reply.code != OK:
            return SessionStatus.UNKNOWN
        try:
            return SessionStatus(short_text(reply.data.get("status")).lower())
        except ValueError:
            return SessionStatus.UNKNOWN

    def list_unverified(self) -> Sequence[Unverified] | Unknown:
        reply = self._call("unVerified")
        if isinstance(reply, Unknown):
            return reply
        listed = reply.data.get("authorities")
        if reply.code != OK or not isinstance(listed, list):
            return Unknown(f"code {reply.code}")
        return [one for entry in listed if isinstance(entry, dict) and (one := unverified(entry))]

    def reverse(self, authority: str) -> Reversed | NotReversed | Unknown:
        reply = self._call("reverse", authority=authority)
        if isinstance(reply, Unknown):
            return reply
        return Reversed() if reply.code == OK else NotReversed(f"code {reply.code}")

    def _call(self, method: str, **fields: Any) -> Reply | Unknown:
        """Call the bank; any failure on the way is Unknown, never a refusal. The exchange is stored before it counts."""
        answer, reply, is_late = self._exchange(method, fields)
        if isinstance(reply, Unknown):
            log.warning("no usable answer of the bank to %s: %s", method, reply.cause)
        request = json.dumps({"merchant_id": masked(self._merchant_id), **fields}, ensure_ascii=False)
        authority = short_text(fields.get("authority") or getattr(reply, "data", {}).get("authority"))
        is_usable = not isinstance(reply, Unknown)
        self._record(Exchange(method, authority[:AUTHORITY_LENGTH], request, answer, is_usable, is_late))
        return reply

    def _exchange(self, method: str, fields: dict[str, Any]) -> tuple[str, Reply | Unknown, bool]:
        """The answer as text, its parsed content, and whether it came late."""
        sent = {"merchant_id": self._merchant_id, **fields}
        said, response = http_client.post(self._http, f"{self._api}/{method}.json", json=sent)
        reply = Unknown(said) if response is None else read(response.status_code, response.content)
        return said, reply, http_client.is_late(response)

    def __repr__(self) -> str:
        return f"Zarinpal({self._api!r}, merchant {masked(self._merchant_id)})"


def masked(secret: str) -> str:
    """Enough of an id of ours to distinguish it in logs."""
    return f"{secret[:4]}…"


def paid(reply: Reply) -> Verdict:
    """A good verify; without a reference it is no proof."""
    reference = short_text(reply.data.get("ref_id"))
    if not reference.strip("0"):
        return Unknown("no_reference")
    return Paid(reference, card_mask=short_text(reply.data.get("card_pan")))


def unverified(entry: dict[str, Any]) -> Unverified | None:
    authority, amount = short_text(entry.get("authority")), whole_number(entry.get("amount"))
    if amount is None or not AUTHORITY.fullmatch(authority):
        return None
    return Unverified(authority, amount)
