"""`tamdid officers`: who may do what, in which provinces."""

import os
from typing import Annotated

import typer
from pydantic import SecretStr

from clients.admin.arguments import AsJson, province_key
from clients.admin.context import RunContext, run_context
from shared.contract import base
from shared.contract.auth import commands, queries
from shared.contract.values import Role

app = typer.Typer(help="Officers, their roles and provinces.", no_args_is_help=True)
PASSWORD_VARIABLE = "TAMDID_OFFICER_PASSWORD"  # noqa: S105 - where a password is, not one
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with, such as maryam.")]
Roles = Annotated[list[Role], typer.Option("--role", help="May be given several times; replaces earlier roles.")]
Provinces = Annotated[
    list[str],
    typer.Option("--province", help="May be given several times; replaces earlier ones.", parser=province_key),
]


@app.command("list")
def list_officers(context: typer.Context, as_json: AsJson = False) -> None:
    """List all officers."""
    run = run_context(context, as_json)
    officers = run.call(queries.ListOfficers()).officers
    printer = run.printer
    if as_json:
        printer.json(officers)
        return
    rows = (
        (card.officer, card.full_name, printer.words(card.roles), ", ".join(map(printer.province, card.provinces)))
        for card in officers
    )
    printer.table(("officer", "name", "roles", "provinces"), rows)


@app.command()
def appoint(
    context: typer.Context,
    name: Name,
    full_name: Annotated[str, typer.Option("--full-name", help="As colleagues and members read it.")],
    role: Roles,
    province: Provinces,
    new_password: Annotated[bool, typer.Option("--new-password", help="Set a password again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Appoint an officer, or change one; a new officer's password is asked for, or read from TAMDID_OFFICER_PASSWORD."""
    run = run_context(context, as_json)
    is_known = any(card.officer == name for card in run.call(queries.ListOfficers()).officers)
    password = ask_password() if new_password or not is_known else None
    command = commands.AppointOfficer(
        **run.stamp(),
        officer=name,
        full_name=full_name,
        roles=tuple(dict.fromkeys(role)),
        provinces=tuple(dict.fromkeys(province)),
        password=SecretStr(password) if password else None,
    )
    done(run, run.call(command), name, ("منصوب شد", "appointed"))


@app.command()
def dismiss(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Take all roles from an officer, and end the officer's sessions."""
    run = run_context(context, as_json)
    command = commands.DismissOfficer(**run.stamp(), officer=name)
    done(run, run.call(command), name, ("برکنار شد", "dismissed"))


def done(run: RunContext, answer: base.Done, name: str, what: tuple[str, str]) -> None:
    if run.printer.as_json:
        run.printer.json(answer)
    else:
        run.printer.line(f"{name}: {run.printer.pick(*what)}")


def ask_password() -> str:
    return os.environ.get(PASSWORD_VARIABLE) or str(
        typer.prompt("The officer's password", hide_input=True, confirmation_prompt=True, err=True)
    )
