"""Inject faults for a while, and check that nothing was lost: `python -m tests.faults --minutes 3 [--seed N]`."""

import argparse
import math
import secrets
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.faults.run import Plan, Report, run
from tests.support.servers.server_handles import StartFailed
from tests.support.servers.servers import ServersMissing

SEEDS = 2**32
INTERRUPTED = 130
PIPE_WIDTH = 120
TICK_SECONDS = 1
FAULTS_A_MINUTE = 3
CLUSTER_QUIET_SECONDS = (0.5, 2.0)
CLUSTER_QUIESCENCE_SECONDS = 300
"""Containers start slower than processes."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.faults", description=__doc__)
    parser.add_argument("--minutes", type=float, default=3, help="how long faults are injected")
    parser.add_argument("--seed", type=int, default=None, help="which faults, and when")
    parser.add_argument("--members", type=int, default=4, help="how many renew at the same time")
    parser.add_argument("--on", choices=("processes", "cluster"), default="processes", help="what is hit")
    parser.add_argument("--logs", type=Path, default=None, help="a folder for the programs' logs")
    options = parser.parse_args(arguments)
    seed = secrets.randbelow(SEEDS) if options.seed is None else options.seed
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    console.print(f"Faults for {options.minutes:g} minutes; the same again with --seed {seed}", markup=False)
    try:
        plan = Plan(60 * options.minutes, seed, at_once=options.members, logs=options.logs)
        report = run_with_progress(in_cluster(plan) if options.on == "cluster" else plan, console)
    except KeyboardInterrupt:
        console.print("Interrupted: everything that was started is gone.", style="yellow")
        return INTERRUPTED
    except (ServersMissing, StartFailed) as error:
        console.print(f"{error}", style="bold red", markup=False)
        return 1
    print_report(report, console)
    return 1 if report.violations else 0


def in_cluster(plan: Plan) -> Plan:
    """The plan for the containers of docker-compose.cluster.yml."""
    from tests.faults.compose import faults, start  # noqa: PLC0415 - processes need no engine

    return replace(
        plan,
        at_least=math.ceil(FAULTS_A_MINUTE * plan.seconds / 60),
        kinds=faults.FAULTS,
        build=start.running,
        waits_until_back=True,
        quiet_seconds=CLUSTER_QUIET_SECONDS,
        quiescence_seconds=CLUSTER_QUIESCENCE_SECONDS,
    )


def run_with_progress(plan: Plan, console: Console) -> Report:
    """Run a plan behind a progress bar, or line by line without a terminal."""
    if not console.is_terminal:
        return run(plan, lambda text: console.print(text, markup=False))
    columns = (BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=plan.seconds)
        over = threading.Event()

        def tick() -> None:
            while not over.wait(TICK_SECONDS):
                progress.advance(task, TICK_SECONDS)

        def report_line(text: str) -> None:
            progress.update(task, description=text)

        threading.Thread(target=tick, daemon=True).start()
        try:
            return run(plan, report_line)
        finally:
            over.set()


def print_report(report: Report, console: Console) -> None:
    """Print the injected faults and the results."""
    done = Table(title="Injected faults", title_justify="left")
    for name in ("after", "fault", "what it hit"):
        done.add_column(name)
    for one in report.injected:
        done.add_row(f"{one.at:.0f} s", one.name, one.what)
    console.print(done)
    if any(one.back_seconds for one in report.injected):
        console.print(recoveries(report))
    found = Table(title="Results", title_justify="left", show_header=False)
    for row in findings(report):
        found.add_row(*row)
    console.print(found)
    for sentence in report.violations:
        console.print(f"Violated: {sentence}", style="bold red", markup=False)
    if not report.violations:
        console.print("Nothing was lost, and nothing happened twice.", style="bold green")


def recoveries(report: Report) -> Table:
    """By kind of fault, the longest time until everything was back."""
    table = Table(title="Longest time to recover", title_justify="left")
    for name in ("fault", "times", "pages and lanes back after its end", "without an answered command"):
        table.add_column(name, justify="left" if name == "fault" else "right")
    for kind in dict.fromkeys(one.name for one in report.injected):
        found = [one for one in report.injected if one.name == kind]
        back, silence = max(one.back_seconds for one in found), max(one.silence_seconds for one in found)
        table.add_row(kind, str(len(found)), f"{back:.1f} s", f"{silence:.1f} s")
    return table


def findings(report: Report) -> list[tuple[str, str]]:
    """The rows of the table of results."""
    completed = sum(one.is_completed for one in report.renewals)
    accepted = sum(len(one.accepted) for one in report.renewals)
    troubles = ", ".join(f"{count} × {what}" for what, count in report.seen.most_common() if what != "answered")
    return [
        ("renewals begun, completed", f"{len(report.renewals)}, {completed}"),
        ("commands answered, each in the log once", str(accepted)),
        ("commands retried, because of", troubles or "nothing"),
        ("longest time without any answer", f"{report.silence_seconds:.1f} s"),
        ("events in the logs", ", ".join(f"{count} of {source}" for source, count in report.events.items())),
        ("programs restarted", counted(report.restarts)),
        ("of these, crashed", counted(report.crashes)),
        ("quiescent after the last fault", f"{report.quiescence_seconds:.1f} s"),
        ("violated invariants", str(len(report.violations))),
    ]


def counted(programs: dict[str, int]) -> str:
    return ", ".join(f"{count} × {program}" for program, count in sorted(programs.items()) if count) or "none"


def interrupt(_signal: int, _frame: object) -> NoReturn:
    """Exit in order, so that everything that was started is stopped."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupt)
    sys.exit(main())
