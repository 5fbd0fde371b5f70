"""`tamdid officers`: who may do what, in which provinces."""

import os
from typing import Annotated

import typer
from pydantic import SecretStr

from clients.admin import full_names
from clients.admin.arguments import only_match, province_key
from clients.admin.context import RunContext, command
from shared.contract.auth import answers, commands, queries
from shared.contract.refusals import Reason
from shared.contract.values import Role

app = typer.Typer(help="Officers, their roles and provinces.", no_args_is_help=True)
PASSWORD_VARIABLE = "TAMDID_OFFICER_PASSWORD"  # noqa: S105 - where a password is, not one
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with, such as maryam.")]
FullName = Annotated[str, typer.Option("--full-name", help="As colleagues and members read it.")]
Roles = Annotated[list[Role], typer.Option("--role", help="May be given several times; replaces earlier roles.")]
Provinces = Annotated[
    list[str],
    typer.Option("--province", help="May be given several times; replaces earlier ones.", parser=province_key),
]
Request = Annotated[str, typer.Argument(metavar="REQUEST", help="A request's id, or its beginning.")]
SHORT = 8
"""Characters of a request's id that the list shows."""
NewPassword = Annotated[bool, typer.Option("--new-password", help="Set a password again.")]


@command(app, "list", is_list=True)
def list_officers(run: RunContext) -> None:
    """List all officers."""
    officers = run.call(queries.ListOfficers()).officers
    printer = run.printer
    printer.document(officers)
    printer.table(
        officers,
        "officer",
        ("name", "full_name"),
        ("roles", lambda card: printer.labels(card.roles)),
        ("provinces", lambda card: ", ".join(map(printer.province, card.provinces))),
    )


@command(app, "appoint")
def appoint(
    run: RunContext,
    name: Name,
    full_name: FullName,
    role: Roles,
    province: Provinces,
    new_password: NewPassword = False,
) -> None:
    """Request an officer's appointment, or another password; a second admin grants it.

    A new officer's password is asked for, or read from TAMDID_OFFICER_PASSWORD.
    """
    is_known = any(card.officer == name for card in run.call(queries.ListOfficers()).officers)
    password = read_password() if new_password or not is_known else None
    command = commands.AppointOfficer(
        **run.stamp(),
        officer=name,
        full_name=full_name,
        roles=tuple(dict.fromkeys(role)),
        provinces=tuple(dict.fromkeys(province)),
        password=SecretStr(password) if password else None,
    )
    report_request(run, command, "officer_appointed")


@command(app, "dismiss")
def dismiss(run: RunContext, name: Name) -> None:
    """Request that all roles are taken from an officer; a second admin grants it."""
    report_request(run, commands.DismissOfficer(**run.stamp(), officer=name), "officer_dismissed")


@command(app, "requests", is_list=True)
def list_requests(run: RunContext) -> None:
    """List what waits for a second admin's grant, who may grant it, and why you may not."""
    waiting = run.call(queries.ListOfficers()).requests
    printer = run.printer
    name_of = full_names.of_actors(run, (one.requested_by for one in waiting))
    printer.document(waiting)
    printer.table(
        waiting,
        ("officer_request", lambda one: str(one.request)[:SHORT]),
        "officer",
        ("name", "full_name"),
        ("roles", lambda one: printer.labels(one.roles) or printer.label("dismissal")),
        ("provinces", lambda one: ", ".join(map(printer.province, one.provinces))),
        ("password", lambda one: printer.label("new") if one.sets_credential else ""),
        ("requested_by", lambda one: name_of(one.requested_by)),
        ("granters", lambda one: ", ".join(one.granters)),
        ("hindrance", lambda one: printer.refusal(one.hindrance)),
    )


@command(app, "grant")
def grant(run: RunContext, request: Request) -> None:
    """Grant what another admin requested about an officer."""
    found = request_by_prefix(run, request)
    content = {"officer": found.officer, "request": found.request}
    granted = run.call(commands.GrantOfficerRequest.model_validate({**run.stamp(), **content}))
    run.printer.done(granted, "officer_appointed" if found.roles else "officer_dismissed", officer=found.officer)


@command(app, "decline")
def decline(run: RunContext, request: Request) -> None:
    """Decline what another admin requested about an officer, or take back what you requested yourself."""
    found = request_by_prefix(run, request)
    content = {"officer": found.officer, "request": found.request}
    declined = run.call(commands.DeclineOfficerRequest.model_validate({**run.stamp(), **content}))
    run.printer.done(declined, "officer_request_declined", officer=found.officer)


def report_request(run: RunContext, command: commands.AppointOfficer | commands.DismissOfficer, at_once: str) -> None:
    """Send a request; say whether it holds at once, or by whom it can be granted."""
    done = run.call(command)
    waiting = next((one for one in run.call(queries.ListOfficers()).requests if one.request == command.id), None)
    if waiting is None:
        run.printer.done(done, at_once, officer=command.officer)
        return
    granters = ", ".join(waiting.granters)
    sentence = "officer_request_sent" if granters else "officer_request_nobody"
    run.printer.done(done, sentence, request=str(command.id)[:SHORT], granters=granters)


def request_by_prefix(run: RunContext, prefix: str) -> answers.OfficerRequest:
    """The one open request whose id begins so."""
    waiting = run.call(queries.ListOfficers()).requests
    matches = [one for one in waiting if str(one.request).startswith(prefix.lower())]
    return only_match(matches, Reason.UNKNOWN_REQUEST, f"requests begin with {prefix!r}", "REQUEST")


def read_password() -> str:
    """A new officer's password, from the environment or typed twice."""
    return os.environ.get(PASSWORD_VARIABLE) or str(
        typer.prompt("The officer's password", hide_input=True, confirmation_prompt=True, err=True)
    )
