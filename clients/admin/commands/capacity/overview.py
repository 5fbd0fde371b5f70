"""`tamdid capacity over-use` and `overview`: what a province's members use of a year."""

from collections.abc import Sequence
from typing import Annotated

import typer

from clients.admin import full_names as names
from clients.admin.arguments import AsJson, Limit, Offset, Province, Year
from clients.admin.commands.capacity.over_use import of_capacity
from clients.admin.context import run_context
from clients.admin.output import Printer
from clients.admin.paging import PagedQuery, fetch_rows
from shared.contract.bounds import PAGE_MAX
from shared.contract.capacity import answers, queries
from shared.contract.values import LicenceField


def over_use(
    context: typer.Context,
    province: Province = None,
    year: Year = None,
    field: Annotated[LicenceField | None, typer.Option(help="Only those over this field's ceiling.")] = None,
    limit: Limit = PAGE_MAX,
    offset: Offset = 0,
    as_json: AsJson = False,
) -> None:
    """List the members who use more than they may, the largest excess first."""
    run = run_context(context, as_json)
    its_year = year or run.current_year()
    query = PagedQuery(
        lambda one, rows, start: run.call(
            queries.ListOverUse(province=one, year=its_year, field=field, limit=rows, offset=start)
        ),
        lambda page: page.capacities,
        lambda one: (one.ceiling_units - one.used_units, one.member),
    )
    found, pages, _ = fetch_rows(run, province, query, limit, offset)
    if as_json:
        run.printer.json({"capacities": found, "total": sum(page.total for page in pages)})
        return
    full_names = names.of(run, [one.member for one in found])
    printer = run.printer
    rows = (
        (
            one.member,
            full_names.get(one.member, ""),
            printer.province(one.province),
            printer.units(one.ceiling_units),
            printer.units(one.used_units),
            "\n".join(of_capacity(printer, one)),
        )
        for one in found
    )
    printer.table(("member", "name", "province", "ceiling", "used", "warnings"), rows)
    total = printer.number(sum(page.total for page in pages))
    printer.note(f"{total} عضو", f"{total} members")


def overview(context: typer.Context, province: Province = None, year: Year = None, as_json: AsJson = False) -> None:
    """Count members by the share of their ceiling that they use, all together and by licence field."""
    run = run_context(context, as_json)
    its_year = year or run.current_year()
    found = [run.call(queries.GetCapacityOverview(province=one, year=its_year)) for one in run.provinces(province)]
    if as_json:
        run.printer.json(found)
        return
    for one in found:
        show(run.printer, one.province, one.overviews)


def show(printer: Printer, province: str, overviews: Sequence[answers.UseOverview]) -> None:
    printer.line(printer.province(province))
    columns = [column_of(printer, share.up_to_percent) for share in overviews[0].shares]
    rows = (
        (
            printer.label(one.field) if one.field else printer.label("everything"),
            printer.number(one.members),
            *(printer.number(share.members) for share in one.shares),
            printer.units(one.used_units),
            printer.units(one.ceiling_units),
        )
        for one in overviews
    )
    printer.table(("field", "members", *columns, "used", "ceiling"), rows)


def column_of(printer: Printer, percent: int | None) -> str:
    if percent is None:
        return "> 100%"
    return f"{percent}%" if percent == 0 else printer.pick(f"تا {printer.number(percent)}٪", f"up to {percent}%")
