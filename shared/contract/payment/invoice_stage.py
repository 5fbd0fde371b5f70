"""The stage of an invoice for its readers, beyond its status: written off, replaced, or payment pending; pure."""

from collections.abc import Iterable
from typing import Literal

from shared.contract.payment.answers import Attempt, Invoice

Stage = Literal["cancelled", "replaced", "pending", "held", "open", "written_off", "settled", "confirmed"]
DOUBTFUL: dict[str, Stage] = {"started": "pending", "held": "held"}
"""Attempts whose money may have been taken, though nothing counts yet, with what they make of their invoice."""


def stage(invoice: Invoice) -> Stage:
    """The stage of an invoice: written off is not shown as paid, nor a pending payment as unpaid."""
    if invoice.cancelled_at is not None:
        return "cancelled"
    if invoice.replaced_by_year is not None:
        return "replaced"
    if invoice.status == "settled" and not is_paid_whole(invoice):
        return "written_off"
    found = doubtful(invoice)
    return DOUBTFUL[found.status] if found else invoice.status


def doubtful(invoice: Invoice) -> Attempt | None:
    """The newest payment of an unpaid invoice that may have been made, though nothing counts yet."""
    attempts = reversed(invoice.attempts if invoice.status == "open" else ())
    return next((one for one in attempts if one.status in DOUBTFUL), None)


def first_doubtful(invoices: Iterable[Invoice]) -> Attempt | None:
    """The first of several invoices' payments that may have been made."""
    return next(filter(None, map(doubtful, invoices)), None)


def is_paid_whole(invoice: Invoice) -> bool:
    """Whether there was something to pay, and no part of it was written off."""
    return invoice.amount_rials > 0 and not invoice.written_off_rials


def due_rials(invoice: Invoice) -> int:
    """What is still owed of an invoice."""
    return max(0, invoice.amount_rials - invoice.received_rials - invoice.written_off_rials)
