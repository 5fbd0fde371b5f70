"""`tamdid desk approve|return|reject`: the manager's decisions, for one member or for many."""

from collections.abc import Sequence
from typing import Annotated

import typer

from clients.admin import bulk, exit_codes, full_names
from clients.admin.arguments import Apply, AsJson, Members, ReasonText, Year, whole_number
from clients.admin.bulk import Result
from clients.admin.commands.desk import renewals
from clients.admin.context import RunContext, run_context
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, queries

Decision = commands.ApproveRenewal | commands.ReturnRenewal | commands.RejectRenewal
Declaration = Annotated[
    int | None,
    typer.Option(
        "--declaration",
        help="Approve only this version, as `desk show` showed it; by default the newest.",
        parser=whole_number(1, 10_000),
    ),
]


def approve(
    context: typer.Context,
    members: Members,
    year: Year = None,
    declaration: Declaration = None,
    apply: Apply = None,
    as_json: AsJson = False,
) -> None:
    """Approve renewals as declared: the amount is fixed and payment opens."""
    run = run_context(context, as_json)
    dry_run = bulk.is_dry_run(members, apply)

    def act(member: str) -> Result:
        renewal = renewals.find(run, member, year)
        if dry_run:
            return would(run, renewal, "would_be_approved", declaration)
        version = declaration or renewals.newest_declaration(renewal)
        command = commands.ApproveRenewal(**run.stamp(), member=member, year=renewal.year, declaration_version=version)
        return Result(member, "approved", answer=decide(run, command))

    bulk.for_each(run, members, dry_run=dry_run, act=act)


def return_(
    context: typer.Context,
    members: Members,
    reason: ReasonText,
    year: Year = None,
    apply: Apply = None,
    as_json: AsJson = False,
) -> None:
    """Return declarations for correction, with a reason that the member reads."""
    run = run_context(context, as_json)
    send_back(run, members, ("returned", reason), year, apply)


def reject(
    context: typer.Context,
    members: Members,
    reason: ReasonText,
    year: Year = None,
    apply: Apply = None,
    as_json: AsJson = False,
) -> None:
    """Reject renewals for good, with a reason that the member reads."""
    run = run_context(context, as_json)
    send_back(run, members, ("rejected", reason), year, apply)


def send_back(
    run: RunContext, members: Sequence[str], decision: tuple[str, str], year: int | None, apply: bool | None
) -> None:
    """Say no to each: `decision` is the outcome, `returned` or `rejected`, and the reason."""
    outcome, reason = decision
    kind = commands.ReturnRenewal if outcome == "returned" else commands.RejectRenewal
    chosen = year or run.current_year()
    dry_run = bulk.is_dry_run(members, apply)

    def act(member: str) -> Result:
        if dry_run:
            return would(run, renewals.find(run, member, chosen), f"would_be_{outcome}")
        command = kind(**run.stamp(), member=member, year=chosen, reason=reason)
        return Result(member, outcome, answer=decide(run, command))

    bulk.for_each(run, members, dry_run=dry_run, act=act)


def decide(run: RunContext, command: Decision) -> answers.Renewal:
    """Send a decision; one that came too late is refused with whose was faster, when, and what it was."""
    try:
        return run.call(command)
    except Refused as refused:
        if refused.reason is not Reason.ALREADY_DECIDED:
            raise
        renewal = renewals.find(run, command.member, command.year)
        raise Refused(refused.reason, {"decided": last_decision(run, renewal)}) from None


def would(run: RunContext, renewal: answers.Renewal, outcome: str, version: int | None = None) -> Result:
    """What a dry run says of a member: what would become of a renewal on the desk; any other is named and left out."""
    printer = run.printer
    run.call(queries.ListDesk(province=renewal.province, limit=1))  # refused to whoever may not decide there
    if renewal.status != "submitted":
        note = ", ".join(filter(None, (printer.label(renewal.status), last_decision(run, renewal))))
        return Result(renewal.member, "left_out", note, exit_code=exit_codes.REFUSED)
    newest = renewals.newest_declaration(renewal)
    note = f"{printer.label(renewal.status)}, {printer.label('declaration')} {newest}"
    if version not in {None, newest}:
        return Result(renewal.member, "left_out", note, exit_code=exit_codes.REFUSED)
    return Result(renewal.member, outcome, note)


def last_decision(run: RunContext, renewal: answers.Renewal) -> str:
    """Who decided last, when, and what; nothing before the first."""
    if not renewal.decisions:
        return ""
    last = renewal.decisions[-1]
    by = full_names.of_actors(run, (last.by,))(last.by)
    printer = run.printer
    return f"{printer.label(last.outcome)}, {by}, {printer.instant(last.at)}"
