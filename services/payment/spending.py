"""Spending a member's surplus on a new invoice, in the transaction that issues it; and what there would be to spend."""

from dataclasses import replace
from uuid import UUID, uuid5

from sqlalchemy import Connection

from services.payment import crediting, domain, lookups
from services.payment.intents import CountCredit, TakeCredit
from shared.command_handler import handle
from shared.contract import events
from shared.contract.envelope import Metadata, Recorded
from shared.event_log import EventLog


def spend(connection: Connection, log: EventLog, issued: events.InvoiceIssued, cause: Metadata) -> None:
    """Take credit from the member's other invoices, the oldest first, as long as the new one is owed anything."""
    stream, at = lookups.stream_of(issued.member, issued.year), issued.issued_at
    due = issued.amount_rials
    for year in lookups.years_of(connection, issued.member):
        if year == issued.year or due <= 0:
            continue
        take = TakeCredit(uuid5(cause.causation_id, f"take {year}"), at, issued.year, due)
        source = lookups.stream_of(issued.member, year)
        taken = taken_by(handle(connection, log, source, take, domain.INVOICE, own(cause, take.id)).recorded)
        count = CountCredit(uuid5(cause.causation_id, f"count {year}"), at, year, taken)
        handle(connection, log, stream, count, domain.INVOICE, own(cause, count.id))
        due -= taken


def own(cause: Metadata, command: UUID) -> Metadata:
    """The metadata of a command that follows from a cause; a cause records one time a stream, and each has had its own."""
    return cause.model_copy(update={"causation_id": command})


def taken_by(recorded: tuple[Recorded, ...]) -> int:
    return sum(one.event.amount_rials for one in recorded if isinstance(one.event, events.CreditTaken))


def credit_of(connection: Connection, log: EventLog, member: str, new_year: int) -> int:
    """What an invoice of a new year could take, in rials; earlier ones that are not paid would give way to it."""
    total = 0
    for year in lookups.years_of(connection, member):
        history = log.stream(connection, lookups.stream_of(member, year))
        invoice = domain.INVOICE.fold(one.event for one in history)
        if invoice.status == "open" and year < new_year:
            invoice = replace(invoice, replaced_by_year=new_year)
        if invoice.issued is not None:
            total += sum(rials for _, rials in crediting.surplus(invoice.issued, invoice))
    return total
