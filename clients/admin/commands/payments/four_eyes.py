"""`tamdid payments request`: an officer requests a refund, a write-off or that a deposit slip counts, or counts no more; a colleague grants it."""

from datetime import date
from typing import Annotated
from uuid import UUID

import typer

from clients.admin.arguments import SHORT, Member, ReasonText, Year, amount_rials, jalali_day
from clients.admin.commands.payments import invoices
from clients.admin.context import RunContext, command
from shared.contract import base
from shared.contract.payment import answers, commands
from shared.text import persian

app = typer.Typer(help="Ask for what a colleague has to grant.", no_args_is_help=True)
Amount = Annotated[int, typer.Option("--amount", help="In rials.", parser=amount_rials(1))]
Attempt = Annotated[
    UUID | None, typer.Option("--attempt", help="Which payment; needed where the invoice was paid more than once.")
]
Ends = Annotated[bool, typer.Option("--ends-membership", help="Cancel the invoice, and take its confirmation back.")]
Slip = Annotated[str, typer.Option("--slip", help="The bank's number of the deposit; it counts once.")]
SlipToReverse = Annotated[str, typer.Option("--slip", help="The number of the slip that counts.")]
PaidOn = Annotated[date, typer.Option("--paid-on", help="The Jalali day of the deposit.", parser=jalali_day)]
PAID = {"settled", "duplicate"}


@command(app, "refund")
def refund(
    run: RunContext,
    member: Member,
    amount: Amount,
    reason: ReasonText,
    attempt: Attempt = None,
    ends_membership: Ends = False,
    year: Year = None,
) -> None:
    """Ask to send a payment back, whole or in part."""
    invoice = invoices.invoice_of(run, member, year)
    fields = {"attempt": attempt or only_payment(invoice), "ends_membership": ends_membership, "amount_rials": amount}
    send_request(run, invoice, commands.RequestRefund, reason=reason, **fields)


@command(app, "write-off")
def write_off(run: RunContext, member: Member, amount: Amount, reason: ReasonText, year: Year = None) -> None:
    """Ask to give up a part of what an invoice is owed."""
    invoice = invoices.invoice_of(run, member, year)
    send_request(run, invoice, commands.RequestWriteOff, amount_rials=amount, reason=reason)


@command(app, "slip")
def slip(
    run: RunContext, member: Member, amount: Amount, slip: Slip, paid_on: PaidOn, reason: ReasonText, year: Year = None
) -> None:
    """Put a deposit slip forward that shall count for an invoice; more than is owed becomes the member's credit."""
    invoice = invoices.invoice_of(run, member, year)
    fields = {"slip": persian.normalise(slip), "paid_on": paid_on, "amount_rials": amount}
    send_request(run, invoice, commands.RequestManualPayment, reason=reason, **fields)


@command(app, "slip-reversal")
def slip_reversal(run: RunContext, member: Member, slip: SlipToReverse, reason: ReasonText, year: Year = None) -> None:
    """Ask that a slip which counts for an invoice counts no more; what is missing then is owed again."""
    invoice = invoices.invoice_of(run, member, year)
    number = persian.normalise(slip)
    found = next((one for one in invoice.slips if one.slip == number and one.reversed_at is None), None)
    if found is None:
        choices = ", ".join(one.slip for one in invoice.slips if one.reversed_at is None) or "there is none"
        raise typer.BadParameter(f"name a slip that counts for {invoice.year}: {choices}", param_hint="--slip")
    send_request(run, invoice, commands.RequestManualPaymentReversal, reason=reason, manual_payment=found.request)


def only_payment(invoice: answers.Invoice) -> UUID:
    """The payment that is meant where none is named."""
    paid = [attempt for attempt in invoice.attempts if attempt.status in PAID]
    if len(paid) != 1:
        choices = ", ".join(f"{each.attempt} ({each.amount_rials:,} rials)" for each in paid) or "there is none"
        raise typer.BadParameter(f"name the payment: {choices}", param_hint="--attempt")
    return paid[0].attempt


def send_request(
    run: RunContext, invoice: answers.Invoice, kind: type[base.Command[answers.Invoice]], **fields: object
) -> None:
    """Send a request, and print the id under which it waits for a colleague."""
    request = kind.model_validate({**run.stamp(), "member": invoice.member, "year": invoice.year, **fields})
    document = {"request": str(request.id), "invoice": run.call(request)}
    run.printer.done(document, "request_sent", request=str(request.id)[:SHORT])
