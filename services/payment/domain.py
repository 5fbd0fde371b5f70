"""What may be done with an invoice and the attempts to pay it: the decisions of `invoice/{member}/{year}`."""

from datetime import datetime, time, timedelta
from typing import assert_never
from uuid import UUID

from services.payment.invoice import (
    Attempt,
    FailAttempt,
    HoldAttempt,
    Invoice,
    InvoiceStatus,
    SettleAttempt,
    StartAttempt,
    evolve,
)
from shared import persian
from shared.contract import commands, events
from shared.contract.refusals import Reason, Refused
from shared.decider import Decider

PAYABLE_DAYS = 30
"""How long an approved invoice may be paid, in days, unless Esfand ends earlier (docs/domain.md 7.2)."""
RESUMABLE = timedelta(minutes=20)
"""So long an open attempt is offered again before another may be opened (docs/payments.md 6.7)."""

Command = commands.IssueInvoice | StartAttempt | SettleAttempt | FailAttempt | HoldAttempt | commands.ConfirmPayment


def decide(command: Command, invoice: Invoice) -> list[events.Event]:
    """What a command makes happen; `Refused` when it may not be."""
    match command:
        case commands.IssueInvoice():
            return issue(command, invoice)
        case StartAttempt():
            return start(command, invoice)
        case SettleAttempt():
            return settle(command, invoice)
        case FailAttempt():
            return fail(command, invoice)
        case HoldAttempt():
            return hold(command, invoice)
        case commands.ConfirmPayment():
            return confirm(command, invoice)
        case _:
            assert_never(command)


def issue(command: commands.IssueInvoice, invoice: Invoice) -> list[events.Event]:
    if invoice.issued is not None:
        return []
    return [
        events.InvoiceIssued(
            member=command.member,
            year=command.year,
            province=command.province,
            lines=command.lines,
            amount_rials=sum(line.amount_rials for line in command.lines),
            issued_at=command.at,
            payable_until=payable_until(command.at),
        )
    ]


def payable_until(approved_at: datetime) -> datetime:
    """Thirty days after the approval, or the last second of that year's Esfand in Tehran if it comes earlier."""
    _, last_day = persian.year_bounds(persian.jalali_year(approved_at))
    end_of_esfand = datetime.combine(last_day, time(23, 59, 59), persian.TEHRAN)
    return min(approved_at + timedelta(days=PAYABLE_DAYS), end_of_esfand.astimezone(approved_at.tzinfo))


def must_be_payable(status: InvoiceStatus, payable_until: datetime, at: datetime) -> None:
    """Refuse to open an attempt on an invoice that is paid or whose time is over."""
    if status in {"settled", "confirmed"}:
        raise Refused(Reason.ALREADY_PAID)
    if at > payable_until:
        raise Refused(Reason.INVOICE_EXPIRED, {"until": persian.format_instant(payable_until)})


def start(command: StartAttempt, invoice: Invoice) -> list[events.Event]:
    """One open attempt at a time: of two that are opened at once, the second is forgotten before anybody sees it."""
    issued = must_be_issued(invoice)
    must_be_payable(invoice.status, issued.payable_until, command.at)
    if open_attempt(invoice, command.at) is not None:
        return []
    return [
        events.PaymentStarted(
            member=issued.member,
            year=issued.year,
            attempt=command.attempt,
            authority=command.authority,
            bank=command.bank,
            amount_rials=issued.amount_rials,
            started_at=command.at,
        )
    ]


def open_attempt(invoice: Invoice, at: datetime) -> UUID | None:
    """The attempt that the member may still go and pay in."""
    for key, attempt in invoice.attempts.items():
        if attempt.status == "started" and attempt.started_at > at - RESUMABLE:
            return key
    return None


def settle(command: SettleAttempt, invoice: Invoice) -> list[events.Event]:
    """Paid, by the bank's own word: also after a hold, a failure or the invoice's end, for taken money is never dropped."""
    issued, attempt = must_be_issued(invoice), must_be_known(command.attempt, invoice)
    if attempt.is_paid:
        return []
    if is_counted(attempt.bank, command.bank_reference, invoice):
        return hold(HoldAttempt(command.id, command.at, command.attempt, "reference_counted_before"), invoice)
    paid = {
        "member": issued.member,
        "year": issued.year,
        "province": issued.province,
        "attempt": command.attempt,
        "authority": attempt.authority,
        "bank": attempt.bank,
        "amount_rials": attempt.amount_rials,
        "bank_reference": command.bank_reference,
        "card_mask": command.card_mask,
    }
    if invoice.status == "open":
        return [events.PaymentSettled.model_validate(paid | {"settled_at": command.at})]
    return [events.DuplicatePaymentFound.model_validate(paid | {"found_at": command.at})]


def is_counted(bank: str, reference: str, invoice: Invoice) -> bool:
    """Whether an attempt of this invoice has this reference; those of all others are held against the views."""
    return any((one.bank, one.bank_reference) == (bank, reference) for one in invoice.attempts.values())


def fail(command: FailAttempt, invoice: Invoice) -> list[events.Event]:
    issued, attempt = must_be_issued(invoice), must_be_known(command.attempt, invoice)
    if attempt.status != "started":
        return []
    return [
        events.PaymentFailed(
            member=issued.member,
            year=issued.year,
            attempt=command.attempt,
            authority=attempt.authority,
            cause=command.cause,
            failed_at=command.at,
        )
    ]


def hold(command: HoldAttempt, invoice: Invoice) -> list[events.Event]:
    issued, attempt = must_be_issued(invoice), must_be_known(command.attempt, invoice)
    if attempt.is_paid or attempt.status == "held":
        return []
    return [
        events.PaymentHeld(
            member=issued.member,
            year=issued.year,
            attempt=command.attempt,
            authority=attempt.authority,
            cause=command.cause,
            held_at=command.at,
        )
    ]


def confirm(command: commands.ConfirmPayment, invoice: Invoice) -> list[events.Event]:
    issued = must_be_issued(invoice)
    if invoice.status == "open":
        raise Refused(Reason.PAYMENT_NOT_SETTLED)
    if command.amount_rials != issued.amount_rials:
        raise Refused(Reason.CONFLICT)
    if invoice.status == "confirmed":
        return []
    return [
        events.PaymentConfirmed(
            member=issued.member,
            year=issued.year,
            province=issued.province,
            amount_rials=issued.amount_rials,
            confirmed_by=command.actor,
            confirmed_at=command.at,
        )
    ]


def must_be_issued(invoice: Invoice) -> events.InvoiceIssued:
    if invoice.issued is None:
        raise Refused(Reason.NO_INVOICE)
    return invoice.issued


def must_be_known(attempt: UUID, invoice: Invoice) -> Attempt:
    if attempt not in invoice.attempts:
        raise Refused(Reason.UNKNOWN_PAYMENT)
    return invoice.attempts[attempt]


INVOICE: Decider[Command, Invoice] = Decider(decide, evolve, Invoice())
