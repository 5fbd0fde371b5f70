"""An adapter of a two-phase bank, of the shape of Mellat's interface: a verified payment must be settled too (docs/payments.md 5.1)."""

import html
import logging
import re
from datetime import timedelta
from typing import NamedTuple

import httpx
from pydantic import SecretStr

from services.payment.banks import http_client
from services.payment.banks.port import (
    Capabilities,
    Exchange,
    Mismatch,
    NotOpened,
    NotPaid,
    NotReversed,
    NotSettled,
    Opened,
    Order,
    Paid,
    RecordExchange,
    Reversed,
    SessionStatus,
    Settled,
    Unknown,
    Unverified,
    Verdict,
)
from services.payment.banks.port import discard as forget
from shared.contract.bank import mellat_key
from shared.contract.bank.mellat_key import ORDER_DIGITS, REF, REF_LENGTH

RETURN = re.compile(r"<return>([0-9A-Za-z,]{1,80})</return>")
OK = "0"
VERIFIED_BEFORE, SETTLED_BEFORE, REVERSED_BEFORE = "43", "45", "48"
SESSION_STATUSES = {
    OK: SessionStatus.PAID,
    VERIFIED_BEFORE: SessionStatus.PAID,
    SETTLED_BEFORE: SessionStatus.VERIFIED,
    REVERSED_BEFORE: SessionStatus.REVERSED,
    "17": SessionStatus.FAILED,
    "415": SessionStatus.IN_BANK,
}
"""The meaning of an inquiry's code; a verified session that is not settled counts as paid only."""
NOT_FOUND = "42"

log = logging.getLogger(__name__)


class Credentials(NamedTuple):
    """Who we are to the bank; the password is never in a log, nor in the exchange log."""

    terminal: str
    user: str
    password: SecretStr


class Sale(NamedTuple):
    """How the bank has a sale."""

    status: SessionStatus
    reference: str = ""
    amount_rials: int = 0


