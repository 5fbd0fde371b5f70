"""`tamdid members erase` and `erasures`, `grant-erasure`, `decline-erasure`, `erasure-report`: personal data of a member, by two admins."""

from typing import Annotated

import typer

from clients.admin import full_names
from clients.admin.arguments import Member
from clients.admin.context import RunContext
from shared.contract.auth import commands, queries
from shared.contract.auth.commands import ErasureReason
from shared.contract.operations import queries as operations_queries
from shared.contract.refusals import Reason
from shared.services import WITH_MEMBERS

Why = Annotated[ErasureReason, typer.Option("--reason", help="A code; no text about the person is recorded.")]


def erase(run: RunContext, member: Member, reason: Why) -> None:
    """Request that a member's personal data is erased in all services; a second admin grants it.

    Renewals, money and capacity stay, by the member's number. An open renewal stays on the desk, what is owed stays owed.
    """
    sent = run.call(commands.RequestErasure(**run.stamp(), member=member, reason=reason))
    run.printer.done(sent, "erasure_requested", member=member)


def erasures(run: RunContext) -> None:
    """List the erasures that wait for a second admin, and why you may not grant them."""
    waiting = run.call(queries.ListErasures()).requests
    printer = run.printer
    name_of = full_names.of_actors(run, (one.requested_by for one in waiting))
    printer.document(waiting)
    printer.table(
        waiting,
        "member",
        "province",
        ("reason", lambda one: printer.label(one.cause)),
        ("requested_by", lambda one: name_of(one.requested_by)),
        ("since", "requested_at"),
        ("hindrance", lambda one: printer.refusal(one.hindrance)),
    )


def grant(run: RunContext, member: Member, reason: Why) -> None:
    """Erase a member's personal data, as another admin requested, for the reason that `erasures` shows. It cannot be undone."""
    granted = run.call(commands.GrantErasure(**run.stamp(), member=member, reason=reason))
    run.printer.done(granted, "erasure_granted", member=member)


def decline(run: RunContext, member: Member) -> None:
    """Decline what another admin requested about a member's personal data, or take back what you requested yourself."""
    declined = run.call(commands.DeclineErasure(**run.stamp(), member=member))
    run.printer.done(declined, "erasure_declined", member=member)


def report(run: RunContext, member: Member) -> None:
    """Show what each service has erased of a member, and what it has left and why."""
    printer = run.printer
    query = operations_queries.GetErasureReport(member=member)
    reports = {service: run.call_unless({Reason.NO_ANSWER}, query, service) for service in WITH_MEMBERS}
    printer.document(reports)
    rows = [(service, kind) for service, found in reports.items() if found for kind in found.kinds]
    printer.table(
        rows,
        ("service", lambda row: row[0]),
        ("personal_kind", lambda row: printer.label(row[1].kind)),
        ("rows", lambda row: row[1].rows),
        ("outcome", lambda row: printer.label(row[1].kept or "erased")),
    )
    for service, found in reports.items():
        if found is None or found.erased_at is None or not found.is_overwritten:
            code = "service_silent" if found is None else "not_erased" if found.erased_at is None else "not_overwritten"
            printer.note(f"{service}: {printer.label(code)}")
