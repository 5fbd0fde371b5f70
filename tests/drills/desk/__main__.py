"""Decide 400 mixed requests as one manager in Chromium, and 20 more with the keyboard alone: `python -m tests.drills.desk`."""

import argparse
import os
import shutil
import signal
import sys
from dataclasses import replace

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

from bench.runner import percentile
from tests.conftest import QUIET_BROWSER
from tests.drills.desk.manager import Manager
from tests.drills.desk.run import FULL, Report, run
from tests.drills.restore.__main__ import reporter
from tests.faults.__main__ import PIPE_WIDTH, interrupt
from tests.support import system_packages

ACTIONS_MAX = 600


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.drills.desk", description=__doc__)
    parser.add_argument("--members", type=int, default=FULL.members)
    parser.add_argument("--requests", type=int, default=FULL.requests)
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    plan = replace(FULL, members=options.members, requests=options.requests)
    path = next(filter(None, map(shutil.which, system_packages.BROWSERS)))
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright, console.status("") as status:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET_BROWSER + sandbox)
        report = run(plan, browser, reporter(console, status.update))
        browser.close()
    print_report(report, console)
    return 1 if report.violations or report.with_mouse.actions > ACTIONS_MAX else 0


def print_report(report: Report, console: Console) -> None:
    """Print the actions and the times of pages, and what is not as it must be."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(report.kinds.items()))
    console.print(f"{report.plan.members:,} members; requests: {kinds}")
    table = Table(title="One manager at the desk", title_justify="left")
    for title in ("", "decided", "actions", "pages", "p50", "p95"):
        table.add_column(title)
    for name, one in (("with the mouse", report.with_mouse), ("with the keyboard alone", report.with_keys)):
        table.add_row(name, *cells(one))
    console.print(table)
    console.print(
        "An action is a click, a key, an address that is typed, or a note, which counts as one for its field."
    )
    for sentence in report.violations:
        console.print(f"Violated: {sentence}", style="bold red", markup=False)
    if not report.violations:
        console.print("Each decision is the right one, and nothing was scrolled for it.", style="bold green")


def cells(one: Manager) -> list[str]:
    times = [f"{percentile(one.page_ms, share):.0f} ms" for share in (0.5, 0.95)]
    return [str(one.decisions), str(one.actions), str(len(one.page_ms)), *times]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupt)
    sys.exit(main())
