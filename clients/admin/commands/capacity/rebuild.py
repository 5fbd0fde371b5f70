"""`tamdid capacity rebuild`: starts it, shows how far it is, and cancels it at Ctrl-C."""

from typing import Annotated

import typer

from clients.admin import exit_codes
from clients.admin.arguments import AsJson
from clients.admin.context import ProgressBar, RunContext, interruptible, progress_bar, run_context
from clients.admin.output import Printer
from shared.contract.capacity import answers, commands, queries
from shared.contract.refusals import Reason, Refused

LOOK_SECONDS = 0.5
"""Between two questions of how far it is."""
SILENCES_MAX = 20
"""Questions in a row that may stay without an answer: the rebuild goes on while the program that asks is cut off."""
EXITS = {"cancelled": exit_codes.INTERRUPTED, "failed": exit_codes.FAILED, "lost": exit_codes.FAILED}


def rebuild(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Only compare; exit code 1 where something differs.")] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Cancel the one that runs.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read all events again beside what is shown now, compare, and switch. Ctrl-C cancels, and leaves all as it was."""
    run = run_context(context, as_json)
    if cancel:
        found = until_it_ends(run, send_cancel(run))
    else:
        command = commands.RebuildCapacity(**run.stamp(), check=check)
        found = until_it_ends(run, run.call(command))
    show(run.printer, found)
    code = exit_codes.REFUSED if found.check and found.differences else exit_codes.DONE
    code = EXITS.get(found.status, code) if not (cancel and found.status == "cancelled") else exit_codes.DONE
    if code != exit_codes.DONE:
        raise typer.Exit(code)


def send_cancel(run: RunContext) -> answers.Rebuild:
    return run.call(commands.CancelRebuild(**run.stamp()))


def until_it_ends(run: RunContext, found: answers.Rebuild) -> answers.Rebuild:
    """Look at the rebuild until it has ended; Ctrl-C cancels it, a second one leaves it alone."""
    is_cancelled = False
    with progress_bar(run) as bar, interruptible() as is_interrupted:
        while found.status == "running":
            show_progress(run.printer, bar, found)
            if is_interrupted() and not is_cancelled:
                is_cancelled = True
                found = send_cancel(run)
            else:
                run.environment.sleep(LOOK_SECONDS)
                found = look(run)
    return found


def look(run: RunContext) -> answers.Rebuild:
    """How far it is; a service that is busy, or on its way back, is asked again."""
    for _ in range(SILENCES_MAX):
        try:
            return run.call(queries.GetRebuild())
        except Refused as refusal:
            if refusal.reason is not Reason.NO_ANSWER:
                raise
        run.environment.sleep(LOOK_SECONDS)
    return run.call(queries.GetRebuild())


def show_progress(printer: Printer, bar: ProgressBar, found: answers.Rebuild) -> None:
    by_events = found.phase == "reading"
    done, total = (found.events, found.events_total) if by_events else (found.members, found.members_total)
    bar.show(printer.label(found.phase), done, total)


def show(printer: Printer, found: answers.Rebuild) -> None:
    if printer.as_json:
        printer.json(found)
        return
    if found.status == "none":
        printer.line(printer.pick("بازسازی‌ای ثبت نشده است.", "There was no rebuild."))
        return
    if found.error:
        printer.note(found.error, found.error)
    rows = ((one.table, one.key, printer.label(one.kind)) for one in found.first_differences)
    printer.table(("table", "key", "problem"), rows)
    events, members, differences = map(
        printer.number, (found.events, found.members_total, sum(found.differences.values()))
    )
    told = printer.pick(
        f"{events} رویداد، {members} عضو، {differences} تفاوت",
        f"{events} events, {members} members, {differences} differences",
    )
    printer.line(f"{printer.label(found.status)}: {told}")
