"""`tamdid desk list` and `desk find`: the renewals on the manager's desk by filters and order, and what a search finds."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from clients.admin import full_names
from clients.admin.arguments import Limit, Offset, Province
from clients.admin.commands.desk import desk_filters
from clients.admin.commands.desk.desk_filters import Filters, with_filters
from clients.admin.commands.desk.renewals import due
from clients.admin.context import RunContext
from clients.admin.paging import PagedQuery, fetch_rows
from shared.contract.auth import queries as auth_queries
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.answers import Invoice
from shared.contract.refusals import Reason
from shared.contract.renewal import answers, queries

EARLIEST = datetime.min.replace(tzinfo=UTC)


@with_filters
def list_desk(
    run: RunContext, province: Province = None, limit: Limit = 50, offset: Offset = 0, *, filters: Filters
) -> None:
    """List renewals, the oldest promise first; each option leaves those that match."""
    query = PagedQuery(
        lambda **page: desk_filters.page(run, filters, **page),
        lambda desk: desk.renewals,
        ORDERS[filters["sort"]],
    )
    renewals, total, desks = fetch_rows(run, province, query, limit, offset)
    overdue = sum(desk.overdue for desk in desks)
    printer = run.printer
    printer.document({"renewals": renewals, "total": total, "overdue": overdue})
    show_rows(run, renewals)
    printer.line(printer.text("desk_page", shown=len(renewals), total=total, overdue=overdue))


def find(
    run: RunContext,
    text: Annotated[
        str,
        typer.Argument(metavar="TEXT", help="A name, a number, a national, tracking or mine code, a bank's reference."),
    ],
    province: Province = None,
    limit: Limit = 50,
) -> None:
    """Find renewals in any status by member or by code, in any spelling and digits; members without one, and payments, too."""
    renewals: list[answers.Renewal] = []
    members: dict[str, str] = {}
    invoices: list[Invoice] = []
    for name in run.provinces(province):
        known = run.call(auth_queries.SearchMembers(province=name, text=text, limit=limit)).members
        numbers = tuple(one.member for one in known)
        found = run.call(queries.FindRenewals(province=name, code=text, members=numbers, limit=limit)).renewals
        renewals += found
        with_renewal = {one.member for one in found}
        members |= {one.member: one.full_name for one in known if one.member not in with_renewal}
        invoices += () if known or found else paid_by(run, name, text)
    run.printer.document({"renewals": renewals, "members": members, "invoices": invoices})
    show_rows(run, renewals)
    run.printer.table(members.items(), ("member", lambda row: row[0]), ("name", lambda row: row[1]))
    run.printer.table(
        invoices, "member", "year", "province", ("amount", "amount_rials"), "bank_reference", "settled_at"
    )
    run.printer.note(run.printer.text("found_renewals", count=len(renewals)))


def paid_by(run: RunContext, province: str, text: str) -> Sequence[Invoice]:
    """The invoices that a bank's reference has paid, which has digits; nothing where payment does not answer."""
    if not any(character.isdecimal() for character in text):
        return ()
    query = payment_queries.ListPayments(province=province, reference=text)
    answer = run.call_unless({Reason.NO_ANSWER}, query)
    return answer.invoices if answer else ()


def show_rows(run: RunContext, renewals: list[answers.Renewal]) -> None:
    name_of = full_names.of_actors(run, (one.assignment.officer for one in renewals if one.assignment))
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
        ("holder", lambda renewal: name_of(renewal.assignment.officer) if renewal.assignment else ""),
        "tracking_code",
    )


def notes(run: RunContext, renewal: answers.Renewal) -> str:
    """What a manager looks at: what changed, the flags, and what is owed."""
    if renewal.desk is None:
        return ""
    desk = renewal.desk
    owed = [run.printer.text("years_owed", count=desk.debt_years)] if desk.debt_years else []
    by_rule = "approved_by_rule" if desk.approved_by_rule else None
    codes = [code for code in (by_rule, desk.change, *desk.changed_parts, *desk.flags) if code]
    return run.printer.pick("، ", ", ").join([*map(run.printer.label, codes), *owed])


def by_promise(renewal: answers.Renewal) -> tuple[bool, datetime, datetime, str]:
    """The order of a desk: the oldest promise first, then those without one."""
    due_at = renewal.review_due_at
    return due_at is None, due_at or renewal.requested_at, renewal.requested_at, renewal.member


ORDERS: dict[str, Callable[[answers.Renewal], Any]] = {
    "deadline": by_promise,
    "newest": lambda renewal: (EARLIEST - (renewal.submitted_at or EARLIEST), renewal.member),
    "jobs": lambda renewal: (-len(renewal.jobs), *by_promise(renewal)),
    "debt": lambda renewal: (-(renewal.desk.debt_years if renewal.desk else 0), *by_promise(renewal)),
}
"""How the lists of several provinces are put together, as each is ordered."""
