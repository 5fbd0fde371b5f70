"""`tamdid desk approve|return|reject`: the manager's decisions, for one member, for several, or for all that the desk's filters leave."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from clients.admin import bulk, exit_codes, full_names
from clients.admin.arguments import (
    All,
    Apply,
    Province,
    ReasonText,
    SomeMembers,
    Year,
    reason_text,
    waiver,
    whole_number,
)
from clients.admin.bulk import Key, Result, Selection
from clients.admin.commands.desk import desk_filters, field_returns, renewals
from clients.admin.commands.desk.desk_filters import OF_LIST, Filters, with_filters
from clients.admin.commands.desk.field_returns import Fields
from clients.admin.context import RunContext
from shared import translations
from shared.contract import bounds
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
DespiteHolder = Annotated[
    bool, typer.Option("--despite-holder", help="Decide though a colleague holds it.", show_default=False)
]
WaiverReason = Annotated[
    str | None,
    typer.Option("--reason", help="Why it is waived; the member reads it: at least 10 characters.", parser=reason_text),
]
ReturnReason = Annotated[
    str | None,
    typer.Option(
        "--reason",
        help="What the member reads: at least 10 characters; needed where no field is named.",
        parser=reason_text,
    ),
]


@with_filters(leaving_out=OF_LIST)
def approve(
    run: RunContext,
    members: SomeMembers = None,
    year: Year = None,
    declaration: Declaration = None,
    waive: Waive = None,
    reason: WaiverReason = None,
    despite_holder: DespiteHolder = False,
    everything: All = False,
    province: Province = None,
    apply: Apply = None,
    *,
    filters: Filters,
) -> None:
    """Approve renewals as declared: the amount is fixed and payment opens. A waiver waits for a second officer to grant it."""
    selected = select(run, members, year, filters, everything=everything, province=province)
    require_right_waiver(selected, waive, reason)
    waived = [f"{run.printer.label('waiver')} {one.year}: {one.amount_rials:,}" for one in waive or ()]
    seen: dict[Key, answers.DecisionPreview] = {}
    about: dict[str, object] = {"outcome": "approved", "despite_holder": despite_holder}

    def approve_one(key: Key) -> Result:
        if not seen:
            seen.update(previews(run, about, selected.keys))
        version = declaration or seen[key].declaration_version
        if not version:
            raise Refused(Reason(seen[key].refusal or Reason.NOT_SUBMITTED))
        fields = {**key._asdict(), "declaration_version": version, "waivers": tuple(waive or ()), "reason": reason}
        command = commands.ApproveRenewal.model_validate({**run.stamp(), **fields, "despite_holder": despite_holder})
        return Result(*key, "approved", answer=send_decision(run, command))

    bulk.for_each(
        run,
        selected,
        apply,
        preview=lambda keys: previewed(run, about, keys, version=declaration, notes=waived),
        act=approve_one,
    )


def require_right_waiver(selected: Selection, waive: list[Waiver] | None, reason: str | None) -> None:
    """Wrong usage where a waiver has no reason, or is of several members."""
    if (waive is None) != (reason is None):
        raise typer.BadParameter("--waive and --reason go together")
    if waive and not selected.is_single:
        raise typer.BadParameter("a waiver is of one member", param_hint="--waive")


@with_filters(leaving_out=OF_LIST)
def return_(
    run: RunContext,
    members: SomeMembers = None,
    reason: ReturnReason = None,
    field: Fields = None,
    year: Year = None,
    despite_holder: DespiteHolder = False,
    everything: All = False,
    province: Province = None,
    apply: Apply = None,
    *,
    filters: Filters,
) -> None:
    """Return declarations for correction: some fields of them, or the whole with a reason; the member reads both."""
    field_returns.require_whole(field or (), reason)
    selected = select(run, members, year, filters, everything=everything, province=province)
    content: dict[str, object] = {"fields": tuple(field or ()), **({"reason": reason} if reason else {})}
    content["despite_holder"] = despite_holder
    faults = translations.group("field_fault", run.printer.language)
    named = [f"{one.field}: {faults[one.fault]}" for one in field or ()]
    decide_against(run, "returned", selected, content, apply, notes=named)


@with_filters(leaving_out=OF_LIST)
def reject(
    run: RunContext,
    reason: ReasonText,
    members: SomeMembers = None,
    year: Year = None,
    despite_holder: DespiteHolder = False,
    everything: All = False,
    province: Province = None,
    apply: Apply = None,
    *,
    filters: Filters,
) -> None:
    """Reject renewals for good, with a reason that the member reads."""
    selected = select(run, members, year, filters, everything=everything, province=province)
    decide_against(run, "rejected", selected, {"reason": reason, "despite_holder": despite_holder}, apply)


def select(
    run: RunContext,
    members: Sequence[str] | None,
    year: int | None,
    filters: Filters,
    *,
    everything: bool,
    province: str | None,
) -> Selection:
    """The renewals that a decision is on."""
    if not everything and (filters or province):
        raise typer.BadParameter("the filters of the list go with --all")
    rows = desk_filters.all_of(run, province, filters)
    return bulk.select(run, members, year, everything=everything, rows=rows)


def decide_against(
    run: RunContext,
    outcome: str,
    selected: Selection,
    content: dict[str, object],
    apply: bool | None,
    notes: Sequence[str] = (),
) -> None:
    """Return or reject each renewal: the `outcome`, `returned` or `rejected`, with the rest of the command's content."""
    about = {"outcome": outcome, "despite_holder": content.get("despite_holder", False)}
    kind = commands.ReturnRenewal if outcome == "returned" else commands.RejectRenewal

    def decide_one(key: Key) -> Result:
        command = kind.model_validate({**run.stamp(), **key._asdict(), **content})
        return Result(*key, outcome, answer=send_decision(run, command))

    bulk.for_each(run, selected, apply, preview=lambda keys: previewed(run, about, keys, notes=notes), act=decide_one)


