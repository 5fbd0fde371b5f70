"""All invoices of one member, folded from their streams, for decisions that look at more than one year."""

from sqlalchemy import Connection

from services.payment.invoices import domain, queries
from services.payment.invoices.coverage import Coverage
from shared.event_store.log import EventLog


def coverage(connection: Connection, log: EventLog, member: str, paid_through: int | None = None) -> Coverage:
    """What is covered and what is charged, as far as the member's streams tell."""
    years = queries.years_of(connection, member)
    streams = {year: log.stream(connection, queries.stream_of(member, year)) for year in years}
    invoices = {year: domain.INVOICE.fold(one.event for one in history) for year, history in streams.items()}
    return Coverage(invoices, paid_through)
