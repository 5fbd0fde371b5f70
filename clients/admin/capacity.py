"""`tamdid capacity`: a member's employment capacity, the lines that make it, and its rebuild from the events."""

from datetime import date, datetime, time
from typing import Annotated

import typer

from clients.admin import rebuilding
from clients.admin.arguments import AsJson, Member, Year, jalali_day
from clients.admin.output import Printer
from clients.admin.terminal import terminal_of
from shared import persian
from shared.contract import answers, questions

app = typer.Typer(help="Employment capacity.", no_args_is_help=True)
AsOf = Annotated[
    date | None,
    typer.Option("--as-of", help="As it was at the end of this Jalali day, such as 1405/07/15.", parser=jalali_day),
]


@app.command("show")
def show_capacity(context: typer.Context, member: Member, year: Year = None, as_json: AsJson = False) -> None:
    """Show a member's capacity of a year."""
    terminal = terminal_of(context, as_json)
    capacity = terminal.ask(questions.GetCapacity(member=member, year=year or terminal.current_year()))
    if as_json:
        terminal.printer.json(capacity)
        return
    show(terminal.printer, capacity)


@app.command()
def explain(
    context: typer.Context, member: Member, year: Year = None, as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """Show a member's capacity with the lines that make it, each with the event that caused it."""
    terminal = terminal_of(context, as_json)
    moment = datetime.combine(as_of, time.max, persian.TEHRAN) if as_of else None
    asked = questions.ExplainCapacity(member=member, year=year or terminal.current_year(), as_of=moment)
    explanation = terminal.ask(asked)
    printer = terminal.printer
    if as_json:
        printer.json(explanation)
        return
    show(printer, explanation.capacity)
    rows = (
        (
            printer.word(line.kind),
            printer.units(line.units),
            job_of(printer, line),
            printer.word(line.field) if line.field else "",
            line.rule,
            f"{line.source} {line.position}",
            printer.instant(line.effective_at),
        )
        for line in explanation.lines
    )
    printer.table(("kind", "units", "job", "field", "rule", "event", "at"), rows)


def job_of(printer: Printer, line: answers.CapacityLine) -> str:
    """What uses the capacity: a declared job, or the employment where no job is named."""
    if line.job is not None:
        return printer.word(line.job.kind)
    return printer.word("employment") if line.kind in ("use", "release") else ""


def show(printer: Printer, capacity: answers.Capacity) -> None:
    card = {
        "member": capacity.member,
        "year": str(capacity.year),
        "province": printer.province(capacity.province),
        "status": printer.word(capacity.status),
        "ceiling": f"{printer.units(capacity.ceiling_units)} P",
        "used": f"{printer.units(capacity.used_units)} P",
        "remaining": f"{printer.units(capacity.remaining_units)} P",
        "valid_until": printer.day(capacity.valid_until),
        "warnings": printer.words(capacity.warnings),
        "updated_at": printer.instant(capacity.updated_at),
    }
    printer.card(card)


app.command("rebuild")(rebuilding.rebuild)
