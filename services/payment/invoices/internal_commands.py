"""Internal commands on an invoice: from an approval, from the bank's answers, and from changes of other invoices."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.contract.values import CoveredYear, InvoiceLine, Waiver


@dataclass(frozen=True)
class InternalCommand:
    """What every one of them has: its id and its time."""

    id: UUID
    at: datetime


@dataclass(frozen=True)
class WaiverRequest:
    """A fee that the manager who approved a renewal wants to waive; `note` is renewal's row with the reason."""

    amount_rials: int
    note: UUID
    requested_by: str
    requested_at: datetime


@dataclass(frozen=True)
class IssueInvoice(InternalCommand):
    """Freeze the amount of an approved renewal."""

    member: str
    year: int
    province: str
    lines: tuple[InvoiceLine, ...]
    entrance_rials: int = 0
    waivers: tuple[Waiver, ...] = ()
    waived_by: str = ""
    waiver_persons: tuple[str, ...] = ()
    waiver_request: WaiverRequest | None = None
    """What the approval wants to let the member off, for a second officer to grant."""
    covered: tuple[CoveredYear, ...] = ()
    charged_by_year: int | None = None
    """The year of the unpaid invoice that charges this year already."""


@dataclass(frozen=True)
class ReplaceInvoice(InternalCommand):
    """A later year's invoice charges this one's years again."""

    by_year: int


@dataclass(frozen=True)
class LoseCover(InternalCommand):
    """The invoice that covers this one's own year is not paid any more: it is open again, or cancelled."""

    of_year: int
    is_cancelled: bool


@dataclass(frozen=True)
class StartAttempt(InternalCommand):
    """The bank has opened a session under `authority`; recorded before the browser goes there."""

    attempt: UUID
    bank: str
    authority: str
    actor: str
    amount_rials: int | None = None
    """The amount of the session, which must be the one that is due."""


@dataclass(frozen=True)
class SettleAttempt(InternalCommand):
    """The bank's verify answers that the attempt's amount is paid."""

    attempt: UUID
    bank_reference: str
    card_mask: str


@dataclass(frozen=True)
class WithCause(InternalCommand):
    """An outcome of an attempt other than its payment, and why."""

    attempt: UUID
    cause: str


class FailAttempt(WithCause):
    """The bank answers that the attempt was not paid and will not be."""


class HoldAttempt(WithCause):
    """The bank's answer contradicts our record."""


class ReverseAttempt(WithCause):
    """The bank answers that it has reversed an attempt."""


class OweRefund(WithCause):
    """The bank does not reverse a surplus payment; finance has to refund it."""


@dataclass(frozen=True)
class TakeCredit(InternalCommand):
    """A later invoice of the member's could use what is too much here."""

    to_year: int
    most_rials: int


@dataclass(frozen=True)
class CountCredit(InternalCommand):
    """The surplus of another year, taken there, counts here."""

    from_year: int
    amount_rials: int


class ReturnCredit(InternalCommand):
    """Money is gone of which a part counts for other invoices: that part is withdrawn there."""


@dataclass(frozen=True)
class WithdrawCredit(InternalCommand):
    """The money behind a credit that counts here is gone."""

    to_year: int
    amount_rials: int


@dataclass(frozen=True)
class ExtendInvoice(InternalCommand):
    """The invoice could not be paid for a while, and so may be paid for longer."""

    by: timedelta
    cause: str
