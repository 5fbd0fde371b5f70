"""`tamdid payments day|close`: a day's payments by the bank's statement and by our ledger, and its close."""

from datetime import date
from typing import Annotated

import typer

from clients.admin import full_names
from clients.admin.arguments import AsJson, jalali_day
from clients.admin.commands.payments.bank_statements import bank_of
from clients.admin.context import RunContext, run_context
from shared.contract.payment import commands, finance_answers, queries

On = Annotated[date, typer.Argument(metavar="DAY", help="A Jalali date such as 1405/07/15.", parser=jalali_day)]


def day(context: typer.Context, on: On, as_json: AsJson = False) -> None:
    """Show a day's totals, and every payment that the bank and we do not agree on."""
    run = run_context(context, as_json)
    show(run, run.call(queries.GetDay(bank=bank_of(run), on=on)))


def close(context: typer.Context, on: On, as_json: AsJson = False) -> None:
    """Close a day: its totals and differences are put on record as they are now, once."""
    run = run_context(context, as_json)
    command = commands.CloseDay(**run.stamp(), bank=bank_of(run), on=on)
    show(run, run.call(command))


def show(run: RunContext, found: finance_answers.ReconciledDay) -> None:
    printer = run.printer
    if printer.as_json:
        printer.json(found)
        return
    name_of = full_names.of_actors(run, (found.closed_by,))
    printer.card(
        {
            "day": printer.day(found.on),
            "bank_rials": printer.rials(found.bank_rials),
            "our_rials": printer.rials(found.ledger_rials),
            "difference": printer.rials(found.bank_rials - found.ledger_rials),
            "closed_by": f"{name_of(found.closed_by)} {printer.instant(found.closed_at)}".strip(),
        }
    )
    rows = (
        (
            printer.label(one.kind),
            one.authority,
            one.bank_reference,
            one.member,
            printer.rials(one.bank_rials),
            printer.rials(one.our_rials),
            printer.instant(one.at),
        )
        for one in found.exceptions
    )
    printer.table(("kind", "authority", "bank_reference", "member", "bank_rials", "our_rials", "at"), rows)
