"""A member's debts by year: what open invoices still charge of each, and the estimate of years without an invoice; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.contract.payment import invoice_stage
from shared.contract.payment.answers import FeeEstimate, Invoice


@dataclass(frozen=True)
class Debt:
    """What is owed of a year; of an invoice's year, or of none yet."""

    year: int
    amount_rials: int
    invoice_year: int | None = None
    is_entrance: bool = False


def by_year(invoices: Iterable[Invoice], estimate: FeeEstimate | None) -> list[Debt]:
    """The debts of open invoices, then the estimate of years that no invoice charges yet; the oldest year first."""
    charged = [debt for invoice in invoices for debt in of_invoice(invoice)]
    return sorted([*charged, *of_estimate(estimate)], key=lambda debt: (debt.year, not debt.is_entrance))


def of_invoice(invoice: Invoice) -> Iterator[Debt]:
    """What is still due of an open invoice, its oldest years being paid first."""
    if invoice.status != "open" or invoice.cancelled_at is not None or invoice.replaced_by_year is not None:
        return
    waived = {waiver.year: waiver.amount_rials for waiver in invoice.waivers}
    parts = [(line.year, line.amount_rials - waived.get(line.year, 0), False) for line in invoice.lines]
    if invoice.entrance_rials:
        parts.insert(0, (invoice.year, invoice.entrance_rials, True))
    paid = invoice.amount_rials - invoice_stage.due_rials(invoice)
    for year, amount, is_entrance in parts:
        left = max(0, amount - paid)
        paid = max(0, paid - amount)
        if left:
            yield Debt(year, left, invoice.year, is_entrance)


def of_estimate(estimate: FeeEstimate | None) -> Iterator[Debt]:
    """Each year of an estimate, the member's credit counted for the oldest."""
    if estimate is None:
        return
    credit = estimate.credit_rials
    parts = [(line.year, line.amount_rials, False) for line in estimate.lines]
    if estimate.entrance_rials:
        parts.insert(0, (estimate.year, estimate.entrance_rials, True))
    for year, amount, is_entrance in parts:
        left = max(0, amount - credit)
        credit = max(0, credit - amount)
        if left:
            yield Debt(year, left, None, is_entrance)
