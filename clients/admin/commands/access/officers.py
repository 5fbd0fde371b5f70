"""`tamdid officers`: who may do what, in which provinces."""

import os
from typing import Annotated

import typer
from pydantic import SecretStr

from clients.admin.arguments import Provinces, Request, open_request
from clients.admin.commands.access import second_admin
from clients.admin.context import RunContext, command
from shared.contract.auth import commands, queries
from shared.contract.values import Role

app = typer.Typer(help="Officers, their roles and provinces.", no_args_is_help=True)
PASSWORD_VARIABLE = "TAMDID_OFFICER_PASSWORD"  # noqa: S105 - where a password is, not one
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with, such as maryam.")]
FullName = Annotated[str, typer.Option("--full-name", help="As colleagues and members read it.")]
Roles = Annotated[list[Role], typer.Option("--role", help="May be given several times; replaces earlier roles.")]
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
    waiting, printer = run.call(queries.ListOfficers()).requests, run.printer
    second_admin.show_waiting(
        run,
        waiting,
        "officer",
        ("name", "full_name"),
        ("roles", lambda one: printer.labels(one.roles) or printer.label("dismissal")),
        ("provinces", lambda one: ", ".join(map(printer.province, one.provinces))),
        ("password", lambda one: printer.label("new") if one.sets_credential else ""),
    )


@command(app, "grant")
def grant(run: RunContext, request: Request) -> None:
    """Grant what another admin requested about an officer."""
    found = open_request(run.call(queries.ListOfficers()).requests, request)
    effect = "officer_appointed" if found.roles else "officer_dismissed"
    second_admin.decide(run, commands.GrantOfficerRequest, found, effect)


@command(app, "decline")
def decline(run: RunContext, request: Request) -> None:
    """Decline what another admin requested about an officer, or take back what you requested yourself."""
    found = open_request(run.call(queries.ListOfficers()).requests, request)
    second_admin.decide(run, commands.DeclineOfficerRequest, found, "request_declined")


def report_request(run: RunContext, command: commands.AppointOfficer | commands.DismissOfficer, at_once: str) -> None:
    """Send a request; say whether it holds at once, or by whom it can be granted."""
    done = run.call(command)
    waiting = run.call(queries.ListOfficers()).requests
    if any(one.request == command.id for one in waiting):
        second_admin.report(run, done, command.id, waiting, "officers")
    else:
        run.printer.done(done, at_once, officer=command.officer)


def read_password() -> str:
    """A new officer's password, from the environment or typed twice."""
    return os.environ.get(PASSWORD_VARIABLE) or str(
        typer.prompt("The officer's password", hide_input=True, confirmation_prompt=True, err=True)
    )
