"""State of an invoice with its attempts and requests, folded from its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, assert_never
from uuid import UUID

from services.payment.invoices.own_events import AttemptEvent, CreditEvent, InvoiceEvent, Requested, RequestEvent
from shared.contract.payment import events, finance_events
from shared.contract.payment.answers import AttemptStatus

InvoiceStatus = Literal["none", "open", "settled", "confirmed"]
RequestStatus = Literal["requested", "granted", "done", "declined", "reversed"]
"""A slip that counts is `done`, and `reversed` where it counts no more."""


@dataclass(frozen=True)
class Attempt:
    """An attempt, with its amount frozen from the invoice."""

    bank: str
    authority: str
    amount_rials: int
    started_at: datetime
    status: AttemptStatus = "started"
    bank_reference: str = ""
    refunded_rials: int = 0
    credited_rials: int = 0
    """What of it counts for another invoice."""
    is_owed: bool = False
    """Whether finance owes a refund of it."""
    cause: str = ""
    """Why it is held."""

    @property
    def is_paid(self) -> bool:
        """Whether the bank has taken money for it; nothing but a reversal takes that back."""
        return self.status in {"settled", "duplicate"}


@dataclass(frozen=True)
class Request:
    """A request of one officer that another has to grant."""

    event: Requested
    status: RequestStatus = "requested"
    bank_reference: str = ""
    """Under which a refund was sent."""
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Invoice:
    """The invoice of a member and year; without `issued` there is none yet."""

    issued: events.InvoiceIssued | None = None
    status: InvoiceStatus = "none"
    confirmed: events.PaymentConfirmed | None = None
    payable_until: datetime | None = None
    replaced_by_year: int | None = None
    is_cancelled: bool = False
    received_rials: int = 0
    """What counts of payments, slips and credit, less refunds; below 0 where more has gone back than came."""
    written_off_rials: int = 0
    spent: Mapping[tuple[UUID | None, int], int] = field(default_factory=dict)
    """What counts for other years' invoices, by the surplus payment that it is of, if it is of one, and that year."""
    attempts: Mapping[UUID, Attempt] = field(default_factory=dict)
    requests: Mapping[UUID, Request] = field(default_factory=dict)

    @property
    def due_rials(self) -> int:
        """What is still owed."""
        amount = self.issued.amount_rials if self.issued else 0
        return max(0, amount - self.received_rials - self.written_off_rials)

    @property
    def is_valid(self) -> bool:
        """Whether it was neither replaced nor cancelled."""
        return self.replaced_by_year is None and not self.is_cancelled

    @property
    def is_paid(self) -> bool:
        """Whether it is valid and nothing is owed."""
        return self.is_valid and self.status in {"settled", "confirmed"}


def stream_of(member: str, year: int) -> str:
    """The stream of a member's invoice of a year."""
    return f"invoice/{member}/{year}"


def evolve(invoice: Invoice, event: InvoiceEvent) -> Invoice:
    """What an event makes of the invoice."""
    if isinstance(event, Requested):
        return with_request(invoice, event.request, Request(event))
    match event:
        case events.InvoiceIssued():
            status: InvoiceStatus = "open" if event.amount_rials else "settled"
            return replace(invoice, issued=event, status=status, payable_until=event.payable_until)
        case events.InvoiceExtended():
            return replace(invoice, payable_until=event.payable_until)
        case events.InvoiceReplaced():
            return replace(invoice, replaced_by_year=event.replaced_by_year, status="open")
        case events.InvoiceCancelled():
            return replace(invoice, is_cancelled=True, status="open")
        case events.PaymentConfirmed() if invoice.is_valid:
            return replace(invoice, status="confirmed", confirmed=event)
        case events.PaymentConfirmed() | events.ConfirmationWithdrawn():
            return invoice
        case _:
            return evolve_attempts(invoice, event)


def evolve_attempts(invoice: Invoice, event: AttemptEvent | RequestEvent | CreditEvent) -> Invoice:
    """What an event about one attempt makes of the invoice."""
    match event:
        case events.PaymentStarted():
            started = Attempt(event.bank, event.authority, event.amount_rials, event.started_at)
            return with_attempt(invoice, event.attempt, started)
        case events.PaymentSettled():
            paid = ended(invoice, event.attempt, "settled", event.bank_reference)
            return received(paid, event.amount_rials)
        case events.DuplicatePaymentFound():
            return ended(invoice, event.attempt, "duplicate", event.bank_reference)
        case events.PaymentFailed():
            return ended(invoice, event.attempt, "failed")
        case events.PaymentHeld():
            held = replace(invoice.attempts[event.attempt], status="held", cause=event.cause)
            return with_attempt(invoice, event.attempt, held)
        case events.PaymentReversed():
            return went_back(invoice, event)
        case finance_events.RefundDue():
            return with_attempt(invoice, event.attempt, replace(invoice.attempts[event.attempt], is_owed=True))
        case _:
            return evolve_requests(invoice, event)


