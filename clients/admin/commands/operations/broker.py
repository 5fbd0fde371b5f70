"""`tamdid broker check`: whether the broker has the exchanges, queues and bindings that the programs need."""

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from clients.admin import exit_codes
from clients.admin.arguments import AsJson
from clients.admin.context import run_context
from clients.admin.output import Printer

if TYPE_CHECKING:
    from clients.admin.commands.operations.broker_topology import Problem

app = typer.Typer(help="The message broker.", no_args_is_help=True)
NEEDS_MANAGEMENT = ("binding", "argument", "type", "orphan_queue")
"""What AMQP itself does not tell."""


@app.callback()
def about() -> None:
    """The message broker."""


@app.command()
def check(
    context: typer.Context,
    management: Annotated[
        str | None,
        typer.Option(
            envvar="TAMDID_MANAGEMENT",
            help="RabbitMQ's management API, such as http://user:password@broker:15672; "
            "without it only missing exchanges and queues are found.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare the broker (--server amqp://…) with what the programs declare; exit code 1 where something is wrong."""
    from clients.admin.commands.operations import broker_topology  # noqa: PLC0415 - a command loads only the way it goes
    from clients.admin.transport import amqp  # noqa: PLC0415 - a command loads only the way it goes
    from shared.messaging import topology  # noqa: PLC0415 - it loads kombu, which no other command needs

    run = run_context(context, as_json)
    if not urlsplit(run.url).scheme.startswith("amqp"):
        raise typer.BadParameter(
            "the broker itself is needed, such as amqp://user:password@broker/tamdid", param_hint="--server"
        )
    needed = topology.needed()
    silence = None if management else run.printer.pick("--management داده نشده است", "no --management is given")
    with amqp.speaking_plainly("the broker"):
        problems = broker_topology.missing(run.url, needed)
    if management:
        try:
            problems = broker_topology.compare(
                needed, broker_topology.look(management, broker_topology.vhost_of(run.url))
            )
        except broker_topology.ManagementSilent as error:
            silence = str(error)
    show(run.printer, problems, silence)
    if problems:
        raise typer.Exit(exit_codes.REFUSED)


def show(printer: Printer, problems: "list[Problem]", silence: str | None) -> None:
    """The problems, and what could not be looked at."""
    if printer.as_json:
        unchecked = NEEDS_MANAGEMENT if silence else ()
        printer.json({"problems": [problem._asdict() for problem in problems], "not_checked": unchecked})
    elif problems:
        rows = ((printer.label(one.kind), printer.label(one.what), one.name, one.detail) for one in problems)
        printer.table(("problem", "what", "name", "detail"), rows)
    elif silence:
        printer.line(printer.pick("چیزی کم نیست.", "Nothing is missing."))
    else:
        printer.line(printer.pick("همه‌چیز چنان است که باید.", "Everything is as it should be."))
    if silence:
        printer.note(
            f"بررسی نشد ({silence}): {printer.words(NEEDS_MANAGEMENT)}",
            f"Not checked ({silence}): {printer.words(NEEDS_MANAGEMENT)}",
        )
