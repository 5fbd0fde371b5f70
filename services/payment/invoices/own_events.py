"""Events of an invoice's own stream, by what they are about."""

from typing import Any
from uuid import UUID

from shared.contract.payment import events, finance_events

Requested = (
    finance_events.RefundRequested
    | finance_events.WriteOffRequested
    | finance_events.ManualPaymentRequested
    | finance_events.ManualPaymentReversalRequested
)
CreditEvent = events.CreditCounted | events.CreditWithdrawn | events.CreditTaken | events.CreditReturned
RequestEvent = (
    finance_events.RefundGranted
    | finance_events.RefundPaid
    | finance_events.WriteOffGranted
    | finance_events.ManualPaymentGranted
    | finance_events.ManualPaymentReversed
    | finance_events.RequestDeclined
)
AttemptEvent = (
    events.PaymentStarted
    | events.PaymentSettled
    | events.DuplicatePaymentFound
    | events.PaymentFailed
    | events.PaymentHeld
    | events.PaymentReversed
    | finance_events.RefundDue
)
InvoiceEvent = (
    events.InvoiceIssued
    | events.InvoiceExtended
    | events.InvoiceReplaced
    | events.InvoiceCancelled
    | events.PaymentConfirmed
    | events.ConfirmationWithdrawn
    | Requested
    | AttemptEvent
    | RequestEvent
    | CreditEvent
)


def key_of(issued: events.InvoiceIssued) -> dict[str, Any]:
    """What every event of an invoice about money names it by."""
    return {"member": issued.member, "year": issued.year, "province": issued.province}


def attempt_key(issued: events.InvoiceIssued, attempt: UUID, authority: str) -> dict[str, Any]:
    """What every event of an attempt names it by."""
    return {"member": issued.member, "year": issued.year, "attempt": attempt, "authority": authority}
