"""What payment does when it hears the others: an approval makes an invoice, a notice of the bank makes us ask it."""

from sqlalchemy import Connection

from services.payment import alerts, domain, lookups, process, spending, watch
from services.payment.fees import Tariffs
from shared.command_handler import caused_by, handle
from shared.contract import events
from shared.contract.envelope import Recorded
from shared.event_log import EventLog

NOTICES = {events.BankNoticeReceived.__name__, events.BankNoticeRefused.__name__}


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
    handled = handle(connection, log, lookups.stream_of(member, approved.year), command, domain.INVOICE, cause)
    if handled.fresh and handled.state.issued is not None:
        spending.spend(connection, log, handled.state.issued, cause)


def notice(connection: Connection, heard: Recorded) -> None:
    """The bank's notice proves nothing, but is a reason to ask the bank at once; what was none is an alert."""
    if heard.type not in NOTICES:
        return
    match heard.event:
        case events.BankNoticeReceived() as told:
            watch.mark(connection, told.authority, told.received_at)
        case events.BankNoticeRefused() as refused:
            alerts.hear(connection, refused)
        case _:
            pass
