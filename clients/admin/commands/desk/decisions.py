"""`tamdid desk approve|return|reject`: the manager's decisions, for one member or for many."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from clients.admin import bulk, exit_codes, full_names
from clients.admin.arguments import Apply, Members, ReasonText, Year, reason_text, waiver, whole_number
from clients.admin.bulk import Result
from clients.admin.commands.desk import renewals
from clients.admin.context import RunContext
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, queries
from shared.contract.values import Waiver

Decision = commands.ApproveRenewal | commands.ReturnRenewal | commands.RejectRenewal
Declaration = Annotated[
    int | None,
    typer.Option(
        "--declaration",
        help="Approve only this version, as `desk show` showed it; by default the newest.",
        parser=whole_number(1, 10_000),
    ),
]


Waive = Annotated[
    list[Waiver] | None,
    typer.Option(
        "--waive", metavar="YEAR:RIALS", parser=waiver,
        help="What the member shall be let off, once a second officer grants it; once for each year, for one member.",
    ),
]  # fmt: skip
WaiverReason = Annotated[
    str | None,
    typer.Option("--reason", help="Why it is waived; the member reads it: at least 10 characters.", parser=reason_text),
]


def approve(
    run: RunContext,
    members: Members,
    year: Year = None,
    declaration: Declaration = None,
    waive: Waive = None,
    reason: WaiverReason = None,
    apply: Apply = None,
) -> None:
    """Approve renewals as declared: the amount is fixed and payment opens. A waiver waits for a second officer to grant it."""
    if (waive is None) != (reason is None):
        raise typer.BadParameter("--waive and --reason go together")
    if waive and len(set(members)) > 1:
        raise typer.BadParameter("a waiver is of one member", param_hint="--waive")

    def preview(member: str) -> Result:
        found = preview_of(run, renewals.renewal_of(run, member, year), "would_be_approved", declaration)
        waived = [f"{run.printer.label('waiver')} {one.year}: {one.amount_rials:,}" for one in waive or ()]
        return replace(found, note=", ".join([found.note, *waived]))

    def approve_one(member: str) -> Result:
        renewal = renewals.renewal_of(run, member, year)
        version = declaration or renewals.newest_declaration(renewal)
        command = commands.ApproveRenewal(
            **run.stamp(),
            member=member,
            year=renewal.year,
            declaration_version=version,
            waivers=tuple(waive or ()),
            reason=reason,
        )
        return Result(member, "approved", answer=send_decision(run, command))

    bulk.for_each(run, members, apply, preview=preview, act=approve_one)


def return_(run: RunContext, members: Members, reason: ReasonText, year: Year = None, apply: Apply = None) -> None:
    """Return declarations for correction, with a reason that the member reads."""
    decide_against(run, members, ("returned", reason), year, apply)


def reject(run: RunContext, members: Members, reason: ReasonText, year: Year = None, apply: Apply = None) -> None:
    """Reject renewals for good, with a reason that the member reads."""
    decide_against(run, members, ("rejected", reason), year, apply)


def decide_against(
    run: RunContext, members: Sequence[str], decision: tuple[str, str], year: int | None, apply: bool | None
) -> None:
    """Return or reject the renewal of each member: `decision` is the outcome, `returned` or `rejected`, and the reason."""
    outcome, reason = decision
    kind = commands.ReturnRenewal if outcome == "returned" else commands.RejectRenewal
    chosen = year or run.current_year()

    def preview(member: str) -> Result:
        return preview_of(run, renewals.renewal_of(run, member, chosen), f"would_be_{outcome}")

    def decide_one(member: str) -> Result:
        command = kind(**run.stamp(), member=member, year=chosen, reason=reason)
        return Result(member, outcome, answer=send_decision(run, command))

    bulk.for_each(run, members, apply, preview=preview, act=decide_one)


def send_decision(run: RunContext, command: Decision) -> answers.Renewal:
    """Send a decision; one that came too late is refused with the earlier decision, its officer and its time."""
    try:
        return run.call(command)
    except Refused as refused:
        if refused.reason is not Reason.ALREADY_DECIDED:
            raise
        renewal = renewals.renewal_of(run, command.member, command.year)
        raise Refused(refused.reason, {"decided": last_decision(run, renewal)}) from None


def preview_of(run: RunContext, renewal: answers.Renewal, outcome: str, version: int | None = None) -> Result:
    """The dry run of a decision: the outcome for a renewal on the desk; any other is left out."""
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
    return f"{run.printer.label(last.outcome)}, {by}, {run.printer.instant(last.at)}"