def went_back(invoice: Invoice, event: events.PaymentReversed) -> Invoice:
    """Money is gone; where the invoice was settled by it, it is owed again."""
    attempt = invoice.attempts[event.attempt]
    without = with_attempt(invoice, event.attempt, replace(attempt, status="reversed"))
    return lost(without, event.amount_rials) if attempt.status == "settled" else without


def lost(invoice: Invoice, rials: int) -> Invoice:
    """Money counts no more; the invoice is open as long as anything is owed."""
    left = replace(invoice, received_rials=invoice.received_rials - rials)
    return replace(left, status="open") if left.due_rials else left


def evolve_requests(invoice: Invoice, event: RequestEvent | CreditEvent) -> Invoice:
    """What an event about an officer's request makes of the invoice."""
    match event:
        case finance_events.RefundGranted():
            return moved(invoice, event.request, "granted", event.granted_by, event.granted_at)
        case finance_events.RefundPaid():
            return sent_back(invoice, event)
        case finance_events.WriteOffGranted():
            done = moved(invoice, event.request, "done", event.granted_by, event.granted_at)
            written_off_rials = done.written_off_rials + event.amount_rials
            return settled_if_nothing_is_due(replace(done, written_off_rials=written_off_rials))
        case finance_events.ManualPaymentGranted():
            done = moved(invoice, event.request, "done", event.granted_by, event.granted_at)
            return received(done, event.amount_rials)
        case finance_events.ManualPaymentReversed():
            done = moved(invoice, event.request, "done", event.granted_by, event.granted_at)
            without = moved(done, event.manual_payment, "reversed", event.granted_by, event.granted_at)
            return lost(without, event.amount_rials)
        case finance_events.RequestDeclined():
            return moved(invoice, event.request, "declined", event.declined_by, event.declined_at)
        case _:
            return evolve_credit(invoice, event)


def sent_back(invoice: Invoice, event: finance_events.RefundPaid) -> Invoice:
    """A refunded amount counts no more; of a surplus payment nothing ever did."""
    attempt = invoice.attempts[event.attempt]
    refunded = replace(attempt, refunded_rials=attempt.refunded_rials + event.amount_rials)
    sent = replace(invoice.requests[event.request], bank_reference=event.bank_reference)
    done = moved(with_request(invoice, event.request, sent), event.request, "done", event.paid_by, event.paid_at)
    after = with_attempt(done, event.attempt, refunded)
    counted = event.amount_rials if attempt.status == "settled" else 0
    return replace(after, received_rials=after.received_rials - counted)


def evolve_credit(invoice: Invoice, event: CreditEvent) -> Invoice:
    """What an event about surplus money makes of the invoice."""
    match event:
        case events.CreditCounted():
            return received(invoice, event.amount_rials)
        case events.CreditWithdrawn():
            return lost(invoice, event.amount_rials)
        case events.CreditTaken():
            return with_spent(invoice, event.attempt, event.to_year, event.amount_rials)
        case events.CreditReturned():
            return with_spent(invoice, event.attempt, event.from_year, -event.amount_rials)
        case _:
            assert_never(event)


def with_spent(invoice: Invoice, key: UUID | None, year: int, rials: int) -> Invoice:
    """What was too much counts elsewhere, or does so no more."""
    after = replace(invoice, spent={**invoice.spent, (key, year): invoice.spent.get((key, year), 0) + rials})
    if key is None:
        return received(after, -rials)
    attempt = invoice.attempts[key]
    return with_attempt(after, key, replace(attempt, credited_rials=attempt.credited_rials + rials))


def settled_if_nothing_is_due(invoice: Invoice) -> Invoice:
    """A replaced or cancelled invoice is never settled, whatever is counted for it."""
    is_settled = invoice.is_valid and invoice.status == "open" and not invoice.due_rials
    return replace(invoice, status="settled") if is_settled else invoice


def received(invoice: Invoice, rials: int) -> Invoice:
    """Money counts for the invoice, or, below 0, counts elsewhere."""
    return settled_if_nothing_is_due(replace(invoice, received_rials=invoice.received_rials + rials))


def with_request(invoice: Invoice, key: UUID, request: Request) -> Invoice:
    return replace(invoice, requests={**invoice.requests, key: request})


def moved(invoice: Invoice, key: UUID, status: RequestStatus, by: str, at: datetime) -> Invoice:
    return with_request(invoice, key, replace(invoice.requests[key], status=status, decided_by=by, decided_at=at))


def with_attempt(invoice: Invoice, key: UUID, attempt: Attempt) -> Invoice:
    return replace(invoice, attempts={**invoice.attempts, key: attempt})


def ended(invoice: Invoice, key: UUID, status: AttemptStatus, bank_reference: str = "") -> Invoice:
    return with_attempt(invoice, key, replace(invoice.attempts[key], status=status, bank_reference=bank_reference))
