"""Checkout: opens an attempt at the bank, or resumes the open one, so that a member never has two sessions to pay in."""

from uuid import UUID

from services.payment.attempts import polling, queries
from services.payment.attempts.verification import Verification
from services.payment.banks import bulkhead
from services.payment.banks.port import NotOpened, Order
from services.payment.invoices import (
    INVOICE,
    RESUMABLE,
    WINDOW,
    StartAttempt,
    load,
    must_be_issued,
    must_be_payable,
    must_be_valid,
    must_not_be_held,
    open_attempt,
    stream_of,
)
from shared.contract.payment import answers, commands
from shared.contract.refusals import Reason, Refused
from shared.text import persian


def start(command: commands.StartPayment, new_attempt: UUID, verification: Verification) -> answers.PaymentPage:
    """Where the member pays: the session that is open, or a new one, on record before anybody is sent there."""
    with verification.records.read() as connection:
        invoice = load(connection, verification.records.own_log(), command.member, command.year)
        is_down = verification.is_down(connection)
        unfinished = queries.unfinished(connection, command.member, command.year)
    issued = must_be_issued(invoice)
    must_be_valid(invoice)
    if invoice.status == "open":
        must_not_be_held(one.status for one in invoice.attempts.values())
        if is_down:
            raise Refused(Reason.PAYMENT_UNKNOWN if unfinished else Reason.BANK_UNREACHABLE)
    must_be_payable(invoice.status, invoice.payable_until or issued.payable_until, command.at)
    still_open = [one for one in unfinished if is_still_open(one, command, verification)]
    if still_open and is_resumable(still_open[0], command):
        return page_of(still_open[0].attempt, still_open[0].authority, verification)
    return open_new(command, Order(new_attempt, invoice.due_rials, description(command.year)), verification)


def page_of(attempt: UUID, authority: str, verification: Verification) -> answers.PaymentPage:
    return answers.PaymentPage(attempt=attempt, redirect_url=verification.bank.page(authority))


def is_still_open(attempt: queries.Attempt, command: commands.StartPayment, verification: Verification) -> bool:
    """Whether the member may still pay in this session, False when it is over; refused where money was taken, or may have been.

    Without the bank's answer the member may go on in the same session, which is paid once, and never in another one.
    """
    if not verification.is_own(attempt):
        if command.at - attempt.started_at > WINDOW:
            return False
        raise Refused(Reason.PAYMENT_UNKNOWN)
    status = verification.inquire(attempt, command.at)
    if status in {"settled", "duplicate"}:
        raise Refused(Reason.ALREADY_PAID)
    if status is None and not is_resumable(attempt, command):
        raise Refused(Reason.PAYMENT_UNKNOWN)
    must_not_be_held([status])
    return status in {"started", None}


def is_resumable(attempt: queries.Attempt, command: commands.StartPayment) -> bool:
    """Whether the member is sent to this session again: it is young enough to be paid there still."""
    return command.at - attempt.started_at < RESUMABLE


def open_new(command: commands.StartPayment, order: Order, verification: Verification) -> answers.PaymentPage:
    """A session that nobody has seen cannot be paid, so only one that is on record is shown to anybody."""
    must_be_taken_by_bank(order, verification.bank.capabilities.least_rials)
    opened, bank = verification.bank.create(order), verification.bank_name
    if isinstance(opened, NotOpened):
        raise Refused(Reason.BANK_UNREACHABLE)
    start_attempt = StartAttempt(
        id=command.id,
        at=command.at,
        attempt=order.attempt,
        bank=bank,
        authority=opened.authority,
        actor=command.actor,
        amount_rials=order.amount_rials,
    )
    stream, first_inquiry = stream_of(command.member, command.year), polling.schedule_first(verification.time_scale)
    invoice = verification.records.handle(stream, start_attempt, INVOICE, first_inquiry, wire_command=command).state
    own = order.attempt if order.attempt in invoice.attempts else None
    attempt = own or open_attempt(invoice, bank, command.at)
    if attempt is None:
        raise Refused(Reason.CONFLICT)
    return page_of(attempt, invoice.attempts[attempt].authority, verification)


def must_be_taken_by_bank(order: Order, least_rials: int) -> None:
    """Refuse a rest that is too small for the bank, as after a part was written off: a deposit slip or another write-off settles it."""
    if order.amount_rials < least_rials:
        raise Refused(Reason.BELOW_BANK_MINIMUM, {"least_rials": str(least_rials)})


def description(year: int) -> str:
    """The description on the bank's page, without a name."""
    return f"حق عضویت سال {persian.digits_to_persian(year)}"


def inquire_open_attempts(command: commands.CheckPayment, verification: Verification) -> bool:
    """Inquire about each attempt without an outcome and record the bank's answers; whether it has answered for all of them.

    A bank that is down is not asked, nor one for which there is no room: its questions would hold up those who can be answered.
    """
    with verification.records.read() as connection:
        unfinished = queries.unfinished(connection, command.member, command.year)
        is_down = verification.is_down(connection)
    if is_down:
        return not unfinished
    with bulkhead.has_room() as is_free:
        answered = [is_free and is_outcome_known(attempt, command, verification) for attempt in unfinished]
    return all(answered)


def is_outcome_known(attempt: queries.Attempt, command: commands.CheckPayment, verification: Verification) -> bool:
    """Whether it is known now what became of an attempt: at a bank that is used no more, once its window has passed.

    A moment after another inquiry there is none, and the payer may have paid since: then it is not known.
    """
    if not verification.is_own(attempt):
        return command.at - attempt.started_at > WINDOW
    payer, records = polling.payer_of(attempt.attempt), verification.records
    with records.read() as connection:
        if polling.is_too_soon(connection, payer, command.at):
            return False
    may_inquire = polling.may_inquire(records, payer, command.at, verification.time_scale)
    return may_inquire and verification.inquire(attempt, command.at) is not None
