"""`tamdid capacity`: a member's employment capacity, the lines that make it, and its rebuild from the events."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import accumulate
from typing import Annotated

import typer

from clients.admin import exit_codes, full_names
from clients.admin.arguments import AsJson, Member, Year, jalali_day, quantity_of, whole_number
from clients.admin.commands.capacity import over_use, overview, rebuild
from clients.admin.context import RunContext, run_context
from clients.admin.output import Printer
from shared.contract.capacity import answers as capacity_answers
from shared.contract.capacity import queries as capacity_queries
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import JobKind, LicenceField
from shared.text import persian

app = typer.Typer(help="Employment capacity.", no_args_is_help=True)
CHANGES = ("regrade", "release", "restoration", "suspension", "expiry")
"""The kinds of the lines that a correction of the policy brings; a use comes with a release."""
AsOf = Annotated[
    date | None,
    typer.Option("--as-of", help="As it was at the end of this Jalali day, such as 1405/07/15.", parser=jalali_day),
]


@app.command("show")
def show_capacity(context: typer.Context, member: Member, year: Year = None, as_json: AsJson = False) -> None:
    """Show a member's capacity of a year."""
    run = run_context(context, as_json)
    capacity = run.call(capacity_queries.GetCapacity(member=member, year=year or run.current_year()))
    if as_json:
        run.printer.json(capacity)
        return
    show(run.printer, capacity)


@app.command()
def explain(
    context: typer.Context, member: Member, year: Year = None, as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """Show a member's capacity with the lines that make it, each with the event that caused it."""
    run = run_context(context, as_json)
    moment = datetime.combine(as_of, time.max, persian.TEHRAN) if as_of else None
    its_year = year or (persian.jalali_year_of(as_of) if as_of else run.current_year())
    explanation = run.call(capacity_queries.ExplainCapacity(member=member, year=its_year, as_of=moment))
    printer = run.printer
    if as_json:
        printer.json(explanation)
        return
    show(printer, explanation.capacity, as_of)
    show_lines(printer, explanation.lines)
    acts = list(acts_behind(run, its_year, explanation.lines))
    name_of = full_names.of_actors(run, (act.by for act in acts))
    for act in acts:
        why = f"{printer.event('renewal', act.position)}, {name_of(act.by)}: {act.reason}"
        printer.line(printer.pick(f"اصلاح سیاست: {why}", f"Policy amended: {why}"))


def acts_behind(
    run: RunContext, year: int, lines: Sequence[capacity_answers.CapacityLine]
) -> Iterator[renewal_answers.PolicyAct]:
    """The corrections of the policy that lines follow from; asked for only where one may be among them."""
    positions = {line.position for line in lines if line.source == "renewal" and line.kind in CHANGES}
    if positions:
        acts = run.call(renewal_queries.ListPolicyActs(year=year)).acts
        yield from (act for act in acts if act.position in positions)


def show_lines(printer: Printer, lines: Sequence[capacity_answers.CapacityLine]) -> None:
    """The lines in their order, with the sum after each; the last sum is what remains, below zero where over-used."""
    sums = accumulate(line.units for line in lines)
    rows = (
        (
            printer.label(line.kind),
            printer.units(line.units),
            printer.units(total),
            job_of(printer, line),
            printer.label(line.field) if line.field else "",
            printer.rule(line.rule),
            printer.event(line.source, line.position),
            printer.instant(line.effective_at),
        )
        for line, total in zip(lines, sums, strict=True)
    )
    printer.table(("kind", "units", "sum", "job", "field", "rule", "event", "at"), rows)


def job_of(printer: Printer, line: capacity_answers.CapacityLine) -> str:
    """What uses the capacity: a declared job, or the employment where no job is named."""
    if line.job is not None:
        return printer.label(line.job.kind)
    return printer.label("employment") if line.kind in ("use", "release") else ""


def show(printer: Printer, capacity: capacity_answers.Capacity, as_of: date | None = None) -> None:
    card = {
        "member": capacity.member,
        "year": str(capacity.year),
        "as_of": printer.day(as_of),
        "province": printer.province(capacity.province),
        "status": printer.label(capacity.status),
        "ceiling": f"{printer.units(capacity.ceiling_units)} P",
        "used": f"{printer.units(capacity.used_units)} P",
        "remaining": f"{printer.units(capacity.remaining_units)} P",
        "valid_until": printer.day(capacity.valid_until),
        "warnings": "\n".join(over_use.of_capacity(printer, capacity)),
        "updated_at": printer.instant(capacity.updated_at),
    }
    printer.card(card)


@app.command("what-if")
def what_if(
    context: typer.Context,
    member: Member,
    kind: Annotated[JobKind, typer.Argument(metavar="KIND", help="Such as mine_technical_manager.")],
    degree: Annotated[int, typer.Argument(metavar="DEGREE", help="1 (the largest) to 4.", parser=whole_number(1, 4))],
    starts: Annotated[date, typer.Option("--from", help="Its first day, such as 1405/07/01.", parser=jalali_day)],
    ends: Annotated[
        date | None, typer.Option("--to", help="Its last day; by default the year's.", parser=jalali_day)
    ] = None,
    field: Annotated[
        LicenceField | None, typer.Option(help="By default the licence's field with the most room.")
    ] = None,
    quantity: Annotated[Decimal, typer.Option(help="In the kind's own unit.", parser=quantity_of)] = Decimal(1),
    as_json: AsJson = False,
) -> None:
    """Would a job of this kind and degree fit, what would remain, and by which rule? Nothing is put on record."""
    run = run_context(context, as_json)
    found = run.call(
        capacity_queries.WhatIf(
            member=member, kind=kind, degree=degree, field=field, quantity=quantity, starts_on=starts, ends_on=ends
        )
    )
    if as_json:
        run.printer.json(found)
    else:
        show_what_if(run.printer, found)
    if not found.fits:
        raise typer.Exit(exit_codes.REFUSED)


def show_what_if(printer: Printer, found: capacity_answers.WhatIfResult) -> None:
    card = {
        "member": found.member,
        "year": str(found.year),
        "field": printer.label(found.field) if found.field else "",
        "starts": printer.day(found.starts_on),
        "ends": printer.day(found.ends_on),
        "outcome": printer.label("fits" if found.fits else "does_not_fit"),
        "left": f"{printer.units(found.left_units)} P",
        "used": f"{printer.units(found.units)} P",
        "remaining": f"{printer.units(found.remaining_units)} P",
        "rule": printer.rule(found.rule),
    }
    printer.card(card)
    own = [one for one in found.fields if one.field == found.field]
    said = over_use.warnings(printer, found.problems, (found.used_units, found.ceiling_units), own)
    printer.table(("problem", "rule"), ((said[code], printer.rule(rule)) for code, rule in found.problems.items()))


app.command("over-use")(overview.over_use)
app.command("overview")(overview.overview)
app.command("rebuild")(rebuild.rebuild)
