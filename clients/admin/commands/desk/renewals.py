"""`tamdid desk list` and `desk show`: what lies on the manager's desk (کارتابل), and what was declared."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

import typer

from clients.admin import full_names
from clients.admin.arguments import AsJson, Limit, Member, Offset, Province, Year
from clients.admin.context import RunContext, run_context
from clients.admin.output import Printer
from clients.admin.paging import PagedQuery, fetch_rows
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, queries

app = typer.Typer(help="The manager's desk.", no_args_is_help=True)
Status = Literal["submitted", "returned", "approved", "rejected", "withdrawn", "requested"]


@app.command("list")
def list_desk(
    context: typer.Context,
    province: Province = None,
    status: Annotated[Status, typer.Option(help="Where the renewals stand.")] = "submitted",
    limit: Limit = 50,
    offset: Offset = 0,
    as_json: AsJson = False,
) -> None:
    """List renewals, the oldest promise first."""
    run = run_context(context, as_json)
    query = PagedQuery(
        lambda one, rows, start: run.call(queries.ListDesk(province=one, status=status, limit=rows, offset=start)),
        lambda page: page.renewals,
        by_promise,
    )
    renewals, desks, _ = fetch_rows(run, province, query, limit, offset)
    total, overdue = sum(desk.total for desk in desks), sum(desk.overdue for desk in desks)
    if as_json:
        run.printer.json({"renewals": renewals, "total": total, "overdue": overdue})
        return
    show_desk(run, renewals)
    printer = run.printer
    shown, count, late = (printer.number(number) for number in (len(renewals), total, overdue))
    printer.line(printer.pick(f"{shown} از {count}؛ دیر شده: {late}", f"{shown} of {count}, {late} overdue"))


def by_promise(renewal: answers.Renewal) -> tuple[bool, datetime, datetime, str]:
    """The order of a desk: the oldest promise first, then those without one."""
    due_at = renewal.review_due_at
    return due_at is None, due_at or renewal.requested_at, renewal.requested_at, renewal.member


def show_desk(run: RunContext, renewals: Sequence[answers.Renewal]) -> None:
    named = full_names.of(run, [renewal.member for renewal in renewals])
    printer = run.printer
    rows = (
        (
            renewal.member,
            named.get(renewal.member, ""),
            printer.label(renewal.licence.member_class),
            str(renewal.year),
            printer.province(renewal.province),
            printer.instant(renewal.submitted_at),
            due(run, renewal),
            renewal.tracking_code,
        )
        for renewal in renewals
    )
    columns = ("member", "name", "member_class", "year", "province", "submitted_at", "due", "tracking_code")
    printer.table(columns, rows)


def due(run: RunContext, renewal: answers.Renewal) -> str:
    """Until when a manager is to look at it, and whether that has passed."""
    until = renewal.review_due_at
    if renewal.status != "submitted":
        return ""
    if until is None:
        return run.printer.label("not_known_yet")
    text = run.printer.instant(until)
    return f"{text} ({run.printer.label('overdue')})" if until < run.environment.now() else text


@app.command()
def show(context: typer.Context, member: Member, year: Year = None, as_json: AsJson = False) -> None:
    """Show a renewal: where it stands, what was declared, and what was decided."""
    run = run_context(context, as_json)
    renewal = find(run, member, year)
    if as_json:
        run.printer.json(renewal)
        return
    show_renewal(run, renewal)
    show_jobs(run.printer, renewal)
    show_decisions(run, renewal)


def find(run: RunContext, member: str, year: int | None) -> answers.Renewal:
    """A member's renewal of a year, the current one by default; refused where there is none."""
    asked = queries.GetRenewal(member=member, year=year or run.current_year())
    renewal = run.call(asked).renewal
    if renewal is None:
        raise Refused(Reason.NOT_REQUESTED)
    return renewal


def newest_declaration(renewal: answers.Renewal) -> int:
    """The version that a decision would be about; refused before the first."""
    if not renewal.declarations:
        raise Refused(Reason.NOT_SUBMITTED)
    return renewal.declarations[-1].version


def show_renewal(run: RunContext, renewal: answers.Renewal) -> None:
    printer = run.printer
    named = full_names.of(run, [renewal.member])
    card = {
        "member": renewal.member,
        "name": named.get(renewal.member, ""),
        "year": str(renewal.year),
        "province": printer.province(renewal.province),
        "member_class": printer.label(renewal.licence.member_class),
        "fields": printer.words(renewal.licence.fields),
        "licence_expires": printer.day(renewal.licence.expires_on),
        "status": printer.label(renewal.status),
        "tracking_code": renewal.tracking_code,
        "requested_at": printer.instant(renewal.requested_at),
        "submitted_at": printer.instant(renewal.submitted_at),
        "due": due(run, renewal),
    }
    if renewal.declarations:
        newest = renewal.declarations[-1]
        card |= {"declaration": str(newest.version), "employment": printer.label(newest.form.employment.status)}
    printer.card(card)


def show_jobs(printer: Printer, renewal: answers.Renewal) -> None:
    jobs = renewal.declarations[-1].form.jobs if renewal.declarations else ()
    rows = (
        (
            job.title,
            printer.label(job.kind),
            str(job.degree),
            printer.label(job.field),
            str(job.quantity),
            job.client,
            printer.day(job.starts_on),
            printer.day(job.ends_on),
        )
        for job in jobs
    )
    if jobs:
        printer.table(("title", "kind", "degree", "field", "quantity", "client", "starts", "ends"), rows)


def show_decisions(run: RunContext, renewal: answers.Renewal) -> None:
    printer = run.printer
    name_of = full_names.of_actors(run, (decision.by for decision in renewal.decisions))
    rows = (
        (printer.label(decision.outcome), name_of(decision.by), printer.instant(decision.at), decision.reason)
        for decision in renewal.decisions
    )
    if renewal.decisions:
        printer.table(("outcome", "by", "at", "reason"), rows)
