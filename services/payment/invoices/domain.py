"""Domain of invoices: routes each command on `invoice/{member}/{year}` to its decision, and decides on attempts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from services.payment.invoices import credit, four_eyes, lifecycle, slip_reversals
from services.payment.invoices.coverage import waiver_persons
from services.payment.invoices.internal_commands import (
    CountCredit,
    ExtendInvoice,
    FailAttempt,
    HoldAttempt,
    IssueInvoice,
    LoseCover,
    OweRefund,
    ReplaceInvoice,
    ReturnCredit,
    ReverseAttempt,
    SettleAttempt,
    StartAttempt,
    TakeCredit,
    WithdrawCredit,
)
from services.payment.invoices.lifecycle import (
    REFERENCE_COUNTED,
    SLIP_COUNTS,
    must_be_issued,
    must_be_known,
    must_be_valid,
)
from services.payment.invoices.own_events import attempt_key, key_of
from services.payment.invoices.state import Invoice, InvoiceStatus, evolve
from shared.contract import base
from shared.contract.payment import commands, events
from shared.contract.payment.answers import AttemptStatus
from shared.contract.refusals import Reason, Refused
from shared.event_store.decider import Decider
from shared.text import persian

RESUMABLE = timedelta(minutes=20)
"""So long an open attempt is offered again before another may be opened (docs/payments.md 6.7)."""

OfAttempt = StartAttempt | SettleAttempt | FailAttempt | HoldAttempt
OfCredit = TakeCredit | CountCredit | ReturnCredit | WithdrawCredit
Afterwards = ReverseAttempt | OweRefund | ExtendInvoice | ReplaceInvoice | LoseCover | OfCredit
OfInvoice = commands.ConfirmPayment | commands.RenewInvoice | four_eyes.Command | slip_reversals.Command
"""Commands of members and officers about an invoice."""
Command = IssueInvoice | StartAttempt | SettleAttempt | FailAttempt | HoldAttempt | Afterwards | OfInvoice


class SlipCounts(Exception):  # noqa: N818 - no error: an officer has to see whether it is the same money
    """A slip counts that was granted while the attempt had no outcome, so that its payment may be the slip's money."""


class ReferenceTaken(Exception):  # noqa: N818 - no error: the bank's answer is the wrong one
    """The bank reference already counts for another attempt, so the append that would count it again is undone."""


def decide(command: Command, invoice: Invoice) -> list[base.Event]:
    """What a command makes happen; `Refused` when it may not be."""
    match command:
        case IssueInvoice():
            return lifecycle.issue(command, invoice)
        case StartAttempt() | SettleAttempt() | FailAttempt() | HoldAttempt():
            return decide_attempt(command, invoice)
        case commands.ConfirmPayment():
            return confirm(command, invoice)
        case commands.RenewInvoice():
            return lifecycle.extend_for_member(command, must_be_issued(invoice), invoice)
        case (
            commands.RequestRefund()
            | commands.RequestWriteOff()
            | commands.RequestManualPayment()
            | commands.GrantRefund()
            | commands.GrantWriteOff()
            | commands.GrantManualPayment()
            | commands.RecordRefund()
            | commands.DeclineRequest()
        ):
            return four_eyes.decide(command, must_be_issued(invoice), invoice)
        case commands.RequestManualPaymentReversal() | commands.GrantManualPaymentReversal():
            return slip_reversals.decide(command, must_be_issued(invoice), invoice)
        case _:
            return decide_afterwards(command, invoice)


def decide_attempt(command: OfAttempt, invoice: Invoice) -> list[base.Event]:
    """What happens to an attempt to pay."""
    match command:
        case StartAttempt():
            return start(command, invoice)
        case SettleAttempt():
            return settle(command, invoice)
        case FailAttempt():
            return fail(command, invoice)
        case HoldAttempt():
            return hold(command, invoice)
        case _:
            assert_never(command)


def decide_afterwards(command: Afterwards, invoice: Invoice) -> list[base.Event]:
    """What happens to an invoice without anybody's asking for it."""
    issued = must_be_issued(invoice)
    match command:
        case ReverseAttempt():
            return lifecycle.reverse(command, must_be_known(command.attempt, invoice), issued, invoice)
        case OweRefund():
            return lifecycle.owe(command, must_be_known(command.attempt, invoice), issued)
        case ExtendInvoice():
            return lifecycle.extend(command, issued, invoice)
        case ReplaceInvoice():
            return lifecycle.replace(command, issued, invoice)
        case LoseCover():
            return lifecycle.lose_cover(command, issued, invoice)
        case TakeCredit() | CountCredit() | ReturnCredit() | WithdrawCredit():
            return credit.decide(command, issued, invoice)
        case _:
            assert_never(command)


def must_be_payable(status: InvoiceStatus, payable_until: datetime, at: datetime) -> None:
    """Refuse to open an attempt on an invoice that is paid or whose time is over."""
    if status in {"settled", "confirmed"}:
        raise Refused(Reason.ALREADY_PAID)
    if at > payable_until:
        raise Refused(Reason.INVOICE_EXPIRED, {"until": persian.format_instant(payable_until)})


