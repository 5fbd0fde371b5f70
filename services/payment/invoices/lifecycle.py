"""Decisions on the life of an invoice: issue, more time to pay, replacement, what a reversal takes with it; and the checks of its state."""

from datetime import datetime, time, timedelta
from uuid import UUID

from services.payment.invoices.internal_commands import (
    ExtendInvoice,
    IssueInvoice,
    LoseCover,
    OweRefund,
    ReplaceInvoice,
    ReverseAttempt,
    WaiverRequest,
)
from services.payment.invoices.own_events import key_of
from services.payment.invoices.state import Attempt, Invoice
from shared.contract import base
from shared.contract.payment import commands, events, finance_events
from shared.contract.refusals import Reason, Refused
from shared.text import persian

PAYABLE_DAYS = 30
"""How long an issued invoice may be paid, in days, unless Esfand ends earlier (docs/domain.md 7.2)."""
WINDOW = timedelta(minutes=40)
"""After this an attempt that the bank still holds open is closed: every verify window is shorter.

By our clock alone: put right meanwhile, it closes an attempt early, which is settled like any other if it is paid after all.
"""
SLIP_COUNTS = "slip_counts"
"""Why a payment is held that the bank confirms after a slip was granted in its place."""
REFERENCE_COUNTED = "reference_counted_before"
"""Why a payment is held whose reference counts already for another payment or for a slip."""
BY_MEMBER = "renewed"
"""Why an invoice was extended: its member wanted it again, by `RenewInvoice`."""


def issue(command: IssueInvoice, invoice: Invoice) -> list[base.Event]:
    """The invoice of an approval; where another one charges the year and waits to be paid, that one replaces it at once."""
    if invoice.issued is not None:
        return []
    issued = events.InvoiceIssued(
        member=command.member,
        year=command.year,
        province=command.province,
        lines=command.lines,
        entrance_rials=command.entrance_rials,
        waivers=command.waivers,
        waived_by=command.waived_by,
        waiver_persons=command.waiver_persons,
        amount_rials=total(command),
        covered=command.covered,
        issued_at=command.at,
        payable_until=payable_until(command.at),
    )
    by_year = command.charged_by_year
    if by_year is not None:
        return [issued, replaced(issued, issued.amount_rials, by_year, command.at)]
    wanted = command.waiver_request
    return [issued] if wanted is None else [issued, waiver_requested(command.id, issued, wanted)]


def waiver_requested(
    key: UUID, issued: events.InvoiceIssued, wanted: WaiverRequest
) -> finance_events.WriteOffRequested:
    """The waiver of an approval waits for a second officer like a write-off; until then the whole fee is owed."""
    return finance_events.WriteOffRequested(**key_of(issued), request=key, is_waiver=True, **vars(wanted))


def payable_until(issued_at: datetime) -> datetime:
    """Thirty days after the issue, or the last second of that year's Esfand in Tehran if it comes earlier."""
    _, last_day = persian.year_bounds(persian.jalali_year(issued_at))
    end_of_esfand = datetime.combine(last_day, time(23, 59, 59), persian.TEHRAN)
    return min(issued_at + timedelta(days=PAYABLE_DAYS), end_of_esfand.astimezone(issued_at.tzinfo))


def extend_for_member(
    command: commands.RenewInvoice, issued: events.InvoiceIssued, invoice: Invoice
) -> list[base.Event]:
    """A frozen amount holds for the Jalali year of its issue: within it the member may have more time, as often as it runs out.

    After that year the invoice of the current one charges the unpaid year, so that nobody keeps an old tariff for ever.
    """
    must_be_valid(invoice)
    if invoice.status != "open":
        raise Refused(Reason.ALREADY_PAID)
    if command.at <= (invoice.payable_until or issued.payable_until):
        return []
    if persian.jalali_year(command.at) != persian.jalali_year(issued.issued_at):
        raise Refused(Reason.INVOICE_OUTDATED, {"year": str(persian.jalali_year(command.at))})
    return [
        events.InvoiceExtended(
            member=issued.member,
            year=issued.year,
            payable_until=payable_until(command.at),
            cause=BY_MEMBER,
            extended_at=command.at,
        )
    ]


