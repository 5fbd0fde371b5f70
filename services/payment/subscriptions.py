"""What payment does when it hears the others: an approval makes an invoice, a notice of the bank makes us ask it."""

from datetime import datetime

from sqlalchemy import Connection

from services.payment import process
from services.payment.attempts import alerts, polling
from services.payment.fees.tariffs import Tariffs
from services.payment.invoices import credit_spending, domain, queries, streams
from shared.contract.bank import events
from shared.contract.envelope import Recorded
from shared.event_store.command_handler import caused_by, handle
from shared.event_store.log import EventLog

NOTICES = {events.BankNoticeReceived.__name__, events.BankNoticeRefused.__name__}


def renewal(connection: Connection, heard: Recorded, log: EventLog, tariffs: Tariffs, at: datetime) -> None:
    """An approved renewal gets its invoice; unpaid earlier ones give way first, so that no year is charged twice."""
    approved = process.approval(heard)
    if approved is None:
        return
    log.lock(connection)
    member, cause = approved.member, caused_by(heard)
    coverage = streams.coverage(connection, log, member, approved.paid_through)
    if approved.year in coverage.invoices:
        return
    command = process.invoice(heard, approved, coverage, tariffs, at)
    for year in coverage.giving_way_to(approved.year):
        give_way = process.replacement(heard, approved, at)
        handle(connection, log, queries.stream_of(member, year), give_way, domain.INVOICE, cause)
    issued = handle(connection, log, queries.stream_of(member, approved.year), command, domain.INVOICE, cause)
    credit_spending.spend(connection, log, issued.state, cause, at)


def notice(connection: Connection, heard: Recorded) -> None:
    """The bank's notice proves nothing, but is a reason to ask the bank at once; what was none is an alert."""
    if heard.type not in NOTICES:
        return
    match heard.event:
        case events.BankNoticeReceived() as told:
            polling.mark(connection, told.authority, told.received_at)
        case events.BankNoticeRefused() as refused:
            alerts.hear(connection, refused)
        case _:
            pass
