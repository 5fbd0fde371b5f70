"""`tamdid projections`: which rows the services make of their logs, whether they are what the logs give, and making them again."""

from typing import Annotated

import typer

from clients.admin import exit_codes
from clients.admin.arguments import one_of
from clients.admin.context import ProgressBar, RunContext, command, interruptible, progress_bar
from clients.admin.output import Printer
from shared.contract.operations import commands, queries, rebuild_answers
from shared.contract.refusals import Reason
from shared.services import WITH_MEMBERS

POLL_SECONDS = 0.5
"""Between two queries of its progress."""
SILENCES_MAX = 20
"""Queries in a row that may have no answer: the rebuild goes on while this program is cut off."""
EXITS = {"cancelled": exit_codes.INTERRUPTED, "failed": exit_codes.FAILED, "lost": exit_codes.FAILED}

app = typer.Typer(help="Rows that the services make of their logs.", no_args_is_help=True)


Service = Annotated[str, typer.Argument(metavar="SERVICE", parser=one_of(WITH_MEMBERS), help="Whose rows.")]
Cancel = Annotated[bool, typer.Option("--cancel", help="Cancel the one that runs.")]


@command(app, "list", is_list=True)
def list_projections(run: RunContext) -> None:
    """List the tables of each service, the logs that they are made of, and how the last check or rebuild has ended."""
    found = {service: run.call(queries.GetProjections(), service) for service in WITH_MEMBERS}
    printer = run.printer
    printer.document([{"service": service, **one.model_dump(mode="json")} for service, one in found.items()])
    printer.table(
        found.items(),
        ("service", lambda row: row[0]),
        ("tables", lambda row: " ".join(row[1].tables)),
        ("sources", lambda row: " ".join(row[1].sources)),
        ("last_rebuild", lambda row: last_rebuild(printer, row[1].rebuild)),
    )


def last_rebuild(printer: Printer, rebuild: rebuild_answers.Rebuild) -> str:
    if rebuild.started_at is None:
        return ""
    return f"{printer.instant(rebuild.ended_at or rebuild.started_at)} {printer.label(rebuild.status)}"


@command(app, "check")
def check(run: RunContext, service: Service) -> None:
    """Make the rows again beside those that are shown, and compare. Exit code 1 where something differs; Ctrl-C cancels."""
    watch(run, service, run.call(commands.RebuildProjections(**run.stamp(), check=True), service))


@command(app, "rebuild")
def rebuild(run: RunContext, service: Service, cancel: Cancel = False) -> None:
    """Make the rows again, compare, and replace those that differ. Ctrl-C cancels, and leaves all as it was."""
    if cancel:
        watch(run, service, send_cancel(run, service), is_cancelling=True)
    else:
        watch(run, service, run.call(commands.RebuildProjections(**run.stamp()), service))


def send_cancel(run: RunContext, service: str) -> rebuild_answers.Rebuild:
    return run.call(commands.CancelRebuild(**run.stamp()), service)


def watch(run: RunContext, service: str, started: rebuild_answers.Rebuild, *, is_cancelling: bool = False) -> None:
    """Follow a rebuild to its end, and show what it has found; the exit code says how it ended."""
    ended = wait_for_end(run, service, started)
    run.printer.document(ended)
    show_rebuild(run.printer, ended)
    code = exit_codes.REFUSED if ended.check and ended.differences else exit_codes.DONE
    code = EXITS.get(ended.status, code) if not (is_cancelling and ended.status == "cancelled") else exit_codes.DONE
    if code != exit_codes.DONE:
        raise typer.Exit(code)


def wait_for_end(run: RunContext, service: str, rebuild: rebuild_answers.Rebuild) -> rebuild_answers.Rebuild:
    """Wait until it has ended; Ctrl-C cancels it, a second one leaves it alone."""
    is_cancelled = False
    with progress_bar(run) as update_bar, interruptible() as is_interrupted:
        while rebuild.status == "running":
            show_progress(run.printer, update_bar, rebuild)
            if is_interrupted() and not is_cancelled:
                is_cancelled = True
                rebuild = send_cancel(run, service)
            else:
                run.environment.sleep(POLL_SECONDS)
                rebuild = read_progress(run, service)
    return rebuild


def read_progress(run: RunContext, service: str) -> rebuild_answers.Rebuild:
    """How far it is; a service that is busy, or restarts, is queried again."""
    for _ in range(SILENCES_MAX):
        rebuild = run.call_unless({Reason.NO_ANSWER}, queries.GetRebuild(), service)
        if rebuild is not None:
            return rebuild
        run.environment.sleep(POLL_SECONDS)
    return run.call(queries.GetRebuild(), service)


def show_progress(printer: Printer, update_bar: ProgressBar, rebuild: rebuild_answers.Rebuild) -> None:
    update_bar(description=printer.label(rebuild.phase), completed=rebuild.done, total=rebuild.total or None)


def show_rebuild(printer: Printer, rebuild: rebuild_answers.Rebuild) -> None:
    if rebuild.status == "none":
        printer.line(printer.text("no_rebuild"))
        return
    if rebuild.error:
        printer.note(rebuild.error)
    printer.table(rebuild.first_differences, "table", "key", ("problem", "kind"))
    counts = {"events": rebuild.events, "differences": sum(rebuild.differences.values())}
    printer.line(printer.text("rebuild_result", status=rebuild.status, **counts))
