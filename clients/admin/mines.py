"""`tamdid desk mines`: the mines that several members say they are the technical manager of."""

import typer

from clients.admin.arguments import AsJson, Limit, Offset, Province, Year
from clients.admin.terminal import terminal_of
from shared.contract import questions
from shared.contract.questions import PAGE_MAX


def mines(
    context: typer.Context,
    province: Province = None,
    year: Year = None,
    limit: Limit = PAGE_MAX,
    offset: Offset = 0,
    as_json: AsJson = False,
) -> None:
    """List the mines that several members claim to manage in days of a year, the first claim of each first."""
    terminal = terminal_of(context, as_json)
    its_year = year or terminal.current_year()
    pages = [
        terminal.ask(questions.ListContestedMines(province=one, year=its_year, limit=limit, offset=offset))
        for one in terminal.provinces(province)
    ]
    if as_json:
        terminal.printer.json(pages)
        return
    printer = terminal.printer
    rows = (
        (
            mine.cadastre_code,
            claim.member,
            printer.province(claim.province),
            printer.word(claim.status),
            printer.day(claim.starts_on),
            printer.day(claim.ends_on),
            printer.instant(claim.claimed_at),
        )
        for page in pages
        for mine in page.mines
        for claim in mine.claims
    )
    printer.table(("mine", "member", "province", "status", "starts", "ends", "submitted_at"), rows)
    total = printer.number(sum(page.total for page in pages))
    printer.note(f"{total} معدن", f"{total} mines")
