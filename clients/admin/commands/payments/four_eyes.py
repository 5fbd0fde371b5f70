"""`tamdid payments request`: an officer requests a refund, a write-off or that a deposit slip counts; a colleague grants it."""

from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

import typer

from clients.admin.arguments import AsJson, Member, ReasonText, Year, amount_rials, jalali_day
from clients.admin.commands.payments import finance_tasks, invoices
from clients.admin.context import RunContext, run_context
from shared.contract import base
from shared.contract.payment import answers, commands
from shared.text import persian

app = typer.Typer(help="Ask for what a colleague has to grant.", no_args_is_help=True)
Amount = Annotated[int, typer.Option("--amount", help="In rials.", parser=amount_rials(1))]
Attempt = Annotated[
    UUID | None,
    typer.Option("--attempt", help="Which payment; needed where the invoice was paid more than once."),
]
Ends = Annotated[bool, typer.Option("--ends-membership", help="Cancel the invoice, and take its confirmation back.")]
Slip = Annotated[str, typer.Option("--slip", help="The bank's number of the deposit; it counts once for ever.")]
PaidOn = Annotated[date, typer.Option("--paid-on", help="The Jalali day of the deposit.", parser=jalali_day)]
PAID = {"settled", "duplicate"}


@app.command()
def refund(
    context: typer.Context,
    member: Member,
    amount: Amount,
    reason: ReasonText,
    attempt: Attempt = None,
    ends_membership: Ends = False,
    year: Year = None,
    as_json: AsJson = False,
) -> None:
    """Ask to send a payment back, whole or in part."""
    run = run_context(context, as_json)
    invoice = invoices.find(run, member, year)
    about = {"attempt": attempt or only_payment(invoice), "ends_membership": ends_membership}
    send_request(run, invoice, commands.RequestRefund, {**about, "amount_rials": amount, "reason": reason})


@app.command("write-off")
def write_off(
    context: typer.Context,
    member: Member,
    amount: Amount,
    reason: ReasonText,
    year: Year = None,
    as_json: AsJson = False,
) -> None:
    """Ask to give up a part of what an invoice is owed."""
    run = run_context(context, as_json)
    invoice = invoices.find(run, member, year)
    send_request(run, invoice, commands.RequestWriteOff, {"amount_rials": amount, "reason": reason})


@app.command()
def slip(
    context: typer.Context,
    member: Member,
    amount: Amount,
    slip: Slip,
    paid_on: PaidOn,
    reason: ReasonText,
    year: Year = None,
    as_json: AsJson = False,
) -> None:
    """Put a deposit slip forward that shall count for an invoice; more than is owed becomes the member's credit."""
    run = run_context(context, as_json)
    invoice = invoices.find(run, member, year)
    about = {"slip": persian.normalise(slip), "paid_on": paid_on}
    send_request(run, invoice, commands.RequestManualPayment, {**about, "amount_rials": amount, "reason": reason})


def only_payment(invoice: answers.Invoice) -> UUID:
    """The payment that is meant where none is named."""
    paid = [one for one in invoice.attempts if one.status in PAID]
    if len(paid) != 1:
        told = ", ".join(f"{one.attempt} ({one.amount_rials:,} rials)" for one in paid) or "there is none"
        raise typer.BadParameter(f"name the payment: {told}", param_hint="--attempt")
    return paid[0].attempt


def send_request(
    run: RunContext, invoice: answers.Invoice, kind: type[base.Command[answers.Invoice]], about: dict[str, object]
) -> None:
    """Send the request; it waits for a colleague under the id that is told."""
    command = {"id": uuid4(), "deadline": run.deadline(), "member": invoice.member, "year": invoice.year}
    found = run.call(kind.model_validate({**command, **about}))
    printer = run.printer
    if printer.as_json:
        printer.json({"request": str(command["id"]), "invoice": found})
        return
    short = str(command["id"])[: finance_tasks.SHORT]
    printer.line(
        printer.pick(
            f"درخواست {short} در انتظار تأیید همکار است.", f"Request {short} waits for a colleague to grant it."
        )
    )
