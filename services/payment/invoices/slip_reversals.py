"""Decisions on taking back a deposit slip that counts: requested by one officer, granted by another, whatever became of its invoice."""

from typing import assert_never

from services.payment.invoices import credit, four_eyes, lifecycle
from services.payment.invoices.own_events import key_of
from services.payment.invoices.state import Invoice, Request
from shared.contract import base
from shared.contract.payment import commands, events, finance_events
from shared.contract.refusals import Reason, Refused

Command = commands.RequestManualPaymentReversal | commands.GrantManualPaymentReversal


def decide(command: Command, issued: events.InvoiceIssued, invoice: Invoice) -> list[base.Event]:
    """Decide an officer's command about a slip that counts."""
    match command:
        case commands.RequestManualPaymentReversal():
            return request(command, issued, invoice)
        case commands.GrantManualPaymentReversal():
            return grant(command, issued, invoice)
        case _:
            assert_never(command)


def request(
    command: commands.RequestManualPaymentReversal, issued: events.InvoiceIssued, invoice: Invoice
) -> list[base.Event]:
    """Only what counts can be taken back, and once: a second request waits for the first one's outcome."""
    slip, requested = four_eyes.open_request_of(command.manual_payment, invoice, finance_events.ManualPaymentRequested)
    must_count(slip)
    if any(is_open_reversal_of(requested, one) for one in invoice.requests.values()):
        raise Refused(Reason.REVERSAL_REQUESTED)
    return [
        finance_events.ManualPaymentReversalRequested(
            **key_of(issued),
            request=command.id,
            manual_payment=command.manual_payment,
            slip=requested.slip,
            amount_rials=requested.amount_rials,
            note=command.id,
            requested_by=command.actor,
            requested_at=command.at,
        )
    ]


def is_open_reversal_of(slip: finance_events.ManualPaymentRequested, other: Request) -> bool:
    """Whether it waits for a colleague that this slip counts no more."""
    if other.status != "requested" or not isinstance(other.event, finance_events.ManualPaymentReversalRequested):
        return False
    return other.event.manual_payment == slip.request


def grant(
    command: commands.GrantManualPaymentReversal, issued: events.InvoiceIssued, invoice: Invoice
) -> list[base.Event]:
    """The slip counts no more.

    What the invoice needs then comes first from its own surplus that counts for other years; where that is not enough, it is
    open again and its confirmation is withdrawn. Money that a colleague may be sending back at this moment is waited for.
    """
    wanted, requested = four_eyes.open_request_of(
        command.request, invoice, finance_events.ManualPaymentReversalRequested
    )
    if wanted.status == "done":
        return []
    four_eyes.must_be_of_a_colleague(wanted, command.actor)
    must_count(invoice.requests[requested.manual_payment])
    must_not_be_being_sent_back(invoice)
    lacking = four_eyes.needed(invoice) - (invoice.received_rials - requested.amount_rials)
    called_back = credit.spent_and_gone(invoice, lacking)
    taken_back = finance_events.ManualPaymentReversed(
        **key_of(issued),
        request=command.request,
        manual_payment=requested.manual_payment,
        slip=requested.slip,
        amount_rials=requested.amount_rials,
        granted_by=command.actor,
        granted_at=command.at,
    )
    is_paid = lacking <= sum(rials for _, _, rials in called_back)
    return [
        *credit.returned(issued, called_back, command.at),
        taken_back,
        *([] if is_paid else lifecycle.withdraw(issued, invoice, "reversed", command.at)),
    ]


def must_count(slip: Request) -> None:
    """Refuse what was never granted, or counts no more; the refusal names who decided."""
    if slip.status != "done":
        raise four_eyes.no_longer_open(slip)


def must_not_be_being_sent_back(invoice: Invoice) -> None:
    """Of the invoice's own money; recorded after this, it would be refused as too much although it was sent."""
    granted = (one.event for one in invoice.requests.values() if one.status == "granted")
    refunds = (one for one in granted if isinstance(one, finance_events.RefundRequested))
    if any(invoice.attempts[one.attempt].status == "settled" for one in refunds):
        raise Refused(Reason.REFUND_GRANTED)
