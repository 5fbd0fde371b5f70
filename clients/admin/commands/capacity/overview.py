"""`tamdid capacity over-use` and `overview`: what a province's members use of a year."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated

import typer

from clients.admin import full_names
from clients.admin.arguments import Limit, Offset, Province, Year
from clients.admin.context import RunContext
from clients.admin.output import Printer
from clients.admin.paging import PagedQuery, fetch_rows
from shared.contract.bounds import PAGE_MAX
from shared.contract.capacity import queries
from shared.contract.capacity.answers import Capacity, FieldCapacity, UseOverview
from shared.contract.values import LicenceField

OverField = Annotated[LicenceField | None, typer.Option("--field", help="Only those over this field's ceiling.")]


def over_use(
    run: RunContext,
    province: Province = None,
    year: Year = None,
    field: OverField = None,
    limit: Limit = PAGE_MAX,
    offset: Offset = 0,
) -> None:
    """List the members who use more than they may, the largest excess first."""
    its_year = year or run.current_year()
    query = PagedQuery(
        lambda **page: run.call(queries.ListOverUse(year=its_year, field=field, **page)),
        lambda page: page.capacities,
        lambda capacity: (capacity.ceiling_units - capacity.used_units, capacity.member),
    )
    capacities, total, _ = fetch_rows(run, province, query, limit, offset)
    printer = run.printer
    printer.document({"capacities": capacities, "total": total})
    printer.table(
        capacities,
        "member",
        ("name", full_names.of_members(run, capacities)),
        "province",
        ("ceiling", "ceiling_units"),
        ("used", "used_units"),
        ("warnings", lambda capacity: "\n".join(warnings_of(printer, capacity))),
    )
    printer.note(printer.text("members_in_all", total=total))


def overview(run: RunContext, province: Province = None, year: Year = None) -> None:
    """Count members by the share of their ceiling that they use, all together and by licence field."""
    its_year = year or run.current_year()
    answers = [run.call(queries.GetCapacityOverview(province=name, year=its_year)) for name in run.provinces(province)]
    run.printer.document(answers)
    for answer in answers:
        show_overview(run.printer, answer.province, answer.overviews)


def show_overview(printer: Printer, province: str, overviews: Sequence[UseOverview]) -> None:
    printer.line(printer.province(province))
    percents = [share.up_to_percent for share in overviews[0].shares]
    printer.table(
        overviews,
        ("field", lambda row: printer.label(row.field or "everything")),
        "members",
        *((share_heading(printer, percent), members_of(index)) for index, percent in enumerate(percents)),
        ("used", "used_units"),
        ("ceiling", "ceiling_units"),
    )


def members_of(index: int) -> Callable[[UseOverview], int]:
    """How many members have the share of a column."""
    return lambda row: row.shares[index].members


def share_heading(printer: Printer, percent: int | None) -> str:
    if percent is None:
        return "> 100%"
    return printer.text("up_to_percent", percent=percent) if percent else "0%"


def warnings_of(printer: Printer, capacity: Capacity) -> list[str]:
    """A capacity's warnings."""
    whole = (capacity.used_units, capacity.ceiling_units)
    return list(warnings(printer, capacity.warnings, whole, capacity.fields).values())


def warnings(
    printer: Printer, codes: Iterable[str], whole: tuple[int, int], fields: Iterable[FieldCapacity]
) -> dict[str, str]:
    """Each code's sentence, with the numbers where more is used (the first of `whole`) than the ceiling (the second)."""
    return {code: "; ".join([printer.label(code), *numbers(printer, code, whole, fields)]) for code in codes}


def numbers(printer: Printer, code: str, whole: tuple[int, int], fields: Iterable[FieldCapacity]) -> Iterator[str]:
    used, ceiling = whole
    if code == "over_ceiling" and used > ceiling:
        yield excess(printer, used, ceiling)
    if code == "over_field_ceiling":
        over = (each for each in fields if each.used_units > each.ceiling_units)
        yield from (
            f"{printer.label(each.field)} {excess(printer, each.used_units, each.ceiling_units)}" for each in over
        )


def excess(printer: Printer, used: int, ceiling: int) -> str:
    return printer.text("excess", used_units=used, ceiling_units=ceiling, excess_units=used - ceiling)
