"""`tamdid statement list|show|count`: files of the bank, what a correction would change, and its count by a colleague."""

import re
from typing import Annotated

import typer

from clients.admin import full_names
from clients.admin.arguments import AsJson
from clients.admin.context import RunContext, run_context
from clients.admin.output import Printer
from shared.contract import bounds
from shared.contract.payment import commands, finance_answers, queries
from shared.contract.refusals import Reason, Refused

BEGINNING = re.compile("[0-9a-f]{6,64}")
SHOWN_DIGITS = 12
COUNT_SECONDS = 60
"""Counting looks at every line once more."""


def statement_id(text: str) -> str:
    """A statement's digest, or its beginning."""
    if not BEGINNING.fullmatch(text.strip().lower()):
        raise typer.BadParameter("a statement is named by at least 6 digits of its digest, see `tamdid statement list`")
    return text.strip().lower()


Name = Annotated[
    str, typer.Argument(metavar="STATEMENT", help="A statement's digest, or its beginning.", parser=statement_id)
]


def list_statements(context: typer.Context, as_json: AsJson = False) -> None:
    """List the files of the bank that were handed over, the latest first."""
    run = run_context(context, as_json)
    found = all_of(run)
    printer = run.printer
    if printer.as_json:
        printer.json(found)
        return
    name_of = full_names.of_actors(run, (one.opened_by for one in found))
    rows = (
        (
            one.statement[:SHOWN_DIGITS],
            printer.label(state_of(one)),
            printer.number(one.lines),
            printer.rials(one.total_rials),
            name_of(one.opened_by),
            printer.instant(one.counted_at),
            one.corrects[:SHOWN_DIGITS],
        )
        for one in found
    )
    printer.table(("statement", "status", "lines", "total", "opened_by", "counted_at", "corrects"), rows)


def show(context: typer.Context, statement: Name, as_json: AsJson = False) -> None:
    """Show what a file would change of those that count."""
    run = run_context(context, as_json)
    found = run.call(queries.GetStatement(statement=find(run, statement).statement))
    if run.printer.as_json:
        run.printer.json(found)
    else:
        show_difference(run.printer, found)


def count(context: typer.Context, statement: Name, as_json: AsJson = False) -> None:
    """Let a file count that a colleague has handed over; look at it first with `show`."""
    run = run_context(context, as_json)
    counted = let_count(run, find(run, statement).statement)
    if run.printer.as_json:
        run.printer.json(counted)
    else:
        run.printer.note("فایل به حساب آمد.", "The file counts.")


def let_count(run: RunContext, statement: str) -> finance_answers.Statement:
    return run.call(commands.CountStatement(**run.stamp(COUNT_SECONDS), statement=statement))


def bank_of(run: RunContext) -> str:
    """The bank that payment works with."""
    return run.call(queries.GetBankHealth()).bank


def all_of(run: RunContext) -> list[finance_answers.Statement]:
    bank, found, total = bank_of(run), list[finance_answers.Statement](), 1
    while len(found) < total:
        page = run.call(queries.ListStatements(bank=bank, limit=bounds.PAGE_MAX, offset=len(found)))
        if not page.statements:
            break
        found, total = [*found, *page.statements], page.total
    return found


def find(run: RunContext, beginning: str) -> finance_answers.Statement:
    """The one file whose digest begins so."""
    found = [one for one in all_of(run) if one.statement.startswith(beginning)]
    if not found:
        raise Refused(Reason.UNKNOWN_STATEMENT)
    if len(found) > 1:
        raise typer.BadParameter(f"{len(found)} statements begin with {beginning}", param_hint="STATEMENT")
    return found[0]


def state_of(one: finance_answers.Statement) -> str:
    if one.corrected_by:
        return "corrected"
    return "correction_waits" if one.is_correction and one.status == "open" else f"statement_{one.status}"


def show_difference(printer: Printer, found: finance_answers.Statement) -> None:
    """What counts now of the payments that a file changes, and what would."""
    difference = found.difference
    if difference is None:
        printer.line(printer.label(state_of(found)))
        return
    rows = (
        (
            printer.label(one.kind),
            one.authority,
            one.bank_reference,
            printer.day(one.before_on),
            printer.rials(one.before_rials),
            printer.day(one.after_on),
            printer.rials(one.after_rials),
        )
        for one in difference.changes
    )
    headings = ("kind", "authority", "bank_reference", "before_on", "before_rials", "after_on", "after_rials")
    printer.table(headings, rows)
    before, after = printer.rials(difference.before_rials), printer.rials(difference.after_rials)
    printer.line(printer.pick(f"جمع این پرداخت‌ها: {before} ← {after}", f"These payments: {before} -> {after}"))
    if difference.same:
        same = printer.number(difference.same)
        printer.line(printer.pick(f"{same} پرداخت پیش‌تر به حساب آمده است", f"{same} payments count already"))
    for on in difference.reopens:
        day = printer.day(on)
        printer.line(printer.pick(f"روز {day} دوباره باز می‌شود", f"the day {day} is opened again"))
    if found.is_correction:
        name = found.statement[:SHOWN_DIGITS]
        printer.note(
            f"اصلاح است و همکار دیگری باید آن را به حساب بیاورد: tamdid statement count {name}",
            f"A correction: a colleague has to count it: tamdid statement count {name}",
        )
