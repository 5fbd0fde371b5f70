"""`tamdid log verify`: check the event logs of the services for holes and invalid events."""

from collections.abc import Sequence
from typing import Annotated

import typer

from clients.admin import exit_codes
from clients.admin.arguments import AsJson
from clients.admin.commands.operations.events import Service
from clients.admin.commands.operations.log_verification import Ids, Verification
from clients.admin.context import ProgressBar, RunContext, progress_bar, run_context
from clients.admin.output import Printer
from shared.contract.operations import queries
from shared.contract.refusals import Reason, Refused

app = typer.Typer(help="The services' logs.", no_args_is_help=True)


@app.callback()
def about() -> None:
    """The services' logs."""


@app.command()
def verify(
    context: typer.Context,
    service: Annotated[list[Service] | None, typer.Option(help="Whose; by default everybody's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read whole logs: no position missing, versions in a row, each event of its class, each id once; else exit code 1."""
    run = run_context(context, as_json)
    chosen = tuple(dict.fromkeys(service or Service))
    heads = {name: head for name in chosen if (head := head_of(run, name)) is not None}
    with Ids() as ids, progress_bar(run, total=sum(heads.values())) as bar:
        found = [verified(run, Verification(name, ids), head, bar) for name, head in heads.items()]
    show(run.printer, found)
    if any(one.counts for one in found):
        raise typer.Exit(exit_codes.REFUSED)
    if len(heads) < len(chosen):
        raise typer.Exit(exit_codes.NO_ANSWER)


def head_of(run: RunContext, service: Service) -> int | None:
    """The position up to which a log is verified; None where the service does not answer."""
    try:
        return run.call(queries.ReadEvents(after=0, limit=1), service=service).head
    except Refused as refusal:
        if refusal.reason is not Reason.NO_ANSWER:
            raise
        sentence = run.sentence(refusal)
        run.printer.note(f"{service}: {sentence}", f"{service}: {sentence}")
        return None


def verified(run: RunContext, verification: Verification, head: int, bar: ProgressBar) -> Verification:
    """Read a log up to its head, whatever is wrong in it."""
    while (after := verification.position) < head:
        page = run.call(queries.ReadEvents(after=after), service=verification.service).events
        verification.take(page)
        bar.advance(len(page))
        if verification.position == after:
            break  # nothing came, or nothing that goes on from here
    verification.end(head)
    return verification


def show(printer: Printer, found: Sequence[Verification]) -> None:
    """What is wrong, and how much was looked at."""
    named = [problem for one in found for problem in one.problems]
    if printer.as_json:
        logs = {one.service: {"events": one.events, "head": one.position, "problems": one.counts} for one in found}
        printer.json({"logs": logs, "problems": [problem._asdict() for problem in named]})
        return
    rows = ((one.service, str(one.position), printer.label(one.code), one.detail) for one in named)
    printer.table(("service", "position", "problem", "detail"), rows)
    for one in found:
        events, problems = printer.number(one.events), printer.number(one.counts.total())
        printer.line(
            printer.pick(
                f"{one.service}: {events} رویداد، {problems} اشکال",
                f"{one.service}: {events} events, {problems} problems",
            )
        )
