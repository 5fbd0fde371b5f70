"""Dry runs of decisions: what the service would do with each, and the file by which `--apply` decides what was shown alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict

from clients.admin import exit_codes, full_names
from clients.admin.bulk import Key, Result, Selection
from clients.admin.commands.desk import renewals
from clients.admin.context import RunContext
from shared.contract import bounds
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, queries

PreviewFile = Annotated[
    Path | None,
    typer.Option(
        "--preview",
        metavar="FILE",
        help="With --all: a dry run writes what it shows to this file, and --apply decides that alone, in the versions shown.",
    ),
]


class Shown(BaseModel):
    """What a dry run has shown: what was asked for, and each renewal that would be decided, in its version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: str
    of_list: dict[str, str]
    """The filters, the province and the year that were named."""
    renewals: dict[str, int]
    """Versions by member and year, as `0123456/1405`."""

    @property
    def versions(self) -> dict[Key, int]:
        parts = ((key.partition("/"), version) for key, version in self.renewals.items())
        return {Key(member, int(year)): version for (member, _, year), version in parts}


@dataclass(frozen=True)
class Chosen:
    """The renewals that a decision is on, of which list they are, and the file of its preview."""

    selection: Selection
    of_list: Mapping[str, str] = field(default_factory=dict)
    preview: Path | None = None
    versions: Mapping[Key, int] = field(default_factory=dict)
    """As the preview has shown them; none of what was not previewed into a file."""


def read(path: Path, outcome: str, of_list: Mapping[str, str]) -> dict[Key, int]:
    """The versions that a dry run has shown; refused where it was of another decision or of another list."""
    try:
        shown = Shown.model_validate_json(path.read_bytes())
        versions = shown.versions
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no file that a dry run with --all has written"
        raise typer.BadParameter(f"{path.name}: {reason}", param_hint="--preview") from None
    if (shown.outcome, shown.of_list) != (outcome, dict(of_list)):
        raise typer.BadParameter(f"{path.name} is of another decision or of other filters", param_hint="--preview")
    return versions


def write(path: Path, outcome: str, of_list: Mapping[str, str], found: Mapping[Key, answers.DecisionPreview]) -> None:
    """Keep what a dry run has shown, for whoever runs the program alone."""
    decided = {f"{key.member}/{key.year}": one.declaration_version for key, one in found.items() if not one.refusal}
    shown = Shown(outcome=outcome, of_list=dict(of_list), renewals=decided)
    try:
        path.touch(mode=0o600)
        path.write_text(shown.model_dump_json(indent=1), "utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{path.name}: {error.strerror}", param_hint="--preview") from None


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
    chosen: Chosen,
    *,
    version: int | None = None,
    notes: Sequence[str] = (),
) -> list[Result]:
    """The dry run: what the service would do with each, and why some are left out."""
    keys, outcome = chosen.selection.keys, str(about["outcome"])
    found = previews(run, about, keys)
    if chosen.preview is not None:
        write(chosen.preview, outcome, chosen.of_list, found)
    return [result_of(run, outcome, found[key], version, notes) for key in keys]


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
