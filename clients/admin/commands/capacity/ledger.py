"""`tamdid capacity`: a member's employment capacity, the lines that make it, and whether a job would fit."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import accumulate
from typing import Annotated

import typer

from clients.admin import exit_codes, full_names
from clients.admin.arguments import Member, Year, jalali_day, quantity_of, whole_number
from clients.admin.commands.capacity import overview
from clients.admin.context import RunContext, command
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


@command(app, "show")
def show_capacity(run: RunContext, member: Member, year: Year = None) -> None:
    """Show a member's capacity of a year."""
    capacity = run.call(capacity_queries.GetCapacity(member=member, year=year or run.current_year()))
    run.printer.document(capacity)
    show_card(run.printer, capacity)


@command(app, "explain", is_list=True)
def explain(run: RunContext, member: Member, year: Year = None, as_of: AsOf = None) -> None:
    """Show a member's capacity with the lines that make it, each with the event that caused it."""
    moment = datetime.combine(as_of, time.max, persian.TEHRAN) if as_of else None
    its_year = year or (persian.jalali_year_of(as_of) if as_of else run.current_year())
    explanation = run.call(capacity_queries.ExplainCapacity(member=member, year=its_year, as_of=moment))
    printer = run.printer
    if printer.as_json:
        printer.json(explanation)
        return
    show_card(printer, explanation.capacity, as_of)
    show_lines(printer, explanation.lines)
    acts = list(acts_behind(run, its_year, explanation.lines))
    name_of = full_names.of_actors(run, (act.by for act in acts))
    for act in acts:
        event, by = printer.event("renewal", act.position), name_of(act.by)
        printer.line(printer.text("policy_amended", event=event, by=by, reason=act.reason))


def acts_behind(
    run: RunContext, year: int, lines: Sequence[capacity_answers.CapacityLine]
) -> Iterator[renewal_answers.PolicyAct]:
    """The corrections of the policy that lines follow from; queried only where one may be among them."""
    positions = {line.position for line in lines if line.source == "renewal" and line.kind in CHANGES}
    if positions:
        acts = run.call(renewal_queries.ListPolicyActs(year=year)).acts
        yield from (act for act in acts if act.position in positions)


def show_lines(printer: Printer, lines: Sequence[capacity_answers.CapacityLine]) -> None:
    """The lines in their order, with the sum after each; the last sum is what remains, below zero where over-used."""
    sums = accumulate(line.units for line in lines)
    printer.table(
        zip(lines, sums, strict=True),
        ("kind", lambda row: printer.label(row[0].kind)),
        ("units", lambda row: printer.units(row[0].units)),
        ("sum", lambda row: printer.units(row[1])),
        ("job", lambda row: job_of(printer, row[0])),
        ("field", lambda row: row[0].field and printer.label(row[0].field)),
        ("rule", lambda row: printer.rule(row[0].rule)),
        ("event", lambda row: printer.event(row[0].source, row[0].position)),
        ("at", lambda row: row[0].effective_at),
    )


def job_of(printer: Printer, line: capacity_answers.CapacityLine) -> str:
    """What uses the capacity: a declared job, or the employment where no job is named."""
    if line.job is not None:
        return printer.label(line.job.kind)
    return printer.label("employment") if line.kind in ("use", "release") else ""


def show_card(printer: Printer, capacity: capacity_answers.Capacity, as_of: date | None = None) -> None:
    printer.card(
        capacity,
        "member",
        "year",
        ("as_of", lambda _: as_of),
        "province",
        "status",
        ("ceiling", lambda _: f"{printer.units(capacity.ceiling_units)} P"),
        ("used", lambda _: f"{printer.units(capacity.used_units)} P"),
        ("remaining", lambda _: f"{printer.units(capacity.remaining_units)} P"),
        "valid_until",
        ("warnings", lambda _: "\n".join(overview.warnings_of(printer, capacity))),
        "updated_at",
    )


@command(app, "what-if")
def what_if(
    run: RunContext,
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
) -> None:
    """Would a job of this kind and degree fit, what would remain, and by which rule? Nothing is put on record."""
    query = capacity_queries.WhatIf(
        member=member, kind=kind, degree=degree, field=field, quantity=quantity, starts_on=starts, ends_on=ends
    )
    answer = run.call(query)
    run.printer.document(answer)
    show_what_if(run.printer, answer)
    if not answer.fits:
        raise typer.Exit(exit_codes.REFUSED)


def show_what_if(printer: Printer, answer: capacity_answers.WhatIfResult) -> None:
    """The job's outcome, and each rule that it would break."""
    printer.card(
        answer,
        "member",
        "year",
        "field",
        ("starts", "starts_on"),
        ("ends", "ends_on"),
        ("outcome", lambda _: printer.label("fits" if answer.fits else "does_not_fit")),
        ("left", lambda _: f"{printer.units(answer.left_units)} P"),
        ("used", lambda _: f"{printer.units(answer.units)} P"),
        ("remaining", lambda _: f"{printer.units(answer.remaining_units)} P"),
        ("rule", lambda _: printer.rule(answer.rule)),
    )
    own = [field for field in answer.fields if field.field == answer.field]
    warnings = overview.warnings(printer, answer.problems, (answer.used_units, answer.ceiling_units), own)
    printer.table(
        answer.problems.items(),
        ("problem", lambda item: warnings[item[0]]),
        ("rule", lambda item: printer.rule(item[1])),
    )


command(app, "over-use", is_list=True)(overview.over_use)
command(app, "overview", is_list=True)(overview.overview)
