"""From an approval to an amount that is fixed: an invoice is issued, and gives way to a later year's; decided, pure."""

from datetime import datetime, time, timedelta

from services.payment.intents import IssueInvoice, ReplaceInvoice
from services.payment.invoice import Invoice
from shared import persian
from shared.contract import events

PAYABLE_DAYS = 30
"""How long an approved invoice may be paid, in days, unless Esfand ends earlier (docs/domain.md 7.2)."""


def issue(command: IssueInvoice, invoice: Invoice) -> list[events.Event]:
    if invoice.issued is not None:
        return []
    return [
        events.InvoiceIssued(
            member=command.member,
            year=command.year,
            province=command.province,
            lines=command.lines,
            entrance_rials=command.entrance_rials,
            waivers=command.waivers,
            waived_by=command.waived_by,
            amount_rials=total(command),
            issued_at=command.at,
            payable_until=payable_until(command.at),
        )
    ]


def payable_until(approved_at: datetime) -> datetime:
    """Thirty days after the approval, or the last second of that year's Esfand in Tehran if it comes earlier."""
    _, last_day = persian.year_bounds(persian.jalali_year(approved_at))
    end_of_esfand = datetime.combine(last_day, time(23, 59, 59), persian.TEHRAN)
    return min(approved_at + timedelta(days=PAYABLE_DAYS), end_of_esfand.astimezone(approved_at.tzinfo))


def total(command: IssueInvoice) -> int:
    """The lines and the entrance fee, less the waivers."""
    fees = sum(line.amount_rials for line in command.lines) + command.entrance_rials
    return fees - sum(waiver.amount_rials for waiver in command.waivers)


def replace(command: ReplaceInvoice, issued: events.InvoiceIssued, invoice: Invoice) -> list[events.Event]:
    """Only an unpaid invoice gives way; money that still comes for it is kept and owed back."""
    if invoice.status != "open" or not invoice.stands:
        return []
    return [
        events.InvoiceReplaced(
            member=issued.member,
            year=issued.year,
            province=issued.province,
            amount_rials=issued.amount_rials - invoice.written_off_rials,
            replaced_by_year=command.by_year,
            replaced_at=command.at,
        )
    ]
