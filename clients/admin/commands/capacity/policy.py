"""`tamdid policy`: the capacity tables of a year, checked, and corrected by a recorded act."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from clients.admin import exit_codes, full_names
from clients.admin.arguments import AsJson, Year
from clients.admin.context import run_context
from clients.admin.output import Printer
from shared import capacity_policy
from shared.contract.capacity import queries as capacity_queries
from shared.contract.renewal import commands
from shared.contract.renewal import queries as renewal_queries
from shared.policy_files import PolicyError
from shared.settings import Settings

app = typer.Typer(help="The capacity tables of a year.", no_args_is_help=True)
Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="[DIRECTORY]",
        help="Where the files lie, such as 1405.toml; by default those that the programs here start with.",
        exists=True, file_okay=False,
    ),
]  # fmt: skip


@app.command()
def check(context: typer.Context, directory: Folder = None, as_json: AsJson = False) -> None:
    """Check every policy file, cell by cell; exit code 1 where one is wrong. Needs no server."""
    printer = run_context(context, as_json).printer
    folder = directory or Settings().policies_folder
    try:
        found = list(capacity_policy.read_folder(folder).values())
        wrong: list[str] = []
    except PolicyError as error:
        found, wrong = [], str(error).splitlines()
    if as_json:
        printer.json({"policies": [one.version for one in found], "wrong": wrong})
    for line in wrong:
        printer.note(line, line)
    if not as_json:
        printer.table(("file", "policy"), ((f"{one.year}.toml", one.version) for one in found))
    if wrong:
        raise typer.Exit(exit_codes.REFUSED)


@app.command()
def amend(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The whole corrected file.", exists=True, dir_okay=False)
    ],
    reason: Annotated[str, typer.Option(help="Why; members read it.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    as_json: AsJson = False,
) -> None:
    """Correct the policy of a year from now on: who and why is put on record, and members see the lines that change."""
    run = run_context(context, as_json)
    try:
        after = capacity_policy.parse(text := file.read_text(encoding="utf-8"), file.name)
    except (PolicyError, UnicodeDecodeError) as error:
        run.printer.note(str(error), str(error))
        raise typer.Exit(exit_codes.REFUSED) from error
    in_use = run.call(capacity_queries.GetPolicy(year=after.year))
    changes = capacity_policy.changes(capacity_policy.parse(in_use.file), after)
    if not as_json:
        show_changes(run.printer, changes)
    if dry_run:
        if as_json:
            run.printer.json({"changes": changes})
        return
    command = commands.AmendPolicy(**run.stamp(), year=after.year, before=in_use.file, after=text, reason=reason)
    act = run.call(command)
    if as_json:
        run.printer.json(act)
        return
    printer = run.printer
    printer.line(f"{printer.event('renewal', act.position)}: {act.version}")


@app.command()
def acts(context: typer.Context, year: Year = None, as_json: AsJson = False) -> None:
    """List the corrections of a year's policy: who, when, why, and which cells."""
    run = run_context(context, as_json)
    found = run.call(renewal_queries.ListPolicyActs(year=year or run.current_year()))
    printer = run.printer
    if as_json:
        printer.json(found)
        return
    name_of = full_names.of_actors(run, (one.by for one in found.acts))
    rows = (
        (
            printer.event("renewal", one.position),
            name_of(one.by),
            printer.instant(one.at),
            one.reason,
            "\n".join(one.changes),
        )
        for one in found.acts
    )
    printer.table(("event", "by", "at", "reason", "changes"), rows)


def show_changes(printer: Printer, changes: Iterable[str]) -> None:
    for change in changes:
        printer.line(change)
