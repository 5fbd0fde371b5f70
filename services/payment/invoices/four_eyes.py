"""Decisions under four eyes: refunds, write-offs and slips are requested by one officer and granted by another."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar, assert_never
from uuid import UUID

from services.payment.invoices import lifecycle
from services.payment.invoices.lifecycle import must_be_valid
from services.payment.invoices.own_events import Requested, attempt_key, key_of
from services.payment.invoices.state import Invoice, Request
from shared.contract import base
from shared.contract.payment import commands, events, finance_events
from shared.contract.refusals import Reason, Refused

MoneyRequest = commands.RequestRefund | commands.RequestWriteOff | commands.RequestManualPayment
Grant = commands.GrantRefund | commands.GrantWriteOff | commands.GrantManualPayment
Command = MoneyRequest | Grant | commands.RecordRefund | commands.DeclineRequest
E = TypeVar("E", bound=base.Event)


def decide(command: Command, issued: events.InvoiceIssued, invoice: Invoice) -> list[base.Event]:
    """Decide an officer's command about money."""
    about = key_of(issued)
    match command:
        case commands.RequestRefund() | commands.RequestWriteOff() | commands.RequestManualPayment():
            return open_request(command, about, invoice)
        case commands.GrantRefund():
            return grant_refund(command, about, invoice)
        case commands.GrantWriteOff():
            return grant_write_off(command, about, invoice)
        case commands.GrantManualPayment():
            return grant_manual_payment(command, issued, invoice)
        case commands.RecordRefund():
            return record_refund(command, issued, invoice)
        case commands.DeclineRequest():
            return decline(command, about, invoice)
        case _:
            assert_never(command)


def open_request(command: MoneyRequest, about: dict[str, Any], invoice: Invoice) -> list[base.Event]:
    """A request waits for a colleague; it is named by the command that made it."""
    requested: dict[str, Any] = {
        **about,
        "request": command.id,
        "note": command.id,
        "requested_by": command.actor,
        "requested_at": command.at,
    }
    requested["amount_rials"] = command.amount_rials
    match command:
        case commands.RequestRefund():
            must_not_be_in_flight(command.attempt, invoice)
            must_be_left(command.amount_rials, refundable(command, invoice))
            settles = invoice.attempts[command.attempt].status == "settled"
            if command.ends_membership and not (settles and invoice.is_valid):
                raise Refused(Reason.BAD_INPUT, {"ends_membership": "ends_nothing"})
            more: dict[str, Any] = {"attempt": command.attempt, "ends_membership": command.ends_membership}
            return [finance_events.RefundRequested(**requested, **more)]
        case commands.RequestWriteOff():
            must_be_valid(invoice)
            must_be_left(command.amount_rials, invoice.due_rials)
            return [finance_events.WriteOffRequested(**requested)]
        case commands.RequestManualPayment():
            must_be_valid(invoice)
            must_not_be_under_way(invoice, command.at)
            return [finance_events.ManualPaymentRequested(**requested, slip=command.slip, paid_on=command.paid_on)]
        case _:
            assert_never(command)


def grant_refund(command: commands.GrantRefund, about: dict[str, Any], invoice: Invoice) -> list[base.Event]:
    request, requested = open_request_of(command.request, invoice, finance_events.RefundRequested)
    if request.status in {"granted", "done"}:
        return []
    must_be_of_a_colleague(request, command.actor)
    must_be_left(requested.amount_rials, refundable(requested, invoice, except_request=command.request))
    return [finance_events.RefundGranted(**about, **granted(command, requested), attempt=requested.attempt)]


def record_refund(command: commands.RecordRefund, issued: events.InvoiceIssued, invoice: Invoice) -> list[base.Event]:
    """The money was sent; where the membership ends with it, the invoice is owed no more."""
    request, requested = open_request_of(command.request, invoice, finance_events.RefundRequested)
    if request.status == "done":
        if request.bank_reference != command.bank_reference:
            raise Refused(Reason.REFUND_RECORDED)
        return []
    if request.status != "granted":
        raise no_longer_open(request)
    must_be_left(requested.amount_rials, refundable(requested, invoice, except_request=command.request))
    about = key_of(issued)
    paid = finance_events.RefundPaid(
        **about,
        request=command.request,
        attempt=requested.attempt,
        amount_rials=requested.amount_rials,
        bank_reference=command.bank_reference,
        paid_by=command.actor,
        paid_at=command.at,
    )
    if not requested.ends_membership or not invoice.is_valid:
        return [paid]
    owed = issued.amount_rials - invoice.written_off_rials
    cancelled = events.InvoiceCancelled(**about, amount_rials=owed, cancelled_at=command.at)
    return [paid, cancelled, *lifecycle.withdraw(issued, invoice, "refunded", command.at)]


def grant_write_off(command: commands.GrantWriteOff, about: dict[str, Any], invoice: Invoice) -> list[base.Event]:
    request, requested = open_request_of(command.request, invoice, finance_events.WriteOffRequested)
    if request.status == "done":
        return []
    must_be_of_a_colleague(request, command.actor)
    must_be_valid(invoice)
    must_be_left(requested.amount_rials, invoice.due_rials)
    return [finance_events.WriteOffGranted(**about, **granted(command, requested))]


