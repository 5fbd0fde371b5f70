"""What payment does when it hears the others: an approval makes an invoice, a notice of the bank makes us ask it."""

from sqlalchemy import Connection

from services.payment import domain, lookups, process, watch
from services.payment.fees import Tariffs
from shared.command_handler import caused_by, handle
from shared.contract import events
from shared.contract.envelope import Recorded
from shared.event_log import EventLog


def renewal(connection: Connection, heard: Recorded, log: EventLog, tariffs: Tariffs) -> None:
    """An approved renewal gets its invoice; unpaid earlier ones give way first, so that no year is charged twice."""
    approved = process.approval(heard)
    if approved is None:
        return
    member, cause = approved.member, caused_by(heard)
    for year in lookups.unpaid_before(connection, member, approved.year):
        give_way = process.replacement(heard, approved)
        handle(connection, log, lookups.stream_of(member, year), give_way, domain.INVOICE, cause)
    command = process.invoice(heard, approved, lookups.paid_years(connection, member), tariffs)
    handle(connection, log, lookups.stream_of(member, approved.year), command, domain.INVOICE, cause)


def notice(connection: Connection, heard: Recorded) -> None:
    """The bank's notice proves nothing, but is a reason to ask the bank at once."""
    if heard.type != events.BankNoticeReceived.__name__:
        return
    match heard.event:
        case events.BankNoticeReceived() as told:
            watch.mark(connection, told.authority, told.received_at)
        case _:
            pass
