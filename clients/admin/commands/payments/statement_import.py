"""`tamdid statement import`: the bank's own lines, read and checked here, handed over in batches, counted whole or not at all."""

from collections.abc import Mapping
from typing import Annotated

import typer

from clients.admin import input_files
from clients.admin.arguments import amount_rials
from clients.admin.commands.payments.bank_statements import (
    bank_of,
    send_count,
    show_difference,
    statement_by_prefix,
    statement_id,
)
from clients.admin.context import RunContext, progress_bar
from clients.admin.output import Printer
from shared.contract.payment import commands, finance_answers
from shared.tabular import bank_statement
from shared.tabular.bank_statement import StatementFile
from shared.text import persian

Apply = Annotated[bool, typer.Option("--apply/--dry-run", help="Let the file count, or only check it.")]
Total = Annotated[
    int | None,
    typer.Option("--total", help="What all lines that are not reversed come to, in rials.", parser=amount_rials(0)),
]
Corrects = Annotated[
    str | None,
    typer.Option(
        "--corrects",
        metavar="STATEMENT",
        help="The counted statement that this file takes the place of (see `tamdid statement list`).",
        parser=statement_id,
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="FIELD=HEADING",
        help=f"The heading of a field in this file, as often as needed. Fields: {', '.join(bank_statement.HEADINGS)}.",
        show_default=False,
    ),
]


def import_statement(
    run: RunContext,
    file: input_files.File,
    column: Columns = None,
    total: Total = None,
    corrects: Corrects = None,
    apply: Apply = False,
) -> None:
    """Let a statement of the bank count; where it and our records differ, the bank is asked.

    A file counts once, and whole: with one wrong line, or a wrong total, nothing of it counts. One that says otherwise than what counts is
    a correction: its differences are shown, and a colleague counts it.
    """

    def read(content: bytes) -> StatementFile:
        return bank_statement.read(content, mapping(column or []), total)

    statement = input_files.read_table(run, file, read, "statement_refused")
    show_import(run.printer, statement, hand_over(run, statement, corrects) if apply else None)


def mapping(columns: list[str]) -> dict[str, str]:
    """The headings by field, as typed."""
    headings: dict[str, str] = {}
    for text in columns:
        name, _, heading = text.partition("=")
        if name not in bank_statement.HEADINGS or not heading.strip():
            raise typer.BadParameter(f"{text!r} is not FIELD=HEADING", param_hint="--column")
        headings[name] = heading.strip()
    return headings


def hand_over(run: RunContext, file: StatementFile, corrects: str | None) -> finance_answers.Statement:
    """Hand all lines over and let them count, unless they are a correction, which a colleague counts.

    Broken off in between, nothing counts, and the next time begins again.
    """
    opened = run.call(
        commands.OpenStatement(
            **run.stamp(),
            bank=bank_of(run),
            corrects=statement_by_prefix(run, corrects).statement if corrects else None,
            statement=file.digest,
            lines=len(file.lines),
            total_rials=file.total_rials,
        )
    )
    with progress_bar(run, len(file.lines)) as update_bar:
        for start in range(0, len(file.lines), commands.STATEMENT_BATCH_MAX):
            batch = file.lines[start : start + commands.STATEMENT_BATCH_MAX]
            opened = run.call(
                commands.AddStatementLines(**run.stamp(), statement=file.digest, first_line=start + 1, lines=batch)
            )
            update_bar(advance=len(batch))
    return opened if opened.is_correction else send_count(run, opened)


def show_import(printer: Printer, file: StatementFile, handed: finance_answers.Statement | None) -> None:
    """What the file has, day by day, and whether it counts now."""
    days = by_day(file)
    lines, total_rials = len(file.lines), file.total_rials
    document = {"dry_run": handed is None, "statement": file.digest, "lines": lines, "total_rials": total_rials}
    printer.document({**document, "days": days, "handed_over": handed})
    printer.table(
        days.items(), ("day", lambda item: persian.parse_date(item[0])), ("total", lambda item: printer.rials(item[1]))
    )
    printer.line(printer.text("statement_lines", lines=lines, total_rials=total_rials))
    if handed is not None and handed.status != "counted":
        show_difference(printer, handed)
    else:
        printer.note(printer.text("statement_counts" if handed else "dry_run_of_statement"))


def by_day(file: StatementFile) -> Mapping[str, int]:
    """What the lines that are not reversed come to, by Jalali day."""
    days: dict[str, int] = {}
    for line in sorted(file.lines, key=lambda line: line.paid_at):
        if line.status in bank_statement.BOOKED:
            on = persian.format_date(persian.day_of(line.paid_at))
            days[on] = days.get(on, 0) + line.amount_rials
    return days
