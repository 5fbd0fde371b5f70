"""A member's surplus money: what no invoice needs and nobody sends back is taken from where it came, and counts for a later one; pure."""

from uuid import UUID

from services.payment import requests
from services.payment.intents import CountCredit, TakeCredit
from services.payment.invoice import Invoice
from shared.contract import events


def take(command: TakeCredit, issued: events.InvoiceIssued, invoice: Invoice) -> list[events.Event]:
    """Take what there is, up to what the later invoice is owed."""
    taken: list[events.Event] = []
    wanted = command.most_rials
    for attempt, rials in surplus(invoice):
        amount = min(rials, wanted)
        if amount > 0:
            wanted -= amount
            taken.append(
                events.CreditTaken(
                    member=issued.member,
                    year=issued.year,
                    province=issued.province,
                    attempt=attempt,
                    amount_rials=amount,
                    to_year=command.to_year,
                    taken_at=command.at,
                )
            )
    return taken


def count(command: CountCredit, issued: events.InvoiceIssued, invoice: Invoice) -> list[events.Event]:
    """The invoice is owed less from now on; an invoice that needs no money takes none."""
    if not invoice.stands or not 0 < command.amount_rials <= invoice.due_rials:
        return []
    return [
        events.CreditCounted(
            member=issued.member,
            year=issued.year,
            province=issued.province,
            amount_rials=command.amount_rials,
            from_year=command.from_year,
            counted_at=command.at,
        )
    ]


def surplus(invoice: Invoice) -> list[tuple[UUID | None, int]]:
    """What is too much on an invoice, and then each surplus payment that the bank has not given back and people owe."""
    found: list[tuple[UUID | None, int]] = [(None, max(0, requests.uncommitted(invoice) - requests.needed(invoice)))]
    for key, attempt in invoice.attempts.items():
        if attempt.status == "duplicate" and attempt.is_owed:
            found.append((key, requests.left_of(key, invoice)))
    return [(key, rials) for key, rials in found if rials > 0]
