"""Subscriptions of payment: an approved renewal gets its invoice, a notice of the bank causes an inquiry, an erasure is followed."""

from datetime import datetime

from sqlalchemy import Connection

from services.payment.attempts import alerts, polling
from services.payment.attempts import queries as attempt_queries
from services.payment.fees.bill import Bill, bill_of
from services.payment.fees.tariffs import Tariffs
from services.payment.invoices import cross_year, domain
from services.payment.invoices.coverage import Coverage
from services.payment.invoices.internal_commands import IssueInvoice, ReplaceInvoice, WaiverRequest
from services.payment.invoices.state import stream_of
from services.payment.personal_data import PERSONAL_DATA
from shared import personal_data
from shared.contract.auth import events as auth_events
from shared.contract.bank import events as bank_events
from shared.contract.envelope import Recorded
from shared.contract.payment import events as payment_events
from shared.contract.renewal import events as renewal_events
from shared.event_store.command_handler import caused_by, handle
from shared.event_store.log import EventLog

REACTIONS = (payment_events.InvoiceIssued.__name__,)
"""What an approval leads to first: each has an approval as its cause."""
APPROVED = renewal_events.RenewalApproved.__name__
NOTICES = {bank_events.BankNoticeReceived.__name__, bank_events.BankNoticeRefused.__name__}


def on_renewal_event(connection: Connection, event: Recorded, log: EventLog, tariffs: Tariffs, at: datetime) -> None:
    """Issue the invoice of an approved renewal; unpaid earlier ones are replaced first, so that no year is charged twice.

    An invoice that gives way itself at once replaces none: the one in its place was issued without their years.
    """
    approved = approval_of(event)
    if approved is None:
        return
    log.lock(connection)
    member, cause = approved.member, caused_by(event)
    coverage = cross_year.coverage(connection, log, member, approved.paid_through)
    if approved.year in coverage.invoices:
        return
    command = issue_command(event, approved, coverage, tariffs, at)
    for year in coverage.replaceable_by(approved.year) if command.charged_by_year is None else ():
        replace = ReplaceInvoice(event.event_id, at, approved.year)
        handle(connection, log, stream_of(member, year), replace, domain.INVOICE, cause)
    issued = handle(connection, log, stream_of(member, approved.year), command, domain.INVOICE, cause)
    cross_year.spend_credit(connection, log, issued.state, coverage.invoices, cause, at)


def approval_of(event: Recorded) -> renewal_events.RenewalApproved | None:
    """The approval in an event, if it is one; no other event is parsed."""
    approved = event.event if event.type == APPROVED else None
    return approved if isinstance(approved, renewal_events.RenewalApproved) else None


def issue_command(
    event: Recorded, approved: renewal_events.RenewalApproved, coverage: Coverage, tariffs: Tariffs, at: datetime
) -> IssueInvoice:
    """The command for the invoice of an approval, dated when it is issued: a late event leaves no less time to pay.

    A year without a tariff raises `NoTariff`: the approval is parked with what follows it of this member, where it is seen
    and retried once there is a tariff; everybody else flows on.
    """
    bill = bill_of(approved, coverage, tariffs)
    return IssueInvoice(
        id=event.event_id,
        at=at,
        member=approved.member,
        year=approved.year,
        province=approved.province,
        lines=bill.lines,
        entrance_rials=bill.entrance_rials,
        waivers=bill.waivers,
        waived_by=bill.waived_by,
        waiver_persons=bill.waiver_persons,
        waiver_request=waiver_request_of(event, approved, bill),
        covered=bill.covered,
        charged_by_year=bill.charged_by_year,
    )


def waiver_request_of(event: Recorded, approved: renewal_events.RenewalApproved, bill: Bill) -> WaiverRequest | None:
    """What the manager wants to waive beyond what was granted before, if anything."""
    rials = bill.requested_waiver_rials
    note = approved.note or event.event_id
    return WaiverRequest(rials, note, approved.approved_by, approved.approved_at) if rials else None


def on_bank_event(connection: Connection, event: Recorded) -> None:
    """A notice of the bank proves nothing, but causes an inquiry at once; a refused one, or one of no attempt of ours, is an alert."""
    if event.type not in NOTICES:
        return
    match event.event:
        case bank_events.BankNoticeReceived() as notice:
            if attempt_queries.attempt_of(connection, authority=notice.authority) is None:
                alerts.record_unknown_payment(connection, notice.authority, notice.received_at)
            polling.poll_now(connection, notice.authority, notice.received_at)
        case bank_events.BankNoticeRefused() as refused:
            alerts.on_refused_notice(connection, refused)
        case _:
            pass


def on_auth_event(connection: Connection, event: Recorded) -> None:
    """Two admins have erased a member: what officers wrote about the member is deleted, money stays by the number."""
    match event.event:
        case auth_events.MemberErased() as erased:
            personal_data.erase(connection, PERSONAL_DATA, erased.member, erased.erased_at)
        case _:
            pass
