"""Opening an attempt at the bank, or offering the one that is open: a member never holds two doors to pay at."""

from uuid import UUID

from services.payment.attempts.verification import WINDOW, Verification
from services.payment.banks import circuit_breaker
from services.payment.banks.port import NotOpened, Order
from services.payment.invoices import domain, queries
from services.payment.invoices.internal_commands import StartAttempt
from services.payment.invoices.state import Invoice, must_stand
from shared.contract.payment import answers, commands
from shared.contract.refusals import Reason, Refused
from shared.text import persian


def start(command: commands.StartPayment, new_attempt: UUID, verification: Verification) -> answers.PaymentPage:
    """Where the member pays: the session that is open, or a new one, on record before anybody is sent there."""
    with verification.records.read() as connection:
        invoice = queries.invoice(connection, command.member, command.year)
        is_down = circuit_breaker.is_down(connection, verification.bank.capabilities.name)
        unfinished = queries.unfinished(connection, command.member, command.year)
    if invoice is None:
        raise Refused(Reason.NO_INVOICE)
    must_stand(Invoice(replaced_by_year=invoice.replaced_by_year, is_cancelled=invoice.cancelled_at is not None))
    if invoice.status == "open":
        domain.must_not_be_held(one.status for one in invoice.attempts)
        if is_down:
            raise Refused(Reason.PAYMENT_UNKNOWN if unfinished else Reason.BANK_UNREACHABLE)
    domain.must_be_payable(invoice.status, invoice.payable_until, command.at)
    still_open = [one for one in unfinished if is_still_open(one, command, verification)]
    if still_open and is_resumable(still_open[0], command):
        return answers.PaymentPage(
            attempt=still_open[0].attempt, redirect_url=verification.bank.page(still_open[0].authority)
        )
    due_rials = invoice.amount_rials - invoice.received_rials - invoice.written_off_rials
    return open_new(command, Order(new_attempt, due_rials, description(command.year)), verification)


def is_still_open(attempt: queries.Attempt, command: commands.StartPayment, verification: Verification) -> bool:
    """Whether nothing is taken in this session yet; refused where money may be taken already, or is.

    Without the bank's word the member may go on in the same session, which is paid once, and never in another one.
    """
    if not verification.knows(attempt):
        if command.at - attempt.started_at > WINDOW:
            return False
        raise Refused(Reason.PAYMENT_UNKNOWN)
    status = verification.look(attempt, command.at)
    if status in {"settled", "duplicate"}:
        raise Refused(Reason.ALREADY_PAID)
    if status is None and not is_resumable(attempt, command):
        raise Refused(Reason.PAYMENT_UNKNOWN)
    domain.must_not_be_held([status])
    return status in {"started", None}


def is_resumable(attempt: queries.Attempt, command: commands.StartPayment) -> bool:
    """Whether the member is sent to this session again: it is young enough to be paid there still."""
    return command.at - attempt.started_at < domain.RESUMABLE


def open_new(command: commands.StartPayment, order: Order, verification: Verification) -> answers.PaymentPage:
    """A session that nobody has seen cannot be paid, so only one that is on record is shown to anybody."""
    opened = verification.bank.create(order)
    if isinstance(opened, NotOpened):
        raise Refused(Reason.BANK_UNREACHABLE)
    handled = verification.records.handle(
        queries.stream_of(command.member, command.year),
        StartAttempt(
            id=command.id,
            at=command.at,
            attempt=order.attempt,
            bank=verification.bank.capabilities.name,
            authority=opened.authority,
            actor=command.actor,
            amount_rials=order.amount_rials,
        ),
        domain.INVOICE,
        asked=command,
    )
    bank = verification.bank.capabilities.name
    attempt = (
        order.attempt
        if order.attempt in handled.state.attempts
        else domain.open_attempt(handled.state, bank, command.at)
    )
    if attempt is None:
        raise Refused(Reason.CONFLICT)
    return answers.PaymentPage(
        attempt=attempt, redirect_url=verification.bank.page(handled.state.attempts[attempt].authority)
    )


def description(year: int) -> str:
    """What the bank's page says is paid for; names nobody."""
    return f"حق عضویت سال {persian.digits_to_persian(year)}"
