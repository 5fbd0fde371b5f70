"""The sandbox bank's rules, pure: the life of a session, and the code that each question gets, in the bank's own order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

LINK_LIFE = timedelta(minutes=30)
"""So long the page lets one pay."""
VERIFY_WINDOW = timedelta(minutes=30)
"""So long after the payment it may be verified; then the money goes back."""
REVERSE_WINDOW = timedelta(minutes=30)
AMOUNT_RIALS_MIN = 10_000
AMOUNT_RIALS_MAX = 2_000_000_000
DESCRIPTION_MAX = 500
MERCHANT_LENGTH = 36
RIALS, TOMANS = "IRR", "IRT"
RIALS_PER = {RIALS: 1, TOMANS: 10}
AMOUNT_DIGITS_MAX = 12
FEE_RIALS_MAX = 120_000
FEE_DIVISOR = 200
"""The sandbox's own fee: half a percent, up to a limit."""

OK, OK_BEFORE, WRONG_INPUT = 100, 101, -9

MESSAGES = {
    -9: "The input params invalid, validation error.",
    -10: "Terminal is not valid, please check merchant_id or ip address.",
    -12: "To many attempts, please try again later.",
    -14: "The callback domain does not match the registered terminal domain.",
    -50: "Session is not valid, amounts values is not the same.",
    -51: "Session is not valid, session is not active paid try.",
    -53: "Session is not this merchant_id session",
    -54: "Invalid authority.",
    -60: "Session can not be reversed with bank.",
    -61: "Session is not in success status.",
    -63: "Session reverse time is over.",
    100: "Success",
    101: "Verified",
}


class Status(StrEnum):
    """The status of a session, as `inquiry` returns it."""

    IN_BANK = "IN_BANK"
    PAID = "PAID"
    VERIFIED = "VERIFIED"
    FAILED = "FAILED"
    REVERSED = "REVERSED"
    DECLINED = "DECLINED"
    """The card was declined: failed, as `inquiry` returns it, but it may be tried again in the same session."""


@dataclass(frozen=True)
class Session:
    """One session of a merchant; `status` as it was last written, `standing` as it is now."""

    number: int
    authority: str
    merchant_id: str
    amount_rials: int
    description: str
    callback_url: str
    status: Status
    created_at: datetime
    paid_at: datetime | None = None
    currency: str = RIALS

    def session_status(self, now: datetime) -> Status:
        """The status once time has done its part."""
        if self.status is Status.DECLINED or (self.status is Status.IN_BANK and now > self.created_at + LINK_LIFE):
            return Status.FAILED
        if self.status is Status.PAID and self.paid_at is not None and now > self.paid_at + VERIFY_WINDOW:
            return Status.REVERSED
        return self.status

    def can_be_paid(self, now: datetime) -> bool:
        """Whether the page lets one pay."""
        return self.status in {Status.IN_BANK, Status.DECLINED} and now <= self.created_at + LINK_LIFE


@dataclass(frozen=True)
class PaymentOrder:
    """What a merchant asks to be paid."""

    merchant_id: str
    amount_rials: int
    description: str
    callback_url: str
    currency: str


def merchant_fault(fields: Mapping[str, Any]) -> int | None:
    """-9 without a merchant, -10 for one that cannot be."""
    merchant_id = fields.get("merchant_id")
    if not isinstance(merchant_id, str) or len(merchant_id) != MERCHANT_LENGTH:
        return WRONG_INPUT
    try:
        UUID(merchant_id)
    except ValueError:
        return -10
    return None


def payment_order(fields: Mapping[str, Any], portal_url: str) -> PaymentOrder | int:
    """What is wished for, or the code of what is wrong with it."""
    fault = merchant_fault(fields)
    if fault is not None:
        return fault
    amount, description, callback_url = amount_rials(fields), fields.get("description"), fields.get("callback_url")
    if amount is None:
        return WRONG_INPUT
    if not isinstance(description, str) or not 0 < len(description) <= DESCRIPTION_MAX:
        return WRONG_INPUT
    if not isinstance(callback_url, str) or not origin(callback_url).startswith(("http://", "https://")):
        return WRONG_INPUT
    if not may_return_to(callback_url, portal_url):
        return -14
    return PaymentOrder(fields["merchant_id"], amount, description, callback_url, fields.get("currency", RIALS))


def may_return_to(callback_url: str, portal_url: str) -> bool:
    """Whether a callback is the portal's, or on this machine, where other shops are tried with the sandbox."""
    if origin(callback_url) == origin(portal_url):
        return True
    try:
        host = urlsplit(callback_url).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ip_address(host).is_loopback
    except ValueError:
        return False


def amount_rials(fields: Mapping[str, Any]) -> int | None:
    """What is to be paid; None for what the bank takes from nobody."""
    amount = rials(fields)
    return amount if amount is not None and AMOUNT_RIALS_MIN <= amount <= AMOUNT_RIALS_MAX else None


def rials(fields: Mapping[str, Any], default_currency: str = RIALS) -> int | None:
    """The amount in rials: a number or its text, in the currency that is said with it."""
    currency, amount = fields.get("currency", default_currency), fields.get("amount")
    if not isinstance(currency, str) or currency not in RIALS_PER:
        return None
    if isinstance(amount, float) and amount.is_integer():
        amount = int(amount)  # as Django shops send it
    if isinstance(amount, bool) or not isinstance(amount, int | str):
        return None
    digits = str(amount)
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= AMOUNT_DIGITS_MAX
    return int(digits) * RIALS_PER[currency] if is_number else None


def fee(amount_rials: int, currency: str) -> int:
    """The bank's fee, in the currency of the request."""
    return min(amount_rials // FEE_DIVISOR, FEE_RIALS_MAX) // RIALS_PER[currency]


def verify_code(fields: Mapping[str, Any], session: Session | None, now: datetime) -> int:
    """The bank's order: merchant, session, whose it is, amount, paid, verified before."""
    fault = session_fault(fields, session)
    if fault is not None or session is None:
        return fault or -54
    if rials(fields, session.currency) != session.amount_rials:
        return -50
    session_status = session.session_status(now)
    if session_status is Status.VERIFIED:
        return OK_BEFORE
    return OK if session_status is Status.PAID else -51


def reverse_code(fields: Mapping[str, Any], session: Session | None, now: datetime) -> int:
    """A verified payment may be reversed for half an hour."""
    fault = session_fault(fields, session)
    if fault is not None or session is None:
        return fault or -54
    if session.session_status(now) not in {Status.PAID, Status.VERIFIED} or session.paid_at is None:
        return -61
    return OK if now <= session.paid_at + REVERSE_WINDOW else -63


def session_fault(fields: Mapping[str, Any], session: Session | None) -> int | None:
    """What is wrong before the session itself is looked at."""
    fault = merchant_fault(fields)
    if fault is not None:
        return fault
    if session is None:
        return -54
    return -53 if session.merchant_id != fields["merchant_id"] else None


def callback(session: Session, authority: str, status: str) -> str:
    """Where the browser goes back to: the merchant's own query stays, ours is added; nothing is signed."""
    parts = urlsplit(session.callback_url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("Authority", authority), ("Status", status)]
    return urlunsplit(parts._replace(query=urlencode(query)))


def origin(url: str) -> str:
    """Scheme, host and port of an address; nothing for what is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
