"""Spending a member's surplus on a new invoice, in the transaction that issues it; and what there would be to spend."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Connection

from services.payment.invoices import credit, domain, queries
from services.payment.invoices.coverage import Coverage
from services.payment.invoices.internal_commands import CountCredit, TakeCredit
from services.payment.invoices.state import Invoice
from shared.contract.envelope import Metadata, Recorded
from shared.contract.payment import events
from shared.event_store.command_handler import handle
from shared.event_store.log import EventLog


def spend(connection: Connection, log: EventLog, invoice: Invoice, cause: Metadata, at: datetime) -> None:
    """Take credit from the member's other invoices, the oldest first, as long as the invoice is owed anything."""
    issued, due = invoice.issued, invoice.due_rials
    if issued is None or not invoice.stands:
        return
    stream = queries.stream_of(issued.member, issued.year)
    for year in queries.years_of(connection, issued.member):
        if year == issued.year or due <= 0:
            continue
        take = TakeCredit(uuid5(cause.causation_id, f"take {year}"), at, issued.year, due)
        source = queries.stream_of(issued.member, year)
        taken = taken_by(handle(connection, log, source, take, domain.INVOICE, own(cause, take.id)).recorded)
        count = CountCredit(uuid5(cause.causation_id, f"count {year}"), at, year, taken)
        handle(connection, log, stream, count, domain.INVOICE, own(cause, count.id))
        due -= taken


def own(cause: Metadata, command: UUID) -> Metadata:
    """The metadata of a command that follows from a cause; a cause records one time a stream, and each has had its own."""
    return cause.model_copy(update={"causation_id": command})


def taken_by(recorded: tuple[Recorded, ...]) -> int:
    return sum(one.event.amount_rials for one in recorded if isinstance(one.event, events.CreditTaken))


def credit_for(coverage: Coverage, new_year: int) -> int:
    """What an invoice of a new year could take, in rials; earlier ones that are not paid would give way to it."""
    giving_way = coverage.giving_way_to(new_year)
    total = 0
    for year, invoice in coverage.invoices.items():
        after = replace(invoice, replaced_by_year=new_year) if year in giving_way else invoice
        total += sum(rials for _, rials in credit.surplus(after))
    return total
