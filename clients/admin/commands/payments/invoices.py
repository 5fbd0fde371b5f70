"""`tamdid payments`: what was paid, and the manager's confirmation."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Literal

import typer

from clients.admin import bulk, exit_codes, full_names
from clients.admin.arguments import All, Apply, Limit, Offset, Province, SomeMembers, Year
from clients.admin.bulk import Key, Result
from clients.admin.context import RunContext, command
from clients.admin.output import Printer
from clients.admin.paging import PagedQuery, all_rows, fetch_rows
from shared.contract.bounds import PAGE_MAX
from shared.contract.payment import answers, commands, invoice_stage
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import queries as renewal_queries

app = typer.Typer(help="Payments and their confirmation.", no_args_is_help=True)
Status = Literal["settled", "confirmed", "open", "reversed"]

ORDERS: Mapping[str, Callable[[answers.Invoice], float]] = {
    "settled": lambda invoice: seconds(invoice.settled_at),
    "confirmed": lambda invoice: -seconds(invoice.confirmed_at),
    "open": lambda invoice: seconds(invoice.issued_at),
    "reversed": lambda invoice: seconds(invoice.reversed_at),
}
"""What payment's own lists are ordered by."""


def seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


@command(app, "list", is_list=True)
def list_payments(
    run: RunContext,
    province: Province = None,
    status: Annotated[Status, typer.Option(help="Settled ones wait for the confirmation.")] = "settled",
    limit: Limit = 50,
    offset: Offset = 0,
) -> None:
    """List invoices by what was paid on them, the oldest first; of the confirmed ones the newest."""
    query = PagedQuery(
        lambda **page: run.call(payment_queries.ListPayments(status=status, **page)),
        lambda page: page.invoices,
        lambda invoice: (ORDERS[status](invoice), invoice.member, invoice.year),
    )
    invoices, total, _ = fetch_rows(run, province, query, limit, offset)
    printer = run.printer
    printer.document({"invoices": invoices, "total": total})
    printer.table(
        invoices,
        "member",
        ("name", full_names.of_members(run, invoices)),
        "year",
        ("amount", "amount_rials"),
        ("status", lambda invoice: status_of(printer, invoice)),
        "settled_at",
        "bank_reference",
        ("card", "card_mask"),
    )
    printer.line(printer.text("page", shown=len(invoices), total=total))


def status_of(printer: Printer, invoice: answers.Invoice) -> str:
    """The stage of an invoice, for a reader."""
    stage = invoice_stage.stage(invoice)
    return printer.label(stage if stage == invoice.status else f"invoice_{stage}")


@command(app, "confirm")
def confirm(
    run: RunContext,
    members: SomeMembers = None,
    year: Year = None,
    everything: All = False,
    province: Province = None,
    apply: Apply = None,
) -> None:
    """Confirm settled payments: the year's capacity follows."""
    if province and not everything:
        raise typer.BadParameter("a province goes with --all")
    printer = run.printer
    listed: dict[Key, answers.Invoice] = {}
    selected = bulk.select(run, members, year, everything=everything, rows=settled(run, province, listed))

    def found(key: Key) -> answers.Invoice:
        return listed.get(key) or invoice_of(run, *key)

    def preview(key: Key) -> Result:
        invoice = found(key)
        run.call(renewal_queries.ListDesk(province=invoice.province, limit=1))  # refused to whoever may not confirm
        note = f"{status_of(printer, invoice)}, {printer.rials(invoice.amount_rials)}"
        if invoice.status != "settled":
            return Result(*key, "left_out", note, exit_code=exit_codes.REFUSED)
        return Result(*key, "would_be_confirmed", note)

    def confirm_one(key: Key) -> Result:
        amount = found(key).amount_rials
        command = commands.ConfirmPayment(**run.stamp(), **key._asdict(), amount_rials=amount)
        return Result(*key, "confirmed", printer.rials(amount), run.call(command))

    bulk.for_each(run, selected, apply, preview=lambda keys: bulk.act_on_each(run, keys, preview), act=confirm_one)


def settled(run: RunContext, province: str | None, listed: dict[Key, answers.Invoice]) -> Iterator[answers.Invoice]:
    """The invoices that wait for the confirmation, kept in `listed` with the amount to be confirmed."""
    for served in run.provinces(province):
        for invoice in all_rows(
            lambda offset, served=served: run.call(  # type: ignore[misc]  # the default binds the province of this turn
                payment_queries.ListPayments(province=served, status="settled", limit=PAGE_MAX, offset=offset)
            ),
            lambda page: page.invoices,
        ):
            listed[Key(invoice.member, invoice.year)] = invoice
            yield invoice


def invoice_of(run: RunContext, member: str, year: int | None) -> answers.Invoice:
    """A member's invoice of a year, the current one by default; refused where there is none."""
    chosen = year or run.current_year()
    for invoice in run.call(payment_queries.GetInvoices(member=member)).invoices:
        if invoice.year == chosen:
            return invoice
    raise Refused(Reason.NO_INVOICE)
