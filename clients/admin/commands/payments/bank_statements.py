"""`tamdid statement list|show|count`: files of the bank, what a correction would change, and its count by a colleague."""

import re
from typing import Annotated

import typer

from clients.admin import full_names
from clients.admin.arguments import only_match
from clients.admin.context import RunContext, command
from clients.admin.output import Printer
from clients.admin.paging import all_rows
from shared.contract import bounds
from shared.contract.payment import commands, queries
from shared.contract.payment.finance_answers import Statement
from shared.contract.refusals import Reason

app = typer.Typer(help="The bank's statements.", no_args_is_help=True)
DIGEST_PREFIX = re.compile("[0-9a-f]{6,64}")
SHOWN_DIGITS = 12
COUNT_SECONDS = 60
"""Counting reads every line once more."""


def statement_id(text: str) -> str:
    """A statement's digest, or its beginning."""
    if not DIGEST_PREFIX.fullmatch(text.strip().lower()):
        raise typer.BadParameter("a statement is named by at least 6 digits of its digest, see `tamdid statement list`")
    return text.strip().lower()


Name = Annotated[
    str, typer.Argument(metavar="STATEMENT", help="A statement's digest, or its beginning.", parser=statement_id)
]


@command(app, "list", is_list=True)
def list_statements(run: RunContext) -> None:
    """List the files of the bank that were handed over, the latest first."""
    statements = all_statements(run)
    run.printer.document(statements)
    name_of = full_names.of_actors(run, (statement.opened_by for statement in statements))
    run.printer.table(
        statements,
        ("statement", lambda statement: statement.statement[:SHOWN_DIGITS]),
        ("status", lambda statement: run.printer.label(state_of(statement))),
        "lines",
        ("total", "total_rials"),
        ("opened_by", lambda statement: name_of(statement.opened_by)),
        "counted_at",
        ("corrects", lambda statement: statement.corrects[:SHOWN_DIGITS]),
    )


@command(app, "show")
def show(run: RunContext, name: Name) -> None:
    """Show what a file would change of those that count."""
    statement = run.call(queries.GetStatement(statement=statement_by_prefix(run, name).statement))
    run.printer.document(statement)
    show_difference(run.printer, statement)


@command(app, "count")
def count(run: RunContext, name: Name) -> None:
    """Let a file count that a colleague has handed over; look at it first with `show`."""
    counted = send_count(run, statement_by_prefix(run, name))
    run.printer.document(counted)
    run.printer.note(run.printer.text("statement_counts"))


def send_count(run: RunContext, seen: Statement) -> Statement:
    stamp = run.stamp(COUNT_SECONDS)
    return run.call(commands.CountStatement(**stamp, statement=seen.statement, opened_at=seen.opened_at))


def bank_of(run: RunContext) -> str:
    """The bank that payment works with."""
    return run.call(queries.GetBankHealth()).bank


def all_statements(run: RunContext) -> list[Statement]:
    bank = bank_of(run)
    pages = all_rows(
        lambda offset: run.call(queries.ListStatements(bank=bank, limit=bounds.PAGE_MAX, offset=offset)),
        lambda page: page.statements,
    )
    return list(pages)


def statement_by_prefix(run: RunContext, prefix: str) -> Statement:
    """The one file whose digest begins so."""
    matches = [statement for statement in all_statements(run) if statement.statement.startswith(prefix)]
    return only_match(matches, Reason.UNKNOWN_STATEMENT, f"statements begin with {prefix}", "STATEMENT")


def state_of(statement: Statement) -> str:
    """The code of a statement's state; its text is in the catalogue."""
    if statement.corrected_by:
        return "corrected"
    is_waiting = statement.is_correction and statement.status == "open"
    return "correction_waits" if is_waiting else f"statement_{statement.status}"


def show_difference(printer: Printer, statement: Statement) -> None:
    """What counts now of the payments that a file changes, and what would."""
    difference = statement.difference
    if difference is None:
        printer.line(printer.label(state_of(statement)))
        return
    printer.table(
        difference.changes,
        "kind",
        "authority",
        "bank_reference",
        "before_on",
        "before_rials",
        "after_on",
        "after_rials",
    )
    printer.line(
        printer.text("statement_difference", before_rials=difference.before_rials, after_rials=difference.after_rials)
    )
    if difference.same:
        printer.line(printer.text("statement_same", payments=difference.same))
    for day in difference.reopens:
        printer.line(printer.text("statement_reopens", day=day))
    if statement.is_correction:
        printer.note(printer.text("statement_correction", prefix=statement.statement[:SHOWN_DIGITS]))
