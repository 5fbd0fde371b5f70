"""`tamdid broker`: whether the broker has what the programs need, and accounts for followers of others."""

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from clients.admin import exit_codes
from clients.admin.context import RunContext, command
from clients.admin.output import Printer
from shared.services import SOURCES

if TYPE_CHECKING:
    from clients.admin.commands.operations.broker_topology import Problem

app = typer.Typer(help="The message broker.", no_args_is_help=True)
NEEDS_ADMINISTRATOR: tuple[str, ...] = ("permission",)
NEEDS_MANAGEMENT: tuple[str, ...] = ("binding", "argument", "type", "orphan_queue", *NEEDS_ADMINISTRATOR)
"""What AMQP itself cannot check."""
Management = Annotated[
    str | None,
    typer.Option(
        envvar="TAMDID_MANAGEMENT",
        help="RabbitMQ's management API, such as http://user:password@broker:15672; "
        "without it only missing exchanges and queues are found.",
    ),
]

Administrator = Annotated[
    str,
    typer.Option(
        "--management",
        envvar="TAMDID_MANAGEMENT",
        help="RabbitMQ's management API as an administrator, such as https://user:password@broker:15671.",
    ),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's name, and that of its nameko service.")]
Follow = Annotated[
    list[str], typer.Option("--follow", help=f"Whose events: {', '.join(SOURCES)}; may be given several times.")
]


@command(app, "grant")
def grant(run: RunContext, name: Name, follow: Follow, management: Administrator) -> None:
    """Make an account for a follower of others, or give it other services with a new secret; print the secret."""
    from clients.admin.commands.operations import broker_followers  # noqa: PLC0415 - a command loads only the way it goes

    broker_followers.grant(run, name, follow, management)


@command(app, "revoke")
def revoke(run: RunContext, name: Name, management: Administrator) -> None:
    """Delete a follower's account with its connections and queues."""
    from clients.admin.commands.operations import broker_followers  # noqa: PLC0415 - a command loads only the way it goes

    broker_followers.revoke(run, name, management)


@command(app, "check")
def check(run: RunContext, management: Management = None) -> None:
    """Compare the broker (--server amqp://…) with what the programs declare; exit code 1 where something is wrong."""
    from clients.admin.commands.operations import broker_topology  # noqa: PLC0415 - a command loads only the way it goes
    from clients.admin.transport import amqp  # noqa: PLC0415 - a command loads only the way it goes
    from shared.messaging import topology  # noqa: PLC0415 - it loads kombu, which no other command needs

    if not urlsplit(run.url).scheme.startswith("amqp"):
        raise typer.BadParameter(
            "the broker itself is needed, such as amqp://user:password@broker/tamdid", param_hint="--server"
        )
    needed = topology.needed()
    silence = None if management else run.printer.text("no_management")
    unchecked = () if management else NEEDS_MANAGEMENT
    with amqp.no_answer_errors("the broker"):
        problems = broker_topology.missing(run.url, needed)
    if management:
        try:
            declared = broker_topology.read_declared(management, broker_topology.vhost_of(run.url))
            problems = broker_topology.compare(needed, declared)
            if declared.permissions is None:
                silence, unchecked = run.printer.text("no_administrator"), NEEDS_ADMINISTRATOR
        except broker_topology.ManagementSilent as error:
            silence, unchecked = str(error), NEEDS_MANAGEMENT
    show_problems(run.printer, problems, silence, unchecked)
    if problems:
        raise typer.Exit(exit_codes.REFUSED)


def show_problems(printer: Printer, problems: "list[Problem]", silence: str | None, unchecked: tuple[str, ...]) -> None:
    """The problems, and what could not be checked."""
    printer.document({"problems": [problem._asdict() for problem in problems], "not_checked": unchecked})
    printer.table(problems, ("problem", "kind"), "what", "name", "detail")
    if not problems:
        printer.line(printer.text("broker_misses_nothing" if silence else "broker_is_right"))
    if silence:
        printer.warn(printer.text("not_checked", silence=silence, unchecked=printer.labels(unchecked)))
