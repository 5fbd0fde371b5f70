"""Decisions when money goes back: the reversal, the withdrawn confirmation, the refund that is owed, more time to pay."""

from datetime import datetime

from services.payment.invoices.internal_commands import ExtendInvoice, OweRefund, ReverseAttempt
from services.payment.invoices.state import Attempt, Invoice
from shared.contract import base
from shared.contract.payment import events, finance_events


def reverse(
    command: ReverseAttempt, attempt: Attempt, issued: events.InvoiceIssued, invoice: Invoice
) -> list[base.Event]:
    """Money that was counted has gone back; what followed from its confirmation goes with it."""
    if not attempt.is_paid:
        return []
    happened: list[base.Event] = [
        events.PaymentReversed(
            member=issued.member,
            year=issued.year,
            province=issued.province,
            attempt=command.attempt,
            authority=attempt.authority,
            bank=attempt.bank,
            amount_rials=attempt.amount_rials,
            bank_reference=attempt.bank_reference,
            cause=command.cause,
            reversed_at=command.at,
        )
    ]
    left = invoice.received_rials - attempt.amount_rials + invoice.written_off_rials
    if attempt.status == "settled" and left < issued.amount_rials:
        happened += withdraw(issued, invoice, "reversed", command.at)
    return happened


def withdraw(issued: events.InvoiceIssued, invoice: Invoice, cause: str, at: datetime) -> list[base.Event]:
    """A confirmation that was given does not hold any more."""
    if invoice.status != "confirmed":
        return []
    return [
        events.ConfirmationWithdrawn(
            member=issued.member, year=issued.year, province=issued.province, cause=cause, withdrawn_at=at
        )
    ]


def owe(command: OweRefund, attempt: Attempt, issued: events.InvoiceIssued) -> list[base.Event]:
    """The bank keeps a surplus payment; only one that nothing needs is owed back."""
    if attempt.status != "duplicate" or attempt.is_owed:
        return []
    return [
        finance_events.RefundDue(
            member=issued.member,
            year=issued.year,
            province=issued.province,
            attempt=command.attempt,
            amount_rials=attempt.amount_rials,
            cause=command.cause,
            due_at=command.at,
        )
    ]


def extend(command: ExtendInvoice, issued: events.InvoiceIssued, invoice: Invoice) -> list[base.Event]:
    """Only what is still to be paid gets longer."""
    if invoice.status != "open" or not invoice.stands:
        return []
    return [
        events.InvoiceExtended(
            member=issued.member,
            year=issued.year,
            payable_until=(invoice.payable_until or issued.payable_until) + command.by,
            cause=command.cause,
            extended_at=command.at,
        )
    ]
