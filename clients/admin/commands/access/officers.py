"""`tamdid officers`: who may do what, in which provinces."""

import os
from typing import Annotated

import typer
from pydantic import SecretStr

from clients.admin.arguments import province_key
from clients.admin.context import RunContext, command
from shared.contract.auth import commands, queries
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
NewPassword = Annotated[bool, typer.Option("--new-password", help="Set a password again.")]


@command(app, "list")
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
    """Appoint an officer, or change one; a new officer's password is asked for, or read from TAMDID_OFFICER_PASSWORD."""
    is_known = any(card.officer == name for card in run.call(queries.ListOfficers()).officers)
    password = read_password() if new_password or not is_known else None
    appointed = run.call(
        commands.AppointOfficer(
            **run.stamp(),
            officer=name,
            full_name=full_name,
            roles=tuple(dict.fromkeys(role)),
            provinces=tuple(dict.fromkeys(province)),
            password=SecretStr(password) if password else None,
        )
    )
    run.printer.done(appointed, "officer_appointed", officer=name)


@command(app, "dismiss")
def dismiss(run: RunContext, name: Name) -> None:
    """Take all roles from an officer, and end the officer's sessions."""
    dismissed = run.call(commands.DismissOfficer(**run.stamp(), officer=name))
    run.printer.done(dismissed, "officer_dismissed", officer=name)


def read_password() -> str:
    """A new officer's password, from the environment or typed twice."""
    return os.environ.get(PASSWORD_VARIABLE) or str(
        typer.prompt("The officer's password", hide_input=True, confirmation_prompt=True, err=True)
    )
