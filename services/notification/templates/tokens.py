"""Tokens of the texts, such as `{amount}`: which each kind of notice names, and how its values are written."""

import re
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from shared.contract.bounds import RIALS_MAX
from shared.contract.notification.values import NoticeKind, NoticeValues
from shared.text import persian

CODE = "code"
"""The text that brings a code to an address that is to be proved; no notice, for it is in no inbox."""
PORTAL, LINK = "portal", "link"
"""The portal's address, the same in every message, and the address of the page that the notice is about."""
TOKEN = re.compile(r"\{([^{}]*)\}")
PERSONAL = frozenset(
    {"name", "first_name", "last_name", "national_code", "member", "address", "phone", "mobile", "email"}
)
"""Never in a message: it may be read by others, and lies at the provider."""
NO_VALUE = "–"
K = NoticeKind


class Tokens(NamedTuple):
    """What the texts of a kind must name, and what they may name besides."""

    needed: frozenset[str]
    others: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    """What the inbox and the e-mail must name, and an SMS must not."""

    def without(self, lacking: frozenset[str]) -> "Tokens":
        return Tokens(self.needed - lacking, self.others - lacking, self.private - lacking)


def of(needed: str, others: str = "", private: str = "") -> Tokens:
    return Tokens(frozenset(needed.split()), frozenset(others.split()), frozenset(private.split()))


class TokenLimits(Protocol):
    """What a provider takes as the tokens of a template."""

    @property
    def tokens_max(self) -> int: ...

    @property
    def token_length_max(self) -> int: ...

    @property
    def tokens_may_have_blanks(self) -> bool: ...


KINDS: Mapping[str, Tokens] = {
    K.REQUEST_RECEIVED: of("tracking_code until", "day year"),
    K.RETURNED: of("until", "day year tracking_code"),
    K.REJECTED: of("tracking_code", "year"),
    K.EXPIRED: of("year", "tracking_code"),
    K.APPROVED: of("amount until", "day year"),
    K.APPROVED_WITHOUT_FEE: of("year"),
    K.INVOICE_ENDS: of("amount until", "day year"),
    K.SEASON_REMINDER: of("year day", "until"),
    K.PAYMENT_RECEIVED: of("amount", "year"),
    K.PAYMENT_UNKNOWN: of("", "year"),
    K.PAYMENT_CONFIRMED: of("year", private="capacity remaining"),
    K.CAPACITY_NEARLY_USED: of("year", private="capacity remaining"),
    K.MONEY_BACK: of("amount", "year"),
    K.SLIP_REVERSED: of("amount", "year"),
    K.LICENCE_ENDS: of("day", "until"),
    K.PASSWORD_CHANGED: of(""),
    K.PASSWORD_RESET: of(""),
    K.FACTOR_CHANGED: of(""),
    K.NEW_DEVICE: of(""),
    K.ACCOUNT_LOCKED: of(""),
    K.ADDRESS_CHANGED: of(""),
    K.DESK_DIGEST: of("count"),
    K.PROMISE_ENDS: of("tracking_code until", "day year"),
    K.MONEY_EXCEPTION: of("", "amount year"),
    K.WEBHOOK_DISABLED: of(""),
    CODE: of("code minutes"),
}
"""An approval's texts name no tracking code: the invoice may come before what renewal says of the request."""
LACKING: Mapping[str, tuple[str, frozenset[str]]] = {
    K.REQUEST_RECEIVED: ("until", frozenset({"until", "day"})),
    K.RETURNED: ("until", frozenset({"until", "day"})),
    K.PAYMENT_CONFIRMED: ("capacity", frozenset({"capacity", "remaining"})),
}
"""Kinds that have texts of their own for a notice without a value, and which tokens those lack: the office's calendar has no hours in sight, or the year no capacity policy."""
REMINDERS = frozenset({K.INVOICE_ENDS, K.SEASON_REMINDER, K.LICENCE_ENDS})
"""Their e-mail says where they are switched off."""
LONGEST: Mapping[str, str] = {
    "tracking_code": "۸" * 12,
    "amount": persian.format_number(RIALS_MAX),
    "until": "۱۴۰۵/۱۲/۲۹-۲۳:۵۹",
    "day": "۱۴۰۵/۱۲/۲۹",
    "year": "۱۴۰۵",
    "count": persian.format_number(999_999),
    "capacity": persian.format_units(9_999_99),
    "remaining": persian.format_units(9_999_99),
    "code": "888888",
    "minutes": "۶۰",
}
"""As an SMS has them, by which its longest form is counted."""


def values_of(values: NoticeValues, *, short: bool) -> dict[str, str]:
    """The values of a notice as texts, those that it has; short ones are for an SMS and have no blank, for no provider's token may have one."""
    texts = {}
    if values.tracking_code:
        texts["tracking_code"] = "".join(persian.shown_code(values.tracking_code).split())
    if values.year is not None:
        texts["year"] = persian.digits_to_persian(values.year)
    if values.amount_rials is not None:
        texts["amount"] = persian.format_number(values.amount_rials)
    if values.count is not None:
        texts["count"] = persian.format_number(values.count)
    if values.ceiling_units is not None:
        texts["capacity"] = persian.format_units(values.ceiling_units)
    if values.remaining_units is not None:
        texts["remaining"] = persian.format_units(values.remaining_units)
    if values.until is not None:
        on, hour = persian.day_of(values.until), persian.format_instant(values.until).rpartition(" ")[2]
        hour = persian.digits_to_persian(hour)
        texts["day"] = persian.digits_to_persian(persian.format_date(on)) if short else persian.long_date(on)
        texts["until"] = f"{texts['day']}-{hour}" if short else f"{texts['day']}، ساعت {hour}"
    return texts


def named(text: str) -> tuple[str, ...]:
    """The tokens of a text in their order, each once."""
    return tuple(dict.fromkeys(TOKEN.findall(text)))


def fill(text: str, texts: Mapping[str, str]) -> str:
    """The text with its tokens filled in; what has no value is a dash."""
    return TOKEN.sub(lambda token: texts.get(token[1], NO_VALUE), text)
