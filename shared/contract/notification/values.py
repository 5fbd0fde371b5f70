"""What a notice is about, and by which ways a person is told."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, StringConstraints

from shared.contract.values import Rials, Value


class Way(StrEnum):
    """A way out of the portal; the inbox in the portal has every notice besides."""

    SMS = "sms"
    EMAIL = "email"


class NoticeKind(StrEnum):
    """What a notice says; each kind has its texts in `services/notification/templates`."""

    REQUEST_RECEIVED = "request_received"
    RETURNED = "returned"
    REJECTED = "rejected"
    EXPIRED = "expired"
    APPROVED = "approved"
    APPROVED_WITHOUT_FEE = "approved_without_fee"
    INVOICE_ENDS = "invoice_ends"
    SEASON_REMINDER = "season_reminder"
    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_UNKNOWN = "payment_unknown"
    PAYMENT_CONFIRMED = "payment_confirmed"
    CAPACITY_NEARLY_USED = "capacity_nearly_used"
    MONEY_BACK = "money_back"
    SLIP_REVERSED = "slip_reversed"
    LICENCE_ENDS = "licence_ends"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - no password
    PASSWORD_RESET = "password_reset"  # noqa: S105 - no password
    FACTOR_CHANGED = "factor_changed"
    NEW_DEVICE = "new_device"
    ACCOUNT_LOCKED = "account_locked"
    ADDRESS_CHANGED = "address_changed"
    """Goes to the address that was replaced or removed, and to no other."""
    DESK_DIGEST = "desk_digest"
    PROMISE_ENDS = "promise_ends"
    MONEY_EXCEPTION = "money_exception"
    WEBHOOK_DISABLED = "webhook_disabled"


class NoticeValues(Value):
    """What the texts of a notice name: no name, code, number or address of a person. What a kind does not need is None."""

    tracking_code: str = ""
    year: int | None = None
    amount_rials: Rials | None = None
    until: AwareDatetime | None = None
    count: int | None = None
    ceiling_units: int | None = None
    """The year's capacity, in units of 0.01 P."""
    remaining_units: int | None = None


Person = Annotated[str, StringConstraints(pattern=r"^(member:[0-9]{3,12}|officer:[a-z][a-z0-9._-]{1,39})$")]
"""Who is told, as an actor."""
