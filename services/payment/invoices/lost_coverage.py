"""What follows for a member's other invoices when money goes: credit of it counts no more, and what it covered stands no more."""

from datetime import datetime
from uuid import uuid5

from sqlalchemy import Connection

from services.payment.invoices import credit, credit_spending, domain, queries, streams
from services.payment.invoices.coverage import Coverage
from services.payment.invoices.internal_commands import LoseCover, ReturnCredit, WithdrawCredit
from shared.contract.envelope import Recorded
from shared.contract.payment import events
from shared.event_store.command_handler import SideWrites, handle
from shared.event_store.log import EventLog


def follow(log: EventLog) -> SideWrites:
    """In the transaction in which money goes: what leaned on it goes with it, and what leaned on that in turn."""

    def work(connection: Connection, recorded: tuple[Recorded, ...]) -> None:
        for one in recorded:
            match one.event:
                case events.PaymentReversed(member=member, reversed_at=at):
                    call_back_credit(connection, log, one, member, at)
                    lose_covers(connection, log, one, member, at)
                case events.InvoiceCancelled(member=member, cancelled_at=at):
                    lose_covers(connection, log, one, member, at)
                case _:
                    pass

    return work


def call_back_credit(connection: Connection, log: EventLog, gone: Recorded, member: str, at: datetime) -> None:
    """What was spent of the money that is gone counts no more, nor what was spent of that in turn."""
    while (year := first_overspent(streams.coverage(connection, log, member))) is not None:
        back = ReturnCredit(uuid5(gone.event_id, f"credit of {year}"), at)
        source = queries.stream_of(member, year)
        cause = credit_spending.own(gone.metadata, back.id)
        for one in handle(connection, log, source, back, domain.INVOICE, cause).recorded:
            if isinstance(one.event, events.CreditReturned):
                withdraw = WithdrawCredit(uuid5(one.event_id, "withdrawn"), at, year, one.event.amount_rials)
                stream = queries.stream_of(member, one.event.from_year)
                handle(
                    connection, log, stream, withdraw, domain.INVOICE, credit_spending.own(gone.metadata, withdraw.id)
                )


def first_overspent(known: Coverage) -> int | None:
    """The first year of which credit counts elsewhere that has no money behind it."""
    return next((year for year, invoice in known.invoices.items() if credit.spent_and_gone(invoice)), None)


def lose_covers(connection: Connection, log: EventLog, gone: Recorded, member: str, at: datetime) -> None:
    """Each invoice whose own year is covered no more shares the fate of the one that covered it."""
    while (found := next((known := streams.coverage(connection, log, member)).uncovered(), None)) is not None:
        year, of_year = found
        is_cancelled = known.invoices[of_year].is_cancelled
        command = LoseCover(uuid5(gone.event_id, f"cover of {year}"), at, of_year, is_cancelled)
        cause = credit_spending.own(gone.metadata, command.id)
        handle(connection, log, queries.stream_of(member, year), command, domain.INVOICE, cause)
