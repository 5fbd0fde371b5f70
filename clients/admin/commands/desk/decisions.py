"""`tamdid desk approve|return|reject`: the manager's decisions, for one member, for several, or for all that the desk's filters leave."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from clients.admin import bulk
from clients.admin.arguments import (
    Apply,
    ReasonForMember,
    reason_text,
    waiver,
    whole_number,
)
from clients.admin.bulk import Key, Result, Selection
from clients.admin.commands.desk import decision_previews, desk_filters, field_returns, renewals
from clients.admin.commands.desk.decision_previews import Chosen, PreviewFile, decided_before, previewed, previews
from clients.admin.commands.desk.desk_filters import Selected, with_selection
from clients.admin.commands.desk.field_returns import Fields
from clients.admin.context import RunContext
from shared import translations
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands
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


@with_selection
def approve(
    run: RunContext,
    selected: Selected,
    declaration: Declaration = None,
    waive: Waive = None,
    reason: WaiverReason = None,
    despite_holder: DespiteHolder = False,
    apply: Apply = None,
    preview: PreviewFile = None,
) -> None:
    """Approve renewals as declared: the amount is fixed and payment opens. A waiver waits for a second officer to grant it."""
    chosen = choose(run, "approved", selected, apply, preview)
    require_right_waiver(chosen.selection, waive, reason)
    waived = [f"{run.printer.label('waiver')} {one.year}: {one.amount_rials:,}" for one in waive or ()]
    seen: dict[Key, answers.DecisionPreview] = {}
    about: dict[str, object] = {"outcome": "approved", "despite_holder": despite_holder}

    def approve_one(key: Key) -> Result:
        if not seen and not chosen.versions:
            seen.update(previews(run, about, chosen.selection.keys))
        version = chosen.versions.get(key) or declaration or seen[key].declaration_version
        if not version:
            raise Refused(Reason(seen[key].refusal or Reason.NOT_SUBMITTED))
        fields = {**key._asdict(), "declaration_version": version, "waivers": tuple(waive or ()), "reason": reason}
        command = commands.ApproveRenewal.model_validate({**run.stamp(), **fields, "despite_holder": despite_holder})
        return Result(*key, "approved", answer=send_decision(run, command))

    bulk.for_each(
        run,
        chosen.selection,
        apply,
        preview=lambda _: previewed(run, about, chosen, version=declaration, notes=waived),
        act=approve_one,
    )


def require_right_waiver(selected: Selection, waive: list[Waiver] | None, reason: str | None) -> None:
    """Wrong usage where a waiver has no reason, or is of several members."""
    if (waive is None) != (reason is None):
        raise typer.BadParameter("--waive and --reason go together")
    if waive and not selected.is_single:
        raise typer.BadParameter("a waiver is of one member", param_hint="--waive")


@with_selection
def return_(
    run: RunContext,
    selected: Selected,
    reason: ReturnReason = None,
    field: Fields = None,
    despite_holder: DespiteHolder = False,
    apply: Apply = None,
    preview: PreviewFile = None,
) -> None:
    """Return declarations for correction: some fields of them, or the whole with a reason; the member reads both."""
    field_returns.require_whole(field or (), reason)
    chosen = choose(run, "returned", selected, apply, preview)
    content: dict[str, object] = {"fields": tuple(field or ()), **({"reason": reason} if reason else {})}
    content["despite_holder"] = despite_holder
    faults = translations.group("field_fault", run.printer.language)
    named = [f"{one.field}: {faults[one.fault]}" for one in field or ()]
    decide_against(run, "returned", chosen, content, apply, notes=named)


@with_selection
def reject(
    run: RunContext,
    selected: Selected,
    reason: ReasonForMember,
    despite_holder: DespiteHolder = False,
    apply: Apply = None,
    preview: PreviewFile = None,
) -> None:
    """Reject renewals for good, with a reason that the member reads."""
    chosen = choose(run, "rejected", selected, apply, preview)
    decide_against(run, "rejected", chosen, {"reason": reason, "despite_holder": despite_holder}, apply)


def choose(run: RunContext, outcome: str, selected: Selected, apply: bool | None, preview: Path | None) -> Chosen:
    """The renewals that a decision is on: of --all, once it is applied, those that its dry run has shown alone."""
    if preview is not None and (selected.members or not selected.everything):
        raise typer.BadParameter("it goes with --all", param_hint="--preview")
    if selected.everything and apply and preview is None:
        raise typer.BadParameter("--apply goes with the --preview FILE of the dry run", param_hint="--all")
    if apply and preview is not None:
        versions = decision_previews.read(preview, outcome, selected.as_texts())
        return Chosen(Selection(tuple(versions), is_all=True), versions=versions)
    return Chosen(select(run, selected), selected.as_texts(), preview)


def select(run: RunContext, selected: Selected) -> Selection:
    """The renewals that are named, or all of the list."""
    members, year, everything, province, filters = selected
    if not everything and (filters or province):
        raise typer.BadParameter("the filters of the list go with --all")
    rows = desk_filters.all_of(run, province, filters)
    return bulk.select(run, members, year, everything=everything, rows=rows)


def decide_against(
    run: RunContext,
    outcome: str,
    chosen: Chosen,
    content: dict[str, object],
    apply: bool | None,
    notes: Sequence[str] = (),
) -> None:
    """Return or reject each renewal: the `outcome`, `returned` or `rejected`, with the rest of the command's content."""
    about = {"outcome": outcome, "despite_holder": content.get("despite_holder", False)}
    kind = commands.ReturnRenewal if outcome == "returned" else commands.RejectRenewal

    def decide_one(key: Key) -> Result:
        seen = {"declaration_version": chosen.versions[key]} if chosen.versions else {}
        command = kind.model_validate({**run.stamp(), **key._asdict(), **seen, **content})
        return Result(*key, outcome, answer=send_decision(run, command))

    selection = chosen.selection
    bulk.for_each(run, selection, apply, preview=lambda _: previewed(run, about, chosen, notes=notes), act=decide_one)


def send_decision(run: RunContext, command: Decision) -> answers.Renewal:
    """Send a decision; one that came too late is refused with the earlier decision, its officer and its time."""
    try:
        return run.call(command)
    except Refused as refused:
        if refused.reason is not Reason.ALREADY_DECIDED:
            raise renewals.named(run, refused) from None
        decided = decided_before(run, Key(command.member, command.year))
        raise Refused(refused.reason, {"decided": decided}) from None
