"""An invoice with its attempts as its events tell it, and the commands that payment makes for itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.contract import events
from shared.contract.answers import AttemptStatus

InvoiceStatus = Literal["none", "open", "settled", "confirmed"]


@dataclass(frozen=True)
class StartAttempt:
    """The bank has opened a session under `authority`; recorded before the browser goes there."""

    id: UUID
    at: datetime
    attempt: UUID
    bank: str
    authority: str
    actor: str


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
class Attempt:
    """An attempt, with its amount frozen from the invoice."""

    bank: str
    authority: str
    amount_rials: int
    started_at: datetime
    status: AttemptStatus = "started"
    bank_reference: str = ""

    @property
    def is_paid(self) -> bool:
        """Whether the bank has taken money for it; nothing but a reversal takes that back."""
        return self.status in {"settled", "duplicate"}


@dataclass(frozen=True)
class Invoice:
    """The invoice of a member and year; without `issued` there is none yet."""

    issued: events.InvoiceIssued | None = None
    status: InvoiceStatus = "none"
    attempts: Mapping[UUID, Attempt] = field(default_factory=dict)


def evolve(invoice: Invoice, event: events.Event) -> Invoice:
    """What an event makes of the invoice."""
    match event:
        case events.InvoiceIssued():
            return replace(invoice, issued=event, status="open")
        case events.PaymentStarted():
            started = Attempt(event.bank, event.authority, event.amount_rials, event.started_at)
            return with_attempt(invoice, event.attempt, started)
        case events.PaymentSettled():
            return replace(ended(invoice, event.attempt, "settled", event.bank_reference), status="settled")
        case events.DuplicatePaymentFound():
            return ended(invoice, event.attempt, "duplicate", event.bank_reference)
        case events.PaymentFailed():
            return ended(invoice, event.attempt, "failed")
        case events.PaymentHeld():
            return ended(invoice, event.attempt, "held")
        case events.PaymentConfirmed():
            return replace(invoice, status="confirmed")
        case _:
            return invoice


def with_attempt(invoice: Invoice, key: UUID, attempt: Attempt) -> Invoice:
    return replace(invoice, attempts={**invoice.attempts, key: attempt})


def ended(invoice: Invoice, key: UUID, status: AttemptStatus, bank_reference: str = "") -> Invoice:
    return with_attempt(invoice, key, replace(invoice.attempts[key], status=status, bank_reference=bank_reference))
