"""What follows for a member's other invoices when one is not paid any more: those that it covered stand no more either."""

from datetime import datetime
from uuid import uuid5

from sqlalchemy import Connection

from services.payment import domain, lookups, spending, streams
from services.payment.intents import LoseCover
from shared.command_handler import SideWrites, handle
from shared.contract import events
from shared.contract.envelope import Recorded
from shared.event_log import EventLog


def follow(log: EventLog) -> SideWrites:
    """In the transaction in which money goes: what leaned on it goes with it, and what leaned on that in turn."""

    def work(connection: Connection, recorded: tuple[Recorded, ...]) -> None:
        for one in recorded:
            match one.event:
                case events.PaymentReversed(member=member, reversed_at=at):
                    lose_covers(connection, log, one, member, at)
                case events.InvoiceCancelled(member=member, cancelled_at=at):
                    lose_covers(connection, log, one, member, at)
                case _:
                    pass

    return work


def lose_covers(connection: Connection, log: EventLog, gone: Recorded, member: str, at: datetime) -> None:
    """Each invoice whose own year is covered no more shares the fate of the one that covered it."""
    while (found := next((known := streams.coverage(connection, log, member)).uncovered(), None)) is not None:
        year, of_year = found
        is_cancelled = known.invoices[of_year].is_cancelled
        command = LoseCover(uuid5(gone.event_id, f"cover of {year}"), at, of_year, is_cancelled)
        cause = spending.own(gone.metadata, command.id)
        handle(connection, log, lookups.stream_of(member, year), command, domain.INVOICE, cause)
