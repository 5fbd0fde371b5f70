"""Internal commands on an invoice: from an approval, from the bank's answers, and from changes of other invoices."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.contract.values import CoveredYear, InvoiceLine, Waiver


@dataclass(frozen=True)
class IssueInvoice:
    """Freeze the amount of an approved renewal."""

    id: UUID
    at: datetime
    member: str
    year: int
    province: str
    lines: tuple[InvoiceLine, ...]
    entrance_rials: int = 0
    waivers: tuple[Waiver, ...] = ()
    waived_by: str = ""
    covered: tuple[CoveredYear, ...] = ()
    charged_by_year: int | None = None
    """The year of the unpaid invoice that charges this year already."""


@dataclass(frozen=True)
class ReplaceInvoice:
    """A later year's invoice charges this one's years again."""

    id: UUID
    at: datetime
    by_year: int


@dataclass(frozen=True)
class LoseCover:
    """The invoice that covers this one's own year is not paid any more: it is open again, or cancelled."""

    id: UUID
    at: datetime
    of_year: int
    is_cancelled: bool


@dataclass(frozen=True)
class StartAttempt:
    """The bank has opened a session under `authority`; recorded before the browser goes there."""

    id: UUID
    at: datetime
    attempt: UUID
    bank: str
    authority: str
    actor: str
    amount_rials: int | None = None
    """What the session is over, to be held against what is owed."""


@dataclass(frozen=True)
class SettleAttempt:
    """The bank's verify says that the attempt's amount is paid."""

    id: UUID
    at: datetime
    attempt: UUID
    bank_reference: str
    card_mask: str


@dataclass(frozen=True)
class FailAttempt:
    """The bank says that the attempt was not paid and will not be."""

    id: UUID
    at: datetime
    attempt: UUID
    cause: str


@dataclass(frozen=True)
class HoldAttempt:
    """The bank's answer contradicts our record."""

    id: UUID
    at: datetime
    attempt: UUID
    cause: str


@dataclass(frozen=True)
class ReverseAttempt:
    """The bank says that it has given an attempt's money back."""

    id: UUID
    at: datetime
    attempt: UUID
    cause: str


@dataclass(frozen=True)
class OweRefund:
    """The bank does not give a surplus payment back; people have to."""

    id: UUID
    at: datetime
    attempt: UUID
    cause: str


@dataclass(frozen=True)
class TakeCredit:
    """A later invoice of the member's could use what is too much here."""

    id: UUID
    at: datetime
    to_year: int
    most_rials: int


@dataclass(frozen=True)
class CountCredit:
    """The surplus of another year, taken there, counts here."""

    id: UUID
    at: datetime
    from_year: int
    amount_rials: int


@dataclass(frozen=True)
class ReturnCredit:
    """The bank has taken back money of which a part counts for other invoices: that part is called back."""

    id: UUID
    at: datetime


@dataclass(frozen=True)
class WithdrawCredit:
    """The money behind a credit that counts here is gone."""

    id: UUID
    at: datetime
    to_year: int
    amount_rials: int


@dataclass(frozen=True)
class ExtendInvoice:
    """The invoice could not be paid for a while, and so may be paid for longer."""

    id: UUID
    at: datetime
    by: timedelta
    cause: str
