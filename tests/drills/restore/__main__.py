"""Restore payment's database, and then renewal's, to a moment under load: `python -m tests.drills.restore --members 50000`."""

import argparse
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from rich.console import Console
from rich.table import Table

from tests.drills.restore.command_line import CommandFailed
from tests.drills.restore.drill import FULL, RPO_GOAL, RTO_GOAL, SHORT, Report, Restored, run
from tests.faults.__main__ import INTERRUPTED, PIPE_WIDTH, interrupt
from tests.support.servers.archived_postgres import BackupFailed
from tests.support.servers.server_handles import StartFailed
from tests.support.servers.servers import ServersMissing


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.drills.restore", description=__doc__)
    parser.add_argument("--members", type=int, default=FULL.members, help="how many have renewed before")
    parser.add_argument("--short", action="store_true", help="payment's alone, and seconds instead of minutes")
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    plan = replace(SHORT if options.short else FULL, members=options.members)
    try:
        with console.status("") as status:
            report = run(plan, reporter(console, status.update))
    except KeyboardInterrupt:
        console.print("Interrupted: everything that was started is gone.", style="yellow")
        return INTERRUPTED
    except (ServersMissing, StartFailed, BackupFailed, CommandFailed, TimeoutError, AssertionError) as error:
        console.print(f"{type(error).__name__}: {error}", style="bold red", markup=False)
        return 1
    print_report(report, console)
    return 1 if report.violations else 0


def reporter(console: Console, update: Callable[[str], None]) -> Callable[[str], None]:
    """Show the present step with the time since the beginning; line by line without a terminal."""
    began = time.monotonic()

    def report_line(text: str) -> None:
        line = f"{time.monotonic() - began:6.0f} s  {text}"
        if console.is_terminal:
            update(line)
        else:
            console.print(line, markup=False, soft_wrap=True)

    return report_line


def print_report(report: Report, console: Console) -> None:
    """Print what each restore took, lost and left, and the violated promises."""
    table = Table(title=f"Restore drill with {report.members:,} members", title_justify="left")
    table.add_column("")
    for one in report.restored:
        table.add_column(f"{one.service}'s database")
    for name, cells in rows(report.restored):
        table.add_row(name, *cells)
    console.print(table)
    for one in report.restored:
        for alarm in one.alarms:
            console.print(alarm, markup=False, soft_wrap=True)
        console.print(one.shown, markup=False, soft_wrap=True)
    for sentence in report.violations:
        console.print(f"Violated: {sentence}", style="bold red", markup=False)
    if not report.violations:
        console.print("Nothing differs that is not before a person.", style="bold green")


def rows(restored: list[Restored]) -> list[tuple[str, list[str]]]:
    """The table's rows, a cell for each restore."""

    def row(name: str, cell: Callable[[Restored], object]) -> tuple[str, list[str]]:
        return name, [str(cell(one)) for one in restored]

    return [
        row(f"RPO: lost where the server's disk is (goal: at most {minutes(RPO_GOAL)})", lambda one: seconds(one.rpo)),
        row(
            f"RTO: from the kill until everybody is ready (goal: at most {minutes(RTO_GOAL)})",
            lambda one: seconds(one.rto),
        ),
        *((f"  until {step}", [f"{one.steps[step]:.1f} s" for one in restored]) for step in restored[0].steps),
        row("restored to a moment before the kill, by choice", lambda one: seconds(one.back)),
        row("events of its log taken back with that", lambda one: one.lost_events),
        row("answered commands among them", lambda one: one.lost_commands),
        row("attempts open at the moment, asked about again", lambda one: one.inquired_again),
        row("rials at the bank", lambda one: f"{one.money.at_bank:,}"),
        row("rials with us", lambda one: f"{one.money.with_us:,}"),
        row("rials in cases of finance", lambda one: f"{one.money.in_cases:,}"),
        row("difference", lambda one: one.money.difference),
        row("cases before a person", lambda one: one.cases),
    ]


def seconds(interval: timedelta) -> str:
    return f"{interval.total_seconds():.1f} s"


def minutes(interval: timedelta) -> str:
    return f"{interval.total_seconds() / 60:g} min"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupt)
    sys.exit(main())