def total(command: IssueInvoice) -> int:
    """The lines and the entrance fee, less the waivers."""
    fees = sum(line.amount_rials for line in command.lines) + command.entrance_rials
    return fees - sum(waiver.amount_rials for waiver in command.waivers)


def replace(command: ReplaceInvoice, issued: events.InvoiceIssued, invoice: Invoice) -> list[base.Event]:
    """Only an unpaid invoice is replaced; money that still comes for it is recorded and owed back."""
    if invoice.status != "open" or not invoice.is_valid:
        return []
    return [replaced(issued, issued.amount_rials - invoice.written_off_rials, command.by_year, command.at)]


def lose_cover(command: LoseCover, issued: events.InvoiceIssued, invoice: Invoice) -> list[base.Event]:
    """An invoice whose own year another one covers shares that one's fate, so that no renewal depends on money that is gone.

    Where the other is open again it charges the year, and this one gives way to it; where it is cancelled, so is this one.
    """
    if not invoice.is_valid:
        return []
    owed, cause = issued.amount_rials - invoice.written_off_rials, "refunded" if command.is_cancelled else "reversed"
    about = key_of(issued)
    ends: base.Event = replaced(issued, owed, command.of_year, command.at)
    if command.is_cancelled:
        ends = events.InvoiceCancelled.model_validate(about | {"amount_rials": owed, "cancelled_at": command.at})
    return [*withdraw(issued, invoice, cause, command.at), ends]


def replaced(
    issued: events.InvoiceIssued, owed_rials: int, by_year: int, replaced_at: datetime
) -> events.InvoiceReplaced:
    return events.InvoiceReplaced(
        **key_of(issued),
        amount_rials=owed_rials,
        replaced_by_year=by_year,
        replaced_at=replaced_at,
    )


def reverse(
    command: ReverseAttempt, attempt: Attempt, issued: events.InvoiceIssued, invoice: Invoice
) -> list[base.Event]:
    """Money that was counted has gone back; what followed from its confirmation goes with it."""
    if not attempt.is_paid:
        return []
    happened: list[base.Event] = [
        events.PaymentReversed(
            **key_of(issued),
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
    return [events.ConfirmationWithdrawn(**key_of(issued), cause=cause, withdrawn_at=at)]


def may_be_of_a_slip(attempt: Attempt, invoice: Invoice) -> bool:
    """Whether a slip was granted after the attempt's start, and so perhaps in its place: alone, or together with another slip."""
    return any(
        isinstance(one.event, finance_events.ManualPaymentRequested)
        and one.status == "done"
        and one.decided_at is not None
        and one.decided_at >= attempt.started_at
        for one in invoice.requests.values()
    )


def owe(command: OweRefund, attempt: Attempt, issued: events.InvoiceIssued) -> list[base.Event]:
    """The bank keeps a surplus payment; only one that nothing needs is owed back."""
    if attempt.status != "duplicate" or attempt.is_owed:
        return []
    return [
        finance_events.RefundDue(
            **key_of(issued),
            attempt=command.attempt,
            amount_rials=attempt.amount_rials,
            cause=command.cause,
            due_at=command.at,
        )
    ]


def extend(command: ExtendInvoice, issued: events.InvoiceIssued, invoice: Invoice) -> list[base.Event]:
    """Only what is still to be paid gets longer."""
    if invoice.status != "open" or not invoice.is_valid:
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


def must_be_issued(invoice: Invoice) -> events.InvoiceIssued:
    if invoice.issued is None:
        raise Refused(Reason.NO_INVOICE)
    return invoice.issued


def must_be_known(attempt: UUID, invoice: Invoice) -> Attempt:
    if attempt not in invoice.attempts:
        raise Refused(Reason.UNKNOWN_PAYMENT)
    return invoice.attempts[attempt]


def must_be_valid(invoice: Invoice) -> None:
    """Refuse what is done with an invoice that is cancelled, or whose years another one charges."""
    if invoice.is_cancelled:
        raise Refused(Reason.INVOICE_CANCELLED)
    if invoice.replaced_by_year is not None:
        raise Refused(Reason.INVOICE_REPLACED, {"year": str(invoice.replaced_by_year)})