class Mellat:
    """A bank at `api_url` that is spoken to in SOAP. Our key of a session is the order's number and the bank's RefId in one."""

    capabilities = Capabilities(
        name="mellat",
        can_reverse=True,
        reverse_window=timedelta(hours=3),
    )

    def __init__(  # noqa: PLR0913 - what a merchant of this bank has
        self,
        api_url: str,
        page_url: str,
        callback_url: str,
        credentials: Credentials,
        timeout: httpx.Timeout | None = None,
        record: RecordExchange = forget,
    ) -> None:
        self._record = record
        self._api = f"{api_url}/pgwchannel/services/pgw"
        self._page_url = page_url
        self._callback_url = callback_url
        self._credentials = credentials
        self._http = http_client.client(timeout)

    def create(self, order: Order) -> Opened | NotOpened:
        number = order.attempt.int % 10**ORDER_DIGITS
        about = {"amount": str(order.amount_rials), "additionalData": order.description}
        answer = self._call(
            "bpPayRequest", number, callBackUrl=f"{self._callback_url}?attempt={order.attempt}", **about
        )
        if isinstance(answer, Unknown):
            return NotOpened(answer.cause)
        code, _, ref = answer.partition(",")
        if code != OK or not REF.fullmatch(ref):
            log.error("the bank opened no session: code %s", code)
            return NotOpened(f"code {code}")
        authority = mellat_key.key(str(number), ref)
        return Opened(authority, self.page(authority))

    def page(self, authority: str) -> str:
        return f"{self._page_url}/pgwchannel/startpay?RefId={authority[-REF_LENGTH:]}"

    def verify(self, authority: str, amount_rials: int) -> Verdict:
        """Claim the payment; the bank knows no amount here, so it is held against the one that the bank has."""
        sale = self._sale(authority)
        if isinstance(sale, Unknown):
            return sale
        if sale is None:
            return Mismatch("session_unknown")
        if sale.status not in {SessionStatus.PAID, SessionStatus.VERIFIED}:
            return NotPaid("not_paid")
        if sale.amount_rials != amount_rials:
            return Mismatch("amount_differs")
        if not sale.reference.strip("0"):
            return Unknown("no_reference")
        answer = self._call("bpVerifyRequest", order_of(authority), saleReferenceId=sale.reference)
        if isinstance(answer, Unknown):
            return answer
        if answer in {OK, VERIFIED_BEFORE, SETTLED_BEFORE}:
            return Paid(sale.reference)
        return NotPaid("reversed") if answer == REVERSED_BEFORE else Unknown(f"code {answer}")

    def settle(self, authority: str) -> Settled | NotSettled | Unknown:
        """The second phase; asking again is safe."""
        answer = self._about_sale("bpSettleRequest", authority)
        if isinstance(answer, Unknown):
            return answer
        return Settled() if answer in {OK, SETTLED_BEFORE} else NotSettled(f"code {answer}")

    def inquire(self, authority: str) -> SessionStatus:
        sale = self._sale(authority)
        return sale.status if isinstance(sale, Sale) else SessionStatus.UNKNOWN

    def list_unverified(self) -> list[Unverified] | Unknown:
        """This bank offers no such list: every attempt is polled by itself."""
        return []

    def reverse(self, authority: str) -> Reversed | NotReversed | Unknown:
        answer = self._about_sale("bpReversalRequest", authority)
        if isinstance(answer, Unknown):
            return answer
        return Reversed() if answer in {OK, REVERSED_BEFORE} else NotReversed(f"code {answer}")

    def _about_sale(self, method: str, authority: str) -> str | Unknown:
        sale = self._sale(authority)
        if isinstance(sale, Unknown):
            return sale
        return NOT_FOUND if sale is None else self._call(method, order_of(authority), saleReferenceId=sale.reference)

    def _sale(self, authority: str) -> Sale | Unknown | None:
        """The sale of an authority, None where the bank knows none."""
        answer = self._call("bpInquiryRequest", order_of(authority), saleReferenceId="0")
        if isinstance(answer, Unknown):
            return answer
        code, reference, amount, *_ = [*answer.split(","), "", "0"]
        if code == NOT_FOUND:
            return None
        if code not in SESSION_STATUSES or not (amount or "0").isascii() or not (amount or "0").isdigit():
            return Unknown(f"code {code}")
        return Sale(SESSION_STATUSES[code], reference, int(amount or "0"))

    def _call(self, method: str, order: int, **fields: str) -> str | Unknown:
        """Call the bank; any failure on the way is Unknown, never a refusal. The exchange is stored before it counts."""
        terminal, user, password = self._credentials
        about = {"orderId": str(order), "saleOrderId": str(order), **fields}
        body = envelope(
            method, {"terminalId": terminal, "userName": user, "userPassword": password.get_secret_value(), **about}
        )
        headers = {"Content-Type": "text/xml; charset=utf-8"}
        said, response = http_client.post(self._http, self._api, content=body.encode(), headers=headers)
        answer = RETURN.search(response.text) if response is not None and response.is_success else None
        is_late = http_client.is_late(response)
        self._record(Exchange(method, f"{order}", envelope(method, about), said, answer is not None, is_late))
        if answer is None:
            log.warning("no usable answer of the bank to %s", method)
            return Unknown("no_answer")
        return answer[1]

    def __repr__(self) -> str:
        return f"Mellat({self._api!r}, terminal {self._credentials.terminal[:2]}…)"


def order_of(authority: str) -> int:
    """The order's number in our key of a session."""
    return int(authority[1:-REF_LENGTH])


def envelope(method: str, fields: dict[str, str]) -> str:
    """A call as SOAP text."""
    inner = "".join(f"<{name}>{html.escape(value)}</{name}>" for name, value in fields.items())
    return (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:int="http://interfaces.core.sw.bps.com/"><soapenv:Body>'
        f"<int:{method}>{inner}</int:{method}></soapenv:Body></soapenv:Envelope>"
    )
