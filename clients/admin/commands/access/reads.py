"""`tamdid reads`: which officers have read a member's rows, or what an officer has read; for auditors."""

from typing import Annotated

import typer

from clients.admin import full_names
from clients.admin.arguments import Limit, Offset, member_no
from clients.admin.context import RunContext
from clients.admin.paging import PagedQuery, first_pages
from shared import translations
from shared.contract.bounds import PAGE_MAX
from shared.contract.operations import answers, queries
from shared.services import SERVICES

Member = Annotated[str | None, typer.Option("--member", parser=member_no, help="Whose rows were read.")]
Officer = Annotated[str | None, typer.Option("--officer", help="Who has read, by the name to sign in with.")]


def reads(
    run: RunContext, member: Member = None, officer: Officer = None, limit: Limit = PAGE_MAX, offset: Offset = 0
) -> None:
    """List which officers have read a member's rows, or what an officer has read, the newest first; for auditors."""
    if member is None and officer is None:
        raise typer.BadParameter("name a member, an officer or both", param_hint="--member, --officer")
    query = PagedQuery(
        lambda province, **page: run.call(queries.ListReads(member=member, officer=officer, **page), service=province),
        lambda page: page.reads,
        order,
    )
    pages = [first_pages(query, service, offset + limit) for service in SERVICES]
    found = sorted((one for of_one in pages for page in of_one for one in page.reads), key=order)
    shown, total = found[offset : offset + limit], sum(of_one[0].total for of_one in pages)
    printer = run.printer
    name_of = full_names.of_actors(run, (one.actor for one in shown))
    what = translations.group("read", printer.language)
    printer.document({"reads": shown, "total": total})
    printer.table(
        shown,
        "at",
        "officer",
        ("name", lambda one: name_of(one.actor)),
        ("roles", lambda one: printer.labels(one.roles)),
        ("member", lambda one: one.member or printer.label("everything")),
        "year",
        ("shown", lambda one: what.get(one.message, one.message)),
    )
    printer.note(printer.text("reads_in_all", total=total))


def order(one: answers.Read) -> tuple[float, str, str, str, int]:
    """The newest first."""
    return -one.at.timestamp(), one.officer, one.member, one.message, one.year or 0