def grant_manual_payment(
    command: commands.GrantManualPayment, issued: events.InvoiceIssued, invoice: Invoice
) -> list[base.Event]:
    """The slip counts, whatever is owed by now; a surplus becomes the member's credit. Only for a valid invoice.

    A payment that is held may be the slip's money, and is given back by nobody before an officer has seen it.
    """
    request, requested = open_request_of(command.request, invoice, finance_events.ManualPaymentRequested)
    if request.status == "done":
        return []
    must_be_of_a_colleague(request, command.actor)
    must_be_valid(invoice)
    must_not_be_under_way(invoice, command.at)
    about = key_of(issued) | {"slip": requested.slip, "paid_on": requested.paid_on}
    held = [
        events.PaymentHeld(**attempt_key(issued, key, one.authority), cause=lifecycle.SLIP_COUNTS, held_at=command.at)
        for key, one in invoice.attempts.items()
        if (one.status, one.cause == lifecycle.SLIP_COUNTS) == ("held", False)
    ]
    return [finance_events.ManualPaymentGranted(**about, **granted(command, requested)), *held]


def must_not_be_under_way(invoice: Invoice, at: datetime) -> None:
    """Refuse a slip as long as the bank will say by itself what becomes of an attempt: it may be the same money."""
    ends = [one.started_at + lifecycle.WINDOW for one in invoice.attempts.values() if one.status == "started"]
    if any(end > at for end in ends):
        raise Refused(Reason.PAYMENT_UNDER_WAY, {"until": max(ends).isoformat()})


def granted(command: Grant, requested: Requested) -> dict[str, Any]:
    """What every grant records: of which request, over how much, by whom and when."""
    return {
        "request": command.request,
        "amount_rials": requested.amount_rials,
        "granted_by": command.actor,
        "granted_at": command.at,
    }


def decline(command: commands.DeclineRequest, about: dict[str, Any], invoice: Invoice) -> list[base.Event]:
    """Decline a request; the requester may too, which withdraws it."""
    request = invoice.requests.get(command.request)
    if request is None or request.status in {"done", "reversed"}:
        raise no_longer_open(request)
    if request.status == "declined":
        return []
    declined: dict[str, Any] = {"note": command.id, "declined_by": command.actor, "declined_at": command.at}
    return [finance_events.RequestDeclined(**about, request=command.request, **declined)]


def open_request_of(key: UUID, invoice: Invoice, kind: type[E]) -> tuple[Request, E]:
    """The request of a kind, unless it was declined, or what it was granted for is taken back."""
    request = invoice.requests.get(key)
    if request is None or request.status in {"declined", "reversed"} or not isinstance(request.event, kind):
        raise no_longer_open(request)
    return request, request.event


def no_longer_open(request: Request | None) -> Refused:
    """A refusal that names who was faster with the request, when, and with what."""
    if request is None or request.decided_at is None:
        return Refused(Reason.UNKNOWN_REQUEST)
    at = request.decided_at.isoformat()
    return Refused(Reason.UNKNOWN_REQUEST, {"outcome": request.status, "by": request.decided_by, "at": at})


def must_be_of_a_colleague(request: Request, actor: str) -> None:
    if request.event.requested_by == actor:
        raise Refused(Reason.OWN_REQUEST)


def must_not_be_in_flight(attempt: UUID, invoice: Invoice) -> None:
    """A surplus payment is reversed by the bank first; finance owes only what the bank has declined to reverse."""
    paid = invoice.attempts.get(attempt)
    if paid is not None and paid.status == "duplicate" and not paid.is_owed:
        raise Refused(Reason.REFUND_IN_FLIGHT)


def refundable(
    requested: commands.RequestRefund | finance_events.RefundRequested,
    invoice: Invoice,
    except_request: UUID | None = None,
) -> int:
    """What may be refunded: a valid invoice keeps what it needs, unless the membership ends with the refund."""
    left = left_of(requested.attempt, invoice, except_request)
    keeps = (
        invoice.is_valid and not requested.ends_membership and invoice.attempts[requested.attempt].status == "settled"
    )
    return min(left, uncommitted(invoice, except_request) - needed(invoice)) if keeps else left


def needed(invoice: Invoice) -> int:
    """What a valid invoice has to have received, in rials."""
    return invoice.issued.amount_rials - invoice.written_off_rials if invoice.issued and invoice.is_valid else 0


def left_of(attempt: UUID, invoice: Invoice, except_request: UUID | None = None) -> int:
    """What of an attempt's money is neither refunded nor requested to be, without the request that is decided."""
    paid = invoice.attempts.get(attempt)
    if paid is None:
        raise Refused(Reason.UNKNOWN_PAYMENT)
    if not paid.is_paid:
        return 0
    left = (
        paid.amount_rials - paid.refunded_rials - paid.credited_rials - open_refunds(invoice, {attempt}, except_request)
    )
    return min(left, uncommitted(invoice, except_request)) if paid.status == "settled" else left


def uncommitted(invoice: Invoice, except_request: UUID | None = None) -> int:
    """What an invoice has received and nobody has requested back."""
    settled = [key for key, one in invoice.attempts.items() if one.status == "settled"]
    return invoice.received_rials - open_refunds(invoice, settled, except_request)


def open_refunds(invoice: Invoice, attempts: Collection[UUID], except_request: UUID | None) -> int:
    """Requested or granted refunds of some attempts, without one request."""
    return sum(
        request.event.amount_rials
        for key, request in invoice.requests.items()
        if isinstance(request.event, finance_events.RefundRequested)
        and key != except_request
        and request.event.attempt in attempts
        and request.status in {"requested", "granted"}
    )


def must_be_left(amount_rials: int, left_rials: int) -> None:
    if amount_rials > left_rials:
        raise Refused(Reason.TOO_MUCH, {"left_rials": str(max(0, left_rials))})
