"""The commands that payment makes for itself: what the bank said, and what follows for other invoices."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True)
class ReplaceInvoice:
    """A later year's invoice charges this one's years again."""

    id: UUID
    at: datetime
    by_year: int


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
class ExtendInvoice:
    """The invoice could not be paid for a while, and so may be paid for longer."""

    id: UUID
    at: datetime
    by: timedelta
    cause: str
