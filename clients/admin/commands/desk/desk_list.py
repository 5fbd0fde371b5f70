"""`tamdid desk list` and `desk find`: the renewals on the manager's desk by filters and order, and those with a code or of members."""

from datetime import datetime
from typing import Annotated, Any, Literal

import typer

from clients.admin import full_names
from clients.admin.arguments import Limit, Offset, Province
from clients.admin.commands.desk.renewals import due
from clients.admin.context import RunContext
from clients.admin.paging import PagedQuery, fetch_rows
from shared.contract import base
from shared.contract.auth import queries as auth_queries
from shared.contract.renewal import answers, queries
from shared.contract.values import LicenceField, MemberClass

Status = Literal["submitted", "returned", "approved", "rejected", "withdrawn", "requested"]
NoneOrSome = Literal["none", "some"]
Flag = Literal["any", "none", "contested_mine", "licence_ends", "duplicate_contact"]


def option(about: str) -> Any:
    return typer.Option(help=about, show_default=False)


def list_desk(
    run: RunContext,
    province: Province = None,
    status: Annotated[Status, typer.Option(help="Where the renewals stand.")] = "submitted",
    member_class: Annotated[MemberClass | None, option("Of this class.")] = None,
    field: Annotated[LicenceField | None, option("With this field in the licence.")] = None,
    jobs: Annotated[NoneOrSome | None, option("Whether any job is declared.")] = None,
    change: Annotated[Literal["first", "same", "changed"] | None, option("Against the declaration before.")] = None,
    debt: Annotated[NoneOrSome | None, option("Whether the register has an earlier year as unpaid.")] = None,
    flag: Annotated[Flag | None, option("With this flag, any, or none.")] = None,
    deadline: Annotated[Literal["overdue", "today"] | None, option("When the review is due.")] = None,
    returned: Annotated[NoneOrSome | None, option("Whether it was returned before.")] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> None:
    """List renewals, the oldest promise first; each option leaves those that match."""
    filters: dict[str, object] = {
        "status": status,
        "member_class": member_class,
        "field": field,
        "jobs": jobs,
        "change": change,
    }
    filters |= {"debt": debt, "flag": flag, "deadline": deadline, "returned": returned}
    query = PagedQuery(
        lambda **page: run.call(base.parse(queries.ListDesk, {**filters, **page})),
        lambda desk: desk.renewals,
        by_promise,
    )
    renewals, total, desks = fetch_rows(run, province, query, limit, offset)
    overdue = sum(desk.overdue for desk in desks)
    printer = run.printer
    printer.document({"renewals": renewals, "total": total, "overdue": overdue})
    show_rows(run, renewals)
    printer.line(printer.text("desk_page", shown=len(renewals), total=total, overdue=overdue))


def find(
    run: RunContext,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A name, a number, a national, tracking or mine code.")],
    province: Province = None,
    limit: Limit = 50,
) -> None:
    """Find renewals in any status, by member or by code, in any spelling and digits."""
    renewals: list[answers.Renewal] = []
    for name in run.provinces(province):
        members = run.call(auth_queries.SearchMembers(province=name, text=text, limit=limit)).members
        numbers = tuple(one.member for one in members)
        found = run.call(queries.FindRenewals(province=name, code=text, members=numbers, limit=limit))
        renewals += found.renewals
    run.printer.document({"renewals": renewals})
    show_rows(run, renewals)
    run.printer.note(run.printer.text("found_renewals", count=len(renewals)))


def show_rows(run: RunContext, renewals: list[answers.Renewal]) -> None:
    run.printer.table(
        renewals,
        "member",
        ("name", full_names.of_members(run, renewals)),
        ("member_class", "licence.member_class"),
        "year",
        "province",
        "status",
        "submitted_at",
        ("due", lambda renewal: due(run, renewal)),
        ("desk_notes", lambda renewal: notes(run, renewal)),
        "tracking_code",
    )


def notes(run: RunContext, renewal: answers.Renewal) -> str:
    """What a manager looks at: what changed, the flags, and what is owed."""
    if renewal.desk is None:
        return ""
    desk = renewal.desk
    owed = [run.printer.text("years_owed", count=desk.debt_years)] if desk.debt_years else []
    codes = [code for code in (desk.change, *desk.changed_parts, *desk.flags) if code]
    return run.printer.pick("، ", ", ").join([*map(run.printer.label, codes), *owed])


def by_promise(renewal: answers.Renewal) -> tuple[bool, datetime, datetime, str]:
    """The order of a desk: the oldest promise first, then those without one."""
    due_at = renewal.review_due_at
    return due_at is None, due_at or renewal.requested_at, renewal.requested_at, renewal.member
