"""`tamdid programs`: accounts of programs of others, what they may do, and their secrets; for admins."""

from typing import Annotated
from uuid import UUID

import typer

from clients.admin import full_names
from clients.admin.arguments import SHORT, Provinces, only_match, open_request
from clients.admin.commands.access import second_admin
from clients.admin.context import RunContext, command
from shared.contract import base
from shared.contract.auth import program_answers as answers
from shared.contract.auth import program_commands as commands
from shared.contract.refusals import Reason
from shared.policies.scopes import SCOPES

app = typer.Typer(help="Accounts of programs of others, and their secrets.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's name, which is its OAuth client id.")]
Scopes = Annotated[list[str], typer.Option("--scope", help=f"May be given several times: {', '.join(SCOPES)}.")]
Wanted = Annotated[
    str,
    typer.Argument(
        metavar="REQUEST", help="A request's id, or its beginning, or the account's name if it has one request."
    ),
]
Secret = Annotated[str, typer.Argument(metavar="SECRET", help="The id of a secret in the list, or its beginning.")]


@command(app, "list", is_list=True)
def list_accounts(run: RunContext) -> None:
    """List the accounts, each secret with its last use."""
    accounts, printer = run.call(commands.ListProgramAccounts()).accounts, run.printer
    printer.document(accounts)
    name_of = full_names.of_actors(run, (secret.issued_to for account in accounts for secret in account.secrets))
    rows = [(account, secret) for account in accounts for secret in account.secrets or (None,)]
    printer.table(
        rows,
        ("program_account", lambda row: row[0].program),
        ("scopes", lambda row: ", ".join(row[0].scopes)),
        ("provinces", lambda row: ", ".join(map(printer.province, row[0].provinces))),
        ("program_secret", lambda row: str(row[1].request)[:SHORT] if row[1] else ""),
        ("issued_to", lambda row: name_of(row[1].issued_to) if row[1] else ""),
        ("issued_at", lambda row: row[1].issued_at if row[1] else None),
        ("last_used_at", lambda row: row[1].used_at if row[1] else None),
    )
    for account, secret in rows:
        if secret is not None and secret.holder_left:
            printer.warn(
                printer.text("program_secret_left", program=account.program, secret=str(secret.request)[:SHORT])
            )


@command(app, "requests", is_list=True)
def list_requests(run: RunContext) -> None:
    """List what waits for a second admin's grant, who may grant it, and why you may not."""
    waiting, printer = run.call(commands.ListProgramAccounts()).requests, run.printer
    second_admin.show_waiting(
        run,
        waiting,
        ("program_account", lambda one: one.program),
        ("scopes", lambda one: ", ".join(one.scopes)),
        ("provinces", lambda one: ", ".join(map(printer.province, one.provinces))),
    )


@command(app, "request")
def request(run: RunContext, name: Name, scope: Scopes, province: Provinces) -> None:
    """Request an account, other scopes or provinces for one, or a new secret; a second admin grants it."""
    about = {"program": name, "scopes": tuple(dict.fromkeys(scope)), "provinces": tuple(dict.fromkeys(province))}
    command = base.parse(commands.RequestProgramAccount, {**run.stamp(), **about})
    done = run.call(command)
    second_admin.report(run, done, command.id, run.call(commands.ListProgramAccounts()).requests, "programs")


@command(app, "grant")
def grant(run: RunContext, request: Wanted) -> None:
    """Grant what another admin requested; that one takes the secret then."""
    found = request_of(run, request)
    second_admin.decide(run, commands.GrantProgramAccount, found, "program_granted")


@command(app, "decline")
def decline(run: RunContext, request: Wanted) -> None:
    """Decline what another admin requested, or take back what you requested yourself."""
    found = request_of(run, request)
    second_admin.decide(run, commands.DeclineProgramAccount, found, "request_declined")


@command(app, "secret")
def take_secret(run: RunContext, name: Name) -> None:
    """Print the secret of what you requested and a colleague has granted; it is shown once."""
    found = account_of(run, name).to_take
    if not found:
        raise typer.BadParameter("nothing is granted to you whose secret you have not taken", param_hint="NAME")
    about = {"program": name, "request": found[-1]}
    taken = run.call(base.parse(commands.TakeProgramSecret, {**run.stamp(), **about}))
    run.printer.document(taken)
    run.printer.line(taken.secret)


@command(app, "end-secret")
def end_secret(run: RunContext, name: Name, secret: Secret) -> None:
    """End one secret of an account at once, and the access tokens got by it."""
    ids = [one.request for one in account_of(run, name).secrets if str(one.request).startswith(secret.lower())]
    found: UUID = only_match(ids, Reason.UNKNOWN_PROGRAM, f"secrets begin with {secret!r}", "SECRET")
    done = run.call(base.parse(commands.EndProgramSecret, {**run.stamp(), "program": name, "request": found}))
    run.printer.done(done, "program_secret_ended", program=name)


@command(app, "revoke")
def revoke(run: RunContext, name: Name) -> None:
    """Take everything from an account at once, with its secrets and access tokens."""
    done = run.call(base.parse(commands.RevokeProgramAccount, {**run.stamp(), "program": name}))
    run.printer.done(done, "program_revoked", program=name)


def account_of(run: RunContext, name: str) -> answers.ProgramAccount:
    found = [one for one in run.call(commands.ListProgramAccounts()).accounts if one.program == name]
    return only_match(found, Reason.UNKNOWN_PROGRAM, f"accounts are {name!r}", "NAME")


def request_of(run: RunContext, typed: str) -> answers.ProgramRequest:
    """The one open request about the account of this name, or whose id begins so."""
    waiting = run.call(commands.ListProgramAccounts()).requests
    about = [one for one in waiting if one.program == typed]
    return (
        only_match(about, Reason.UNKNOWN_REQUEST, f"requests are about {typed!r}", "REQUEST")
        if about
        else open_request(waiting, typed)
    )
