"""All invoices of one member: loading them, spending credit on a new one, and undoing what rested on money that is gone."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, select

from services.payment.invoices import credit, domain
from services.payment.invoices.coverage import Coverage
from services.payment.invoices.internal_commands import CountCredit, LoseCover, ReturnCredit, TakeCredit, WithdrawCredit
from services.payment.invoices.state import Invoice, stream_of
from services.payment.tables import INVOICES
from shared.contract.envelope import Metadata, Recorded
from shared.contract.payment import events, finance_events
from shared.event_store.command_handler import SideWrites, handle
from shared.event_store.log import EventLog
from shared.event_store.sql.prepared import Prepared

YEARS = Prepared(select(INVOICES.c.year).where(INVOICES.c.member == bindparam("of")).order_by(INVOICES.c.year))


def load(connection: Connection, log: EventLog, member: str, year: int) -> Invoice:
    """An invoice, folded from its stream."""
    return domain.INVOICE.fold(one.event for one in log.stream(connection, stream_of(member, year)))


def coverage(connection: Connection, log: EventLog, member: str | None, paid_through: int | None = None) -> Coverage:
    """What is covered and what is charged, folded from the member's streams, for decisions on more than one year."""
    years = YEARS.rows(connection, {"of": member}) if member else ()
    return Coverage({row.year: load(connection, log, member, row.year) for row in years if member}, paid_through)


def due_between(connection: Connection, since: datetime, until: datetime) -> list[str]:
    """The streams of the unpaid invoices whose time to pay ends between two instants."""
    query = select(INVOICES.c.member, INVOICES.c.year).where(INVOICES.c.status == "open")
    due = query.where(INVOICES.c.payable_until >= since, INVOICES.c.payable_until <= until)
    return [stream_of(row.member, row.year) for row in connection.execute(due.order_by(INVOICES.c.payable_until))]


def spend_credit(  # noqa: PLR0913 - what takes it, and from where
    connection: Connection, log: EventLog, invoice: Invoice, years: Iterable[int], cause: Metadata, at: datetime
) -> None:
    """Take credit from the member's invoices of other years, the oldest first, as long as the invoice is owed anything."""
    issued, due = invoice.issued, invoice.due_rials
    if issued is None or not invoice.is_valid:
        return
    stream = stream_of(issued.member, issued.year)
    for year in years:
        if due <= 0:
            return
        take = TakeCredit(uuid5(cause.causation_id, f"take {year}"), at, issued.year, due)
        source = stream_of(issued.member, year)
        taken = rials_taken(handle(connection, log, source, take, domain.INVOICE, caused(cause, take.id)).recorded)
        count = CountCredit(uuid5(cause.causation_id, f"count {year}"), at, year, taken)
        handle(connection, log, stream, count, domain.INVOICE, caused(cause, count.id))
        due -= taken


def caused(cause: Metadata, command: UUID) -> Metadata:
    """The metadata of a follow-up command: a causation id counts once a stream, so each command has its own."""
    return cause.model_copy(update={"causation_id": command})


def rials_taken(recorded: tuple[Recorded, ...]) -> int:
    return sum(one.event.amount_rials for one in recorded if isinstance(one.event, events.CreditTaken))


def undo_dependents(log: EventLog) -> SideWrites:
    """Side writes that undo, in the transaction in which money goes, what other invoices had by it, and so on from there."""

    def work(connection: Connection, recorded: tuple[Recorded, ...]) -> None:
        for one in recorded:
            match one.event:
                case events.PaymentReversed(member=member, reversed_at=at):
                    withdraw_credit(connection, log, one, member, at)
                    lose_covers(connection, log, one, member, at)
                case events.CreditReturned(member=member):
                    withdraw_where_it_counts(connection, log, one, member, one.metadata)
                case finance_events.ManualPaymentReversed(member=member, granted_at=at):
                    withdraw_credit(connection, log, one, member, at)
                    lose_covers(connection, log, one, member, at)
                case events.InvoiceCancelled(member=member, cancelled_at=at):
                    lose_covers(connection, log, one, member, at)
                case _:
                    pass

    return work


def withdraw_credit(connection: Connection, log: EventLog, gone: Recorded, member: str, at: datetime) -> None:
    """Withdraw the credit that was spent of money that is gone, and what was spent of that in turn."""
    for number in count():  # a year may be overspent again by what another gives back
        year = first_overspent(coverage(connection, log, member))
        if year is None:
            return
        back = ReturnCredit(uuid5(gone.event_id, f"credit of {year}, {number}"), at)
        source = stream_of(member, year)
        returned = handle(connection, log, source, back, domain.INVOICE, caused(gone.metadata, back.id))
        for one in returned.recorded:
            withdraw_where_it_counts(connection, log, one, member, gone.metadata)


def withdraw_where_it_counts(
    connection: Connection, log: EventLog, returned: Recorded, member: str, cause: Metadata
) -> None:
    """What has come back to an invoice counts no more for the other one."""
    back = returned.event
    if isinstance(back, events.CreditReturned):
        withdraw = WithdrawCredit(uuid5(returned.event_id, "withdrawn"), back.returned_at, back.year, back.amount_rials)
        stream = stream_of(member, back.from_year)
        handle(connection, log, stream, withdraw, domain.INVOICE, caused(cause, withdraw.id))


def first_overspent(known: Coverage) -> int | None:
    """The first year of which credit counts elsewhere that has no money behind it."""
    return next((year for year, invoice in known.invoices.items() if credit.spent_and_gone(invoice)), None)


def lose_covers(connection: Connection, log: EventLog, gone: Recorded, member: str, at: datetime) -> None:
    """Reopen or cancel each invoice whose own year is no longer covered, as the invoice that covered it.

    Where that one has itself given way, the place goes to the invoice that stands, not to one that nobody can pay.
    """
    while (found := next((known := coverage(connection, log, member)).uncovered(), None)) is not None:
        year, covering = found
        of_year = known.last_in_place_of(covering)
        is_cancelled = known.invoices[of_year].is_cancelled
        command = LoseCover(uuid5(gone.event_id, f"cover of {year}"), at, of_year, is_cancelled)
        handle(connection, log, stream_of(member, year), command, domain.INVOICE, caused(gone.metadata, command.id))