def send_decision(run: RunContext, command: Decision) -> answers.Renewal:
    """Send a decision; one that came too late is refused with the earlier decision, its officer and its time."""
    try:
        return run.call(command)
    except Refused as refused:
        if refused.reason is not Reason.ALREADY_DECIDED:
            raise renewals.named(run, refused) from None
        decided = decided_before(run, Key(command.member, command.year))
        raise Refused(refused.reason, {"decided": decided}) from None


def previews(run: RunContext, about: Mapping[str, object], keys: Sequence[Key]) -> dict[Key, answers.DecisionPreview]:
    """What the service would do with each, page by page."""
    found: dict[Key, answers.DecisionPreview] = {}
    for start in range(0, len(keys), bounds.PAGE_MAX):
        part = [key._asdict() for key in keys[start : start + bounds.PAGE_MAX]]
        query = queries.PreviewDecisions.model_validate({**about, "renewals": part})
        found |= {Key(one.member, one.year): one for one in run.call(query).previews}
    return found


def previewed(
    run: RunContext,
    about: Mapping[str, object],
    keys: Sequence[Key],
    version: int | None = None,
    notes: Sequence[str] = (),
) -> list[Result]:
    """The dry run: what the service would do with each, and why some are left out."""
    found = previews(run, about, keys)
    return [result_of(run, str(about["outcome"]), found[key], version, notes) for key in keys]


def result_of(
    run: RunContext, outcome: str, preview: answers.DecisionPreview, version: int | None, notes: Sequence[str]
) -> Result:
    key, printer = Key(preview.member, preview.year), run.printer
    refusal = preview.refusal
    if not refusal and version not in {None, preview.declaration_version}:
        refusal = Reason.CONFLICT
    if refusal:
        details = {"decided": decided_before(run, key)} if refusal == Reason.ALREADY_DECIDED else {}
        refused = Refused(Reason(refusal), details)
        code = exit_codes.REFUSED
        return Result(*key, "left_out", run.sentence(refused), refusal=refused, exit_code=code)
    status = printer.label(preview.status or "")
    note = ", ".join([status, f"{printer.label('declaration')} {preview.declaration_version}", *notes])
    return Result(*key, f"would_be_{outcome}", note)


def decided_before(run: RunContext, key: Key) -> str:
    """Who decided last, when, and what; nothing before the first."""
    renewal = renewals.renewal_of(run, *key)
    if renewal.decision is None:
        return ""
    last = renewal.decision
    by = full_names.of_actors(run, (last.by,))(last.by)
    return f"{run.printer.label(last.outcome)}, {by}, {run.printer.instant(last.at)}"
