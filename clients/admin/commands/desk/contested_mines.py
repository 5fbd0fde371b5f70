"""`tamdid desk mines`: the mines that several members say they are the technical manager of."""

import typer

from clients.admin.arguments import AsJson, Limit, Offset, Province, Year
from clients.admin.context import run_context
from clients.admin.paging import PagedQuery, fetch_rows
from shared.contract.bounds import PAGE_MAX
from shared.contract.renewal import queries


def mines(
    context: typer.Context,
    province: Province = None,
    year: Year = None,
    limit: Limit = PAGE_MAX,
    offset: Offset = 0,
    as_json: AsJson = False,
) -> None:
    """List the mines that several members claim to manage in days of a year, the first claim of each first."""
    run = run_context(context, as_json)
    its_year = year or run.current_year()
    query = PagedQuery(
        lambda one, rows, start: run.call(
            queries.ListContestedMines(province=one, year=its_year, limit=rows, offset=start)
        ),
        lambda page: page.mines,
        lambda mine: mine.cadastre_code.casefold(),
    )
    found, pages, repeated = fetch_rows(run, province, query, limit, offset)
    in_all = sum(page.total for page in pages) - repeated
    if as_json:
        run.printer.json({"mines": found, "total": in_all})
        return
    printer = run.printer
    rows = (
        (
            mine.cadastre_code,
            claim.member,
            printer.province(claim.province),
            printer.label(claim.status),
            printer.day(claim.starts_on),
            printer.day(claim.ends_on),
            printer.instant(claim.claimed_at),
        )
        for mine in found
        for claim in mine.claims
    )
    printer.table(("mine", "member", "province", "status", "starts", "ends", "submitted_at"), rows)
    total = printer.number(in_all)
    printer.note(f"{total} معدن", f"{total} mines")
