"""`tamdid desk mines`: the mines of which several members claim to be the technical manager."""

from typing import NamedTuple

from clients.admin.arguments import Limit, Offset, Province, Year
from clients.admin.context import RunContext
from clients.admin.paging import PagedQuery, fetch_rows
from shared.contract.bounds import PAGE_MAX
from shared.contract.renewal import mine_answers, queries


class Row(NamedTuple):
    """A line of the list: one claim on a mine."""

    mine: mine_answers.ContestedMine
    claim: mine_answers.MineClaim


def mines(
    run: RunContext, province: Province = None, year: Year = None, limit: Limit = PAGE_MAX, offset: Offset = 0
) -> None:
    """List the mines that several members claim to manage in days of a year, the first claim of each first."""
    its_year = year or run.current_year()
    query = PagedQuery(
        lambda **page: run.call(queries.ListContestedMines(year=its_year, **page)),
        lambda page: page.mines,
        lambda mine: mine.cadastre_code.casefold(),
    )
    contested, total, _ = fetch_rows(run, province, query, limit, offset)
    printer = run.printer
    printer.document({"mines": contested, "total": total})
    printer.table(
        (Row(mine, claim) for mine in contested for claim in mine.claims),
        ("mine", "mine.cadastre_code"),
        ("member", "claim.member"),
        ("province", "claim.province"),
        ("status", "claim.status"),
        ("starts", "claim.starts_on"),
        ("ends", "claim.ends_on"),
        ("submitted_at", "claim.claimed_at"),
    )
    printer.note(printer.text("mines_in_all", total=total))