def must_not_be_held(statuses: Iterable[AttemptStatus | None]) -> None:
    """Refuse to open an attempt beside one whose money an officer has to check."""
    if "held" in statuses:
        raise Refused(Reason.PAYMENT_HELD)


def start(command: StartAttempt, invoice: Invoice) -> list[base.Event]:
    """One open attempt at a time: of two that are opened at once, the second is forgotten before anybody sees it."""
    issued = must_be_issued(invoice)
    must_be_valid(invoice)
    must_be_payable(invoice.status, invoice.payable_until or issued.payable_until, command.at)
    must_not_be_held(one.status for one in invoice.attempts.values())
    if command.amount_rials not in {None, invoice.due_rials}:
        raise Refused(Reason.CONFLICT)
    if open_attempt(invoice, command.bank, command.at) is not None:
        return []
    return [
        events.PaymentStarted(
            **attempt_key(issued, command.attempt, command.authority),
            bank=command.bank,
            amount_rials=invoice.due_rials,
            started_at=command.at,
        )
    ]


def open_attempt(invoice: Invoice, bank: str, at: datetime) -> UUID | None:
    """The attempt at a bank that the member may still go and pay in."""
    for key, attempt in invoice.attempts.items():
        if (attempt.status, attempt.bank) == ("started", bank) and attempt.started_at > at - RESUMABLE:
            return key
    return None


def settle(command: SettleAttempt, invoice: Invoice) -> list[base.Event]:
    """Paid, as the bank itself answers: also after a hold, a failure or the invoice's end, for taken money is never dropped."""
    issued, attempt = must_be_issued(invoice), must_be_known(command.attempt, invoice)
    if attempt.is_paid or attempt.status == "reversed":
        return []
    if lifecycle.may_be_of_a_slip(attempt, invoice):
        raise SlipCounts
    if is_counted(attempt.bank, command.bank_reference, invoice):
        return hold(HoldAttempt(command.id, command.at, command.attempt, REFERENCE_COUNTED), invoice)
    paid = {
        **attempt_key(issued, command.attempt, attempt.authority),
        "province": issued.province,
        "bank": attempt.bank,
        "amount_rials": attempt.amount_rials,
        "bank_reference": command.bank_reference,
        "card_mask": command.card_mask,
    }
    if invoice.status == "open" and invoice.is_valid:
        return [events.PaymentSettled.model_validate(paid | {"settled_at": command.at})]
    return [events.DuplicatePaymentFound.model_validate(paid | {"found_at": command.at})]


def is_counted(bank: str, reference: str, invoice: Invoice) -> bool:
    """Whether an attempt of this invoice has this reference; among all invoices it is reserved with the append (`ReferenceTaken`)."""
    return any((one.bank, one.bank_reference) == (bank, reference) for one in invoice.attempts.values())


def fail(command: FailAttempt, invoice: Invoice) -> list[base.Event]:
    issued, attempt = must_be_issued(invoice), must_be_known(command.attempt, invoice)
    if attempt.status not in {"started", "held"}:
        return []
    about = attempt_key(issued, command.attempt, attempt.authority)
    return [events.PaymentFailed(**about, cause=command.cause, failed_at=command.at)]


def hold(command: HoldAttempt, invoice: Invoice) -> list[base.Event]:
    """For an officer to check; a slip that may be the same money is the cause before any other, and what is held may get another cause."""
    issued, attempt = must_be_issued(invoice), must_be_known(command.attempt, invoice)
    cause = SLIP_COUNTS if lifecycle.may_be_of_a_slip(attempt, invoice) else command.cause
    if attempt.is_paid or attempt.status == "reversed" or (attempt.status, attempt.cause) == ("held", cause):
        return []
    about = attempt_key(issued, command.attempt, attempt.authority)
    return [events.PaymentHeld(**about, cause=cause, held_at=command.at)]


def confirm(command: commands.ConfirmPayment, invoice: Invoice) -> list[base.Event]:
    issued = must_be_issued(invoice)
    must_be_valid(invoice)
    if invoice.status == "open":
        raise Refused(Reason.PAYMENT_NOT_SETTLED)
    if command.amount_rials != issued.amount_rials:
        raise Refused(Reason.CONFLICT)
    if invoice.status == "confirmed":
        return confirmed_before(command, invoice)
    if command.actor in waiver_persons(invoice):
        raise Refused(Reason.OWN_WAIVER)
    return [
        events.PaymentConfirmed(
            **key_of(issued),
            amount_rials=issued.amount_rials,
            confirmed_by=command.actor,
            confirmed_at=command.at,
        )
    ]


def confirmed_before(command: commands.ConfirmPayment, invoice: Invoice) -> list[base.Event]:
    """Nothing more where the same person has confirmed it before; refused, with who and when, where a colleague has."""
    before = invoice.confirmed
    if before is not None and before.confirmed_by != command.actor:
        details = {"officer": before.confirmed_by, "confirmed_at": before.confirmed_at.isoformat()}
        raise Refused(Reason.ALREADY_CONFIRMED, details)
    return []


INVOICE: Decider[Command, Invoice] = Decider(decide, evolve, Invoice())
