"""Upgrade a release to the present version under load, and go back: `python -m tests.drills.upgrade --rate 2`."""

import argparse
import signal
import sys
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.drills.upgrade.copies import CommandFailed
from tests.drills.upgrade.release import ReleaseMissing
from tests.drills.upgrade.run import RELEASE, Plan, Report, run
from tests.support.servers.server_handles import StartFailed
from tests.support.servers.servers import ServersMissing

INTERRUPTED = 130
PIPE_WIDTH = 140
OTHER_LINES = 10
"""That a run reports beside one for each copy that is replaced."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.drills.upgrade", description=__doc__)
    parser.add_argument("--rate", type=float, default=Plan.rate, help="renewals that begin each second")
    parser.add_argument("--logs", type=Path, default=None, help="a folder for the programs' logs")
    options = parser.parse_args(arguments)
    plan = Plan(rate=options.rate, logs=options.logs)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    console.print(
        f"From version {RELEASE} to the present one and back, under {plan.rate:g} renewals a second", markup=False
    )
    try:
        report = run_with_progress(plan, console)
    except KeyboardInterrupt:
        console.print("Interrupted: everything that was started is gone.", style="yellow")
        return INTERRUPTED
    except (ServersMissing, StartFailed, ReleaseMissing, CommandFailed) as error:
        console.print("\n".join([str(error), *getattr(error, "__notes__", ())]), style="bold red", markup=False)
        return 1
    print_report(report, console)
    return 1 if report.violations or report.failures else 0


def run_with_progress(plan: Plan, console: Console) -> Report:
    """Run a plan behind a progress bar, or line by line without a terminal."""
    if not console.is_terminal:
        return run(plan, lambda text: console.print(text, markup=False))
    columns = (BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=2 * 2 * len(plan.replaced) + OTHER_LINES)

        def report_line(text: str) -> None:
            progress.update(task, description=text, advance=1)

        return run(plan, report_line)


def print_report(report: Report, console: Console) -> None:
    """Print each step with what its clients saw, and the results."""
    steps = Table(title="Steps", title_justify="left")
    steps.add_column("step")
    steps.add_column("live at its end")
    for name in ("seconds", "requests", "failed", "sent again", "p95", "p95 / before"):
        steps.add_column(name, justify="right")
    before = report.steps[0].figures.p95_seconds
    for step in report.steps:
        one = step.figures
        ratio = f"{one.p95_seconds / before:.2f}" if before else "–"
        numbers = (
            f"{step.seconds:.0f}",
            one.requests,
            one.failures.total(),
            one.sent_again,
            f"{one.p95_seconds * 1000:.0f} ms",
            ratio,
        )
        steps.add_row(step.name, step.live, *map(str, numbers))
    console.print(steps)
    results = Table(title="Results", title_justify="left", show_header=False)
    for row in results_of(report):
        results.add_row(*row)
    console.print(results)
    for step in report.steps:
        for failure, count in step.figures.failures.items():
            console.print(f"Failed during {step.name}: {count} × {failure}", style="bold red", markup=False)
    for sentence in report.violations:
        console.print(f"Violated: {sentence}", style="bold red", markup=False)
    if not report.violations and not report.failures:
        console.print(
            f"Upgraded {RELEASE} and back: 0 failed requests, 0 events lost or doubled, every projection equal to its replay.",
            style="bold green",
        )


def results_of(report: Report) -> list[tuple[str, str]]:
    """The rows of the table of results."""
    figures = [step.figures for step in report.steps]
    return [
        (f"the lock of {RELEASE} against the packages it ran with", report.packages),
        ("renewals begun, completed", f"{report.renewals}, {report.completed}"),
        ("renewals not begun because the machine was too slow", str(report.not_begun)),
        (
            "requests, failed, sent again",
            f"{sum(one.requests for one in figures)}, {report.failures}, {sum(one.sent_again for one in figures)}",
        ),
        ("events in the logs", ", ".join(f"{count} of {source}" for source, count in report.events.items())),
        ("copies that did not end in time", ", ".join(report.ended_late) or "none"),
        ("verified", "\n".join(report.verified)),
        ("violated invariants", str(len(report.violations))),
    ]


def interrupt(_signal: int, _frame: object) -> NoReturn:
    """Exit in order, so that everything that was started is stopped."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupt)
    sys.exit(main())
