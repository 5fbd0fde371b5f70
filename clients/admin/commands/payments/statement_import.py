"""`tamdid statement import`: the bank's own lines, read and checked here, handed over in batches, counted whole or not at all."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from clients.admin import exit_codes, input_files
from clients.admin.arguments import AsJson, amount_rials
from clients.admin.commands.payments.bank_statements import (
    bank_of,
    find,
    let_count,
    list_statements,
    show_difference,
    statement_id,
)
from clients.admin.commands.payments.bank_statements import count as count_statement
from clients.admin.commands.payments.bank_statements import show as show_statement
from clients.admin.context import RunContext, progress_bar, run_context
from shared.contract.payment import commands, finance_answers
from shared.tabular import Unreadable, bank_statement
from shared.tabular.bank_statement import StatementFile, StatementWrong
from shared.text import persian

app = typer.Typer(help="The bank's statements.", no_args_is_help=True)
File = Annotated[
    Path, typer.Argument(metavar="FILE", help="CSV (UTF-8 or UTF-16) or XLSX, columns named above the rows.")
]
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


@app.command("import")
def import_statement(
    context: typer.Context,
    file: File,
    column: Columns = None,
    total: Total = None,
    corrects: Corrects = None,
    apply: Apply = False,
    as_json: AsJson = False,
) -> None:
    """Let a statement of the bank count; where it and our records differ, the bank is asked.

    A file counts once, and whole: with one wrong line, or a wrong total, nothing of it counts. One that says otherwise than what counts is
    a correction: its differences are shown, and a colleague counts it.
    """
    run = run_context(context, as_json)
    try:
        content = input_files.content_of(file)
        found = bank_statement.read(content, mapping(column or []), total)
    except (StatementWrong, Unreadable) as wrong:
        input_files.show_faults(
            run,
            wrong.faults,
            "فایل پذیرفته نشد و هیچ ردیفی به حساب نیامد.",
            "the file is refused, and nothing of it counts.",
        )
        raise typer.Exit(exit_codes.REFUSED) from wrong
    show(run, found, hand_over(run, found, corrects) if apply else None)


def mapping(columns: list[str]) -> dict[str, str]:
    """The headings by field, as typed."""
    found: dict[str, str] = {}
    for text in columns:
        name, _, heading = text.partition("=")
        if name not in bank_statement.HEADINGS or not heading.strip():
            raise typer.BadParameter(f"{text!r} is not FIELD=HEADING", param_hint="--column")
        found[name] = heading.strip()
    return found


def hand_over(run: RunContext, file: StatementFile, corrects: str | None) -> finance_answers.Statement:
    """Hand all lines over and let them count, unless they are a correction, which a colleague counts.

    Broken off in between, nothing counts, and the next time begins again.
    """
    about: dict[str, str | int] = {"statement": file.digest, "lines": len(file.lines), "total_rials": file.total_rials}
    bank = bank_of(run)
    named = find(run, corrects).statement if corrects else None
    opening = {"id": uuid4(), "deadline": run.deadline(), "bank": bank, "corrects": named, **about}
    found = run.call(commands.OpenStatement.model_validate(opening))
    with progress_bar(run, len(file.lines)) as bar:
        for start in range(0, len(file.lines), commands.STATEMENT_BATCH_MAX):
            batch = file.lines[start : start + commands.STATEMENT_BATCH_MAX]
            found = run.call(
                commands.AddStatementLines(**run.stamp(), statement=file.digest, first_line=start + 1, lines=batch)
            )
            bar.advance(len(batch))
    return found if found.is_correction else let_count(run, file.digest)


def show(run: RunContext, file: StatementFile, handed: finance_answers.Statement | None) -> None:
    """What the file has, day by day, and whether it counts now."""
    printer = run.printer
    days = by_day(file)
    if printer.as_json:
        about = {"dry_run": handed is None, "statement": file.digest, "lines": len(file.lines)}
        printer.json({**about, "total_rials": file.total_rials, "days": days, "handed_over": handed})
        return
    rows = ((printer.day(persian.parse_date(on)), printer.rials(total)) for on, total in days.items())
    printer.table(("day", "total"), rows)
    lines, total = printer.number(len(file.lines)), printer.rials(file.total_rials)
    printer.line(printer.pick(f"{lines} ردیف، {total}", f"{lines} lines, {total}"))
    if handed is None:
        printer.note(
            "آزمایشی بود و چیزی به حساب نیامد؛ برای انجام: --apply", "A dry run: nothing counts. Repeat with --apply."
        )
    elif handed.status == "counted":
        printer.note("فایل به حساب آمد.", "The file counts.")
    else:
        show_difference(printer, handed)


def by_day(file: StatementFile) -> Mapping[str, int]:
    """What the lines that are not reversed come to, by Jalali day."""
    days: dict[str, int] = {}
    for line in sorted(file.lines, key=lambda one: one.paid_at):
        if line.status in bank_statement.BOOKED:
            on = persian.format_date(line.paid_at.astimezone(persian.TEHRAN).date())
            days[on] = days.get(on, 0) + line.amount_rials
    return days


app.command("list")(list_statements)
app.command("show")(show_statement)
app.command("count")(count_statement)
