"""`tamdid capacity rebuild`: starts it, shows how far it is, and cancels it at Ctrl-C."""

from typing import Annotated

import typer

from clients.admin import exit_codes
from clients.admin.context import ProgressBar, RunContext, interruptible, progress_bar
from clients.admin.output import Printer
from shared.contract.capacity import answers, commands, queries
from shared.contract.refusals import Reason

POLL_SECONDS = 0.5
"""Between two queries of its progress."""
SILENCES_MAX = 20
"""Queries in a row that may have no answer: the rebuild goes on while this program is cut off."""
EXITS = {"cancelled": exit_codes.INTERRUPTED, "failed": exit_codes.FAILED, "lost": exit_codes.FAILED}


Check = Annotated[bool, typer.Option("--check", help="Only compare; exit code 1 where something differs.")]
Cancel = Annotated[bool, typer.Option("--cancel", help="Cancel the one that runs.")]


def rebuild(run: RunContext, check: Check = False, cancel: Cancel = False) -> None:
    """Read all events again beside what is shown now, compare, and switch. Ctrl-C cancels, and leaves all as it was."""
    started = send_cancel(run) if cancel else run.call(commands.RebuildCapacity(**run.stamp(), check=check))
    ended = wait_for_end(run, started)
    run.printer.document(ended)
    show_rebuild(run.printer, ended)
    code = exit_codes.REFUSED if ended.check and ended.differences else exit_codes.DONE
    code = EXITS.get(ended.status, code) if not (cancel and ended.status == "cancelled") else exit_codes.DONE
    if code != exit_codes.DONE:
        raise typer.Exit(code)


def send_cancel(run: RunContext) -> answers.Rebuild:
    return run.call(commands.CancelRebuild(**run.stamp()))


def wait_for_end(run: RunContext, rebuild: answers.Rebuild) -> answers.Rebuild:
    """Follow the rebuild until it has ended; Ctrl-C cancels it, a second one leaves it alone."""
    is_cancelled = False
    with progress_bar(run) as update_bar, interruptible() as is_interrupted:
        while rebuild.status == "running":
            show_progress(run.printer, update_bar, rebuild)
            if is_interrupted() and not is_cancelled:
                is_cancelled = True
                rebuild = send_cancel(run)
            else:
                run.environment.sleep(POLL_SECONDS)
                rebuild = read_progress(run)
    return rebuild


def read_progress(run: RunContext) -> answers.Rebuild:
    """How far it is; a service that is busy, or restarts, is queried again."""
    for _ in range(SILENCES_MAX):
        rebuild = run.call_unless({Reason.NO_ANSWER}, queries.GetRebuild())
        if rebuild is not None:
            return rebuild
        run.environment.sleep(POLL_SECONDS)
    return run.call(queries.GetRebuild())


def show_progress(printer: Printer, update_bar: ProgressBar, rebuild: answers.Rebuild) -> None:
    counts = (rebuild.events, rebuild.events_total), (rebuild.members, rebuild.members_total)
    completed, total = counts[rebuild.phase != "reading"]
    update_bar(description=printer.label(rebuild.phase), completed=completed, total=total or None)


def show_rebuild(printer: Printer, rebuild: answers.Rebuild) -> None:
    if rebuild.status == "none":
        printer.line(printer.text("no_rebuild"))
        return
    if rebuild.error:
        printer.note(rebuild.error)
    printer.table(rebuild.first_differences, "table", "key", ("problem", "kind"))
    printer.line(
        printer.text(
            "rebuild_result",
            status=rebuild.status,
            events=rebuild.events,
            members=rebuild.members_total,
            differences=sum(rebuild.differences.values()),
        )
    )
