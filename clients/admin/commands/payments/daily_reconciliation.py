"""`tamdid payments day|close`: a day's payments by the bank's statement and by our ledger, and its close."""

from datetime import date
from typing import Annotated

import typer

from clients.admin import full_names
from clients.admin.arguments import jalali_day
from clients.admin.commands.payments.bank_statements import bank_of
from clients.admin.context import RunContext
from shared.contract.payment import commands, finance_answers, queries

Figures = Annotated[
    str, typer.Option("--figures", help="The digest that `day` shows: the day is closed as you have seen it.")
]
On = Annotated[date, typer.Argument(metavar="DAY", help="A Jalali date such as 1405/07/15.", parser=jalali_day)]


def day(run: RunContext, on: On) -> None:
    """Show a day's totals, and every payment that the bank and we do not agree on."""
    show_day(run, run.call(queries.GetDay(bank=bank_of(run), on=on)))


def close(run: RunContext, on: On, figures: Figures) -> None:
    """Close a day whose statement somebody else has counted: its totals and differences are put on record as `day` shows them."""
    show_day(run, run.call(commands.CloseDay(**run.stamp(), bank=bank_of(run), on=on, figures=figures)))


def show_day(run: RunContext, day: finance_answers.ReconciledDay) -> None:
    printer = run.printer
    printer.document(day)
    name_of = full_names.of_actors(run, (day.closed_by, *day.counted_by))
    printer.card(
        day,
        ("day", "on"),
        "bank_rials",
        ("our_rials", "ledger_rials"),
        ("difference", lambda _: printer.rials(day.bank_rials - day.ledger_rials)),
        ("counted_by", lambda _: printer.pick("، ", ", ").join(map(name_of, day.counted_by))),
        "figures",
        ("closed_by", lambda _: f"{name_of(day.closed_by)} {printer.instant(day.closed_at)}".strip()),
    )
    printer.table(day.exceptions, "kind", "authority", "bank_reference", "member", "bank_rials", "our_rials", "at")
