"""`tamdid policy`: the capacity tables of a year, checked, and corrected by a recorded act."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from clients.admin import exit_codes, full_names
from clients.admin.arguments import SHORT, Request, Year, open_request
from clients.admin.context import RunContext, command
from shared.contract.capacity import queries as capacity_queries
from shared.contract.refusals import Reason as Refusal
from shared.contract.refusals import Refused
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal import commands
from shared.contract.renewal import queries as renewal_queries
from shared.policies import capacity_policy
from shared.policies.policy_files import PolicyError
from shared.settings import Settings

app = typer.Typer(help="The capacity tables of a year.", no_args_is_help=True)
Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="[DIRECTORY]",
        help="Where the files are, such as 1405.toml; by default those that the programs here start with.",
        exists=True, file_okay=False,
    ),
]  # fmt: skip


File = Annotated[Path, typer.Argument(metavar="FILE", help="The whole corrected file.", exists=True, dir_okay=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why; members read it.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")]


@command(app, "check")
def check(run: RunContext, directory: Folder = None) -> None:
    """Check every policy file, cell by cell; exit code 1 where one is wrong. Needs no server."""
    printer = run.printer
    try:
        policies = list(capacity_policy.read_folder(directory or Settings().policies_folder).values())
        wrong: list[str] = []
    except PolicyError as error:
        policies, wrong = [], str(error).splitlines()
    printer.document({"policies": [policy.version for policy in policies], "wrong": wrong})
    printer.table(policies, ("file", lambda policy: f"{policy.year}.toml"), ("policy", "version"))
    for line in wrong:
        printer.warn(line)
    if wrong:
        raise typer.Exit(exit_codes.REFUSED)


@command(app, "amend")
def amend(run: RunContext, file: File, reason: Reason, dry_run: DryRun = False) -> None:
    """Request a correction of a year's policy, which a second admin grants: who and why is put on record, and members see it."""
    printer = run.printer
    try:
        after = capacity_policy.parse(text := file.read_text(encoding="utf-8"), file.name)
    except (PolicyError, UnicodeDecodeError) as error:
        printer.warn(str(error))
        raise typer.Exit(exit_codes.REFUSED) from error
    in_use = run.call(capacity_queries.GetPolicy(year=after.year))
    changes = capacity_policy.changes(capacity_policy.parse(in_use.file), after)
    for change in changes:
        printer.line(change)
    if dry_run:
        printer.document({"changes": changes})
        return
    command = commands.AmendPolicy(**run.stamp(), year=after.year, before=in_use.file, after=text, reason=reason)
    act = run.call(command)
    printer.document(act)
    printer.line(f"{printer.event('renewal', act.position)}: {act.version}")
    printer.line(printer.text("request_sent", request=str(act.request)[:SHORT]))


@command(app, "requests", is_list=True)
def requests(run: RunContext, year: Year = None) -> None:
    """List the corrections of a year's policy that wait for a second admin, and why you may not grant one."""
    found, printer = waiting(run, year), run.printer
    printer.document(found)
    name_of = full_names.of_actors(run, (act.by for act in found))
    printer.table(
        found,
        ("officer_request", lambda act: str(act.request)[:SHORT]),
        ("requested_by", lambda act: name_of(act.by)),
        "at",
        "reason",
        ("changes", lambda act: "\n".join(act.changes)),
        ("hindrance", lambda act: printer.refusal(act.hindrance)),
    )


@command(app, "grant")
def grant(run: RunContext, request: Request, year: Year = None) -> None:
    """Grant a correction that another admin requested: it counts from now on."""
    found = open_request(waiting(run, year), request)
    act = run.call(commands.GrantPolicyAmendment(**run.stamp(), year=found.year, request=key_of(found)))
    run.printer.document(act)
    run.printer.line(f"{run.printer.event('renewal', act.position)}: {act.version}")


@command(app, "decline")
def decline(run: RunContext, request: Request, year: Year = None) -> None:
    """Decline a correction that another admin requested, or take back your own."""
    found = open_request(waiting(run, year), request)
    declined = run.call(commands.DeclinePolicyAmendment(**run.stamp(), year=found.year, request=key_of(found)))
    run.printer.done(declined, "request_declined", name=found.version)


def waiting(run: RunContext, year: int | None) -> tuple[renewal_answers.PolicyAct, ...]:
    """The open requests of a year."""
    return run.call(renewal_queries.ListPolicyActs(year=year or run.current_year())).requests


def key_of(act: renewal_answers.PolicyAct) -> UUID:
    if act.request is None:
        raise Refused(Refusal.UNKNOWN_REQUEST)
    return act.request


@command(app, "acts", is_list=True)
def acts(run: RunContext, year: Year = None) -> None:
    """List the corrections of a year's policy: who, when, why, and which cells."""
    answer = run.call(renewal_queries.ListPolicyActs(year=year or run.current_year()))
    printer = run.printer
    printer.document(answer)
    name_of = full_names.of_actors(run, (actor for act in answer.acts for actor in (act.by, act.granted_by)))
    printer.table(
        answer.acts,
        ("event", lambda act: printer.event("renewal", act.position)),
        ("by", lambda act: name_of(act.by)),
        ("granted_by", lambda act: name_of(act.granted_by)),
        "at",
        "reason",
        ("changes", lambda act: "\n".join(act.changes)),
    )
