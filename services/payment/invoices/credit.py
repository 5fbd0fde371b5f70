"""Decisions on credit: a member's surplus is taken from one invoice, counts for a later one, and is withdrawn if it is gone."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from services.payment.invoices import four_eyes, lifecycle
from services.payment.invoices.coverage import Coverage
from services.payment.invoices.internal_commands import CountCredit, ReturnCredit, TakeCredit, WithdrawCredit
from services.payment.invoices.own_events import key_of
from services.payment.invoices.state import Invoice
from shared.contract import base
from shared.contract.payment import events


def decide(
    command: TakeCredit | CountCredit | ReturnCredit | WithdrawCredit, issued: events.InvoiceIssued, invoice: Invoice
) -> list[base.Event]:
    """What becomes of surplus money."""
    match command:
        case TakeCredit():
            return take(command, issued, invoice)
        case CountCredit():
            return count(command, issued, invoice)
        case ReturnCredit():
            return call_back(command, issued, invoice)
        case WithdrawCredit():
            return withdraw(command, issued, invoice)
        case _:
            assert_never(command)


def take(command: TakeCredit, issued: events.InvoiceIssued, invoice: Invoice) -> list[base.Event]:
    """Take what there is, up to what the later invoice is owed."""
    taken: list[base.Event] = []
    wanted = command.most_rials
    for attempt, rials in surplus(invoice):
        amount = min(rials, wanted)
        if amount > 0:
            wanted -= amount
            taken.append(
                events.CreditTaken(
                    **key_of(issued),
                    attempt=attempt,
                    amount_rials=amount,
                    to_year=command.to_year,
                    taken_at=command.at,
                )
            )
    return taken


def count(command: CountCredit, issued: events.InvoiceIssued, invoice: Invoice) -> list[base.Event]:
    """The invoice is owed less from now on; an invoice that needs no money takes none."""
    if not invoice.is_valid or not 0 < command.amount_rials <= invoice.due_rials:
        return []
    return [
        events.CreditCounted(
            **key_of(issued),
            amount_rials=command.amount_rials,
            from_year=command.from_year,
            counted_at=command.at,
        )
    ]


def call_back(command: ReturnCredit, issued: events.InvoiceIssued, invoice: Invoice) -> list[base.Event]:
    """What was spent elsewhere of money that is gone."""
    return returned(issued, spent_and_gone(invoice), command.at)


Spent = list[tuple[UUID | None, int, int]]
"""Credit that counts elsewhere: of which payment, where, and how much."""


def returned(issued: events.InvoiceIssued, spent: Spent, at: datetime) -> list[base.Event]:
    """Credit comes back from where it counts."""
    return [
        events.CreditReturned(**key_of(issued), attempt=attempt, amount_rials=rials, from_year=year, returned_at=at)
        for attempt, year, rials in spent
    ]


def spent_and_gone(invoice: Invoice, lacking_rials: int | None = None) -> Spent:
    """The credit that counts elsewhere without money behind it, the latest first; what the invoice lacks is below 0 unless it is given."""
    found = []
    missing = -invoice.received_rials if lacking_rials is None else lacking_rials
    for (attempt, year), rials in reversed(list(invoice.spent.items())):
        if attempt is not None:
            gone = rials if invoice.attempts[attempt].status == "reversed" else 0
        else:
            gone = max(0, min(rials, missing))
            missing -= gone
        if gone:
            found.append((attempt, year, gone))
    return found


def withdraw(command: WithdrawCredit, issued: events.InvoiceIssued, invoice: Invoice) -> list[base.Event]:
    """The invoice is owed more from now on, and what followed from its confirmation goes where it is paid no more."""
    withdrawn = events.CreditWithdrawn(
        **key_of(issued),
        amount_rials=command.amount_rials,
        to_year=command.to_year,
        withdrawn_at=command.at,
    )
    is_paid = invoice.received_rials - command.amount_rials >= four_eyes.needed(invoice)
    return [withdrawn, *([] if is_paid else lifecycle.withdraw(issued, invoice, "reversed", command.at))]


def surplus(invoice: Invoice) -> list[tuple[UUID | None, int]]:
    """The surplus of an invoice, and then each surplus payment that the bank did not reverse and finance owes."""
    found: list[tuple[UUID | None, int]] = [(None, max(0, four_eyes.uncommitted(invoice) - four_eyes.needed(invoice)))]
    for key, attempt in invoice.attempts.items():
        if attempt.status == "duplicate" and attempt.is_owed:
            found.append((key, four_eyes.left_of(key, invoice)))
    return [(key, rials) for key, rials in found if rials > 0]


def credit_for(coverage: Coverage, new_year: int) -> int:
    """What an invoice of a new year could need, in rials; it would replace earlier unpaid ones."""
    giving_way = coverage.replaceable_by(new_year)
    total = 0
    for year, invoice in coverage.invoices.items():
        after = replace(invoice, replaced_by_year=new_year) if year in giving_way else invoice
        total += sum(rials for _, rials in surplus(after))
    return total
