"""`tamdid payments`: what was paid, and the manager's confirmation."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Literal

import typer

from clients.admin import bulk, exit_codes, full_names
from clients.admin.arguments import Apply, AsJson, Limit, Members, Offset, Province, Year
from clients.admin.bulk import Result
from clients.admin.context import RunContext, run_context
from clients.admin.output import Printer
from clients.admin.paging import PagedQuery, fetch_rows
from shared.contract.payment import answers, commands, invoice_stage
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import queries as renewal_queries

app = typer.Typer(help="Payments and their confirmation.", no_args_is_help=True)
Status = Literal["settled", "confirmed", "open", "reversed"]

ORDERS: Mapping[str, Callable[[answers.Invoice], tuple[float]]] = {
    "settled": lambda invoice: (seconds(invoice.settled_at),),
    "confirmed": lambda invoice: (-seconds(invoice.confirmed_at),),
    "open": lambda invoice: (seconds(invoice.issued_at),),
    "reversed": lambda invoice: (seconds(invoice.reversed_at),),
}
"""What payment's own lists are ordered by."""


def seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


@app.command("list")
def list_payments(
    context: typer.Context,
    province: Province = None,
    status: Annotated[Status, typer.Option(help="Settled ones wait for the confirmation.")] = "settled",
    limit: Limit = 50,
    offset: Offset = 0,
    as_json: AsJson = False,
) -> None:
    """List invoices by what was paid on them, the oldest first; of the confirmed ones the newest."""
    run = run_context(context, as_json)
    query = PagedQuery(
        lambda one, rows, start: run.call(
            payment_queries.ListPayments(province=one, status=status, limit=rows, offset=start)
        ),
        lambda page: page.invoices,
        lambda invoice: (*ORDERS[status](invoice), invoice.member, invoice.year),
    )
    invoice_stage, pages, _ = fetch_rows(run, province, query, limit, offset)
    total = sum(page.total for page in pages)
    if as_json:
        run.printer.json({"invoices": invoice_stage, "total": total})
        return
    show(run, invoice_stage)
    printer = run.printer
    shown, count = printer.number(len(invoice_stage)), printer.number(total)
    printer.line(printer.pick(f"{shown} از {count}", f"{shown} of {count}"))


def show(run: RunContext, found: list[answers.Invoice]) -> None:
    named = full_names.of(run, [invoice.member for invoice in found])
    printer = run.printer
    rows = (
        (
            invoice.member,
            named.get(invoice.member, ""),
            str(invoice.year),
            printer.rials(invoice.amount_rials),
            status_of(printer, invoice),
            printer.instant(invoice.settled_at),
            invoice.bank_reference,
            invoice.card_mask,
        )
        for invoice in found
    )
    printer.table(("member", "name", "year", "amount", "status", "settled_at", "bank_reference", "card"), rows)


def status_of(printer: Printer, invoice: answers.Invoice) -> str:
    """How an invoice stands, in words."""
    stage = invoice_stage.stage(invoice)
    return printer.label(stage if stage == invoice.status else f"invoice_{stage}")


@app.command()
def confirm(
    context: typer.Context, members: Members, year: Year = None, apply: Apply = None, as_json: AsJson = False
) -> None:
    """Confirm settled payments: the year's capacity follows."""
    run = run_context(context, as_json)
    printer = run.printer
    dry_run = bulk.is_dry_run(members, apply)

    def act(member: str) -> Result:
        invoice = find(run, member, year)
        amount = printer.rials(invoice.amount_rials)
        if dry_run:
            run.call(renewal_queries.ListDesk(province=invoice.province, limit=1))  # refused to whoever may not confirm
            is_settled = invoice.status == "settled"
            outcome = "would_be_confirmed" if is_settled else "left_out"
            note = f"{status_of(printer, invoice)}, {amount}"
            return Result(member, outcome, note, exit_code=exit_codes.DONE if is_settled else exit_codes.REFUSED)
        command = commands.ConfirmPayment(
            **run.stamp(), member=member, year=invoice.year, amount_rials=invoice.amount_rials
        )
        return Result(member, "confirmed", amount, run.call(command))

    bulk.for_each(run, members, dry_run=dry_run, act=act)


def find(run: RunContext, member: str, year: int | None) -> answers.Invoice:
    """A member's invoice of a year, the current one by default; refused where there is none."""
    chosen = year or run.current_year()
    for invoice in run.call(payment_queries.GetInvoices(member=member)).invoices:
        if invoice.year == chosen:
            return invoice
    raise Refused(Reason.NO_INVOICE)
