"""A season of members with faults of all providers, kills, a rebuild and a restore: `python -m tests.season --members 2000`."""

import argparse
import logging
import signal
import sys
import time
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.drills.restore.__main__ import reporter
from tests.faults.__main__ import INTERRUPTED, PIPE_WIDTH, interrupt
from tests.season.outcome import CAUSES, Outcome
from tests.season.plan import Plan
from tests.season.run import run
from tests.season.safeguards import SAFEGUARDS

SHOWN_MAX = 20
WAYS = ("sms sent", "sms delivered", "sms failed", "email sent", "email failed", "inbox only")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.season", description=__doc__)
    parser.add_argument("--members", type=int, default=Plan.members)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--kills", type=int, default=Plan.kills)
    named = sorted(filter(None, SAFEGUARDS))
    parser.add_argument(
        "--without", choices=named, default="", help="a safeguard that is taken out: the season finds it"
    )
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    logging.disable(logging.CRITICAL)
    plan = Plan(options.members, options.seed, options.kills, without=options.without)
    began = time.monotonic()
    try:
        with console.status("") as status:
            outcome = run(plan, reporter(console, status.update))
    except KeyboardInterrupt:
        console.print("Interrupted: everything that was started is gone.", style="yellow")
        return INTERRUPTED
    print_outcome(outcome, plan, console)
    used = ", ".join(f"{seconds:.0f} s {whose}" for whose, seconds in outcome.seconds.items())
    console.print(f"Took {time.monotonic() - began:.0f} s; processors: {used}.")
    return 1 if outcome.violations else 0


def print_outcome(outcome: Outcome, plan: Plan, console: Console) -> None:
    """Print the tables, and what is wrong."""
    console.print(kinds_table("Notices by kind and way", ("due", *WAYS), outcome))
    console.print(kinds_table("Notices passed, by kind and cause", CAUSES, outcome))
    console.print(providers_table(outcome))
    for (reason, provider), count in sorted(outcome.second_ways.items()):
        console.print(f"Came by a second way too, because of {reason} ({provider}): {count}", markup=False)
    for cause, count in sorted(outcome.unreached.items()):
        console.print(f"Reached by no way, with a proved address, after {cause}: {count}", markup=False)
    console.print(
        f"{plan.members:,} members, seed {plan.seed}: {outcome.kills} kills, {outcome.restores} restore, "
        f"{outcome.rebuilds} rebuilds, {outcome.turns:,} turns of the clock"
    )
    for sentence in outcome.violations[:SHOWN_MAX]:
        console.print(f"Violated: {sentence}", style="bold red", markup=False, soft_wrap=True)
    if outcome.violations:
        console.print(f"{len(outcome.violations):,} violations", style="bold red")
    else:
        console.print("Each fact, person and kind is told once or recorded as passed.", style="bold green")


def kinds_table(title: str, columns: Sequence[str], outcome: Outcome) -> Table:
    """How often each of these happened, by kind."""
    table = Table(title=title, title_justify="left")
    table.add_column("kind", no_wrap=True)
    for name in columns:
        table.add_column(name.replace("_", " "), justify="right")
    for kind, count in sorted(outcome.kinds.items()):
        table.add_row(kind, *(f"{count[name] or '–'}" for name in columns))
    table.add_section()
    table.add_row("all", *(f"{sum(one[name] for one in outcome.kinds.values()):,}" for name in columns))
    return table


def providers_table(outcome: Outcome) -> Table:
    table = Table(title="Messages and cost by provider", title_justify="left")
    for name in ("provider", "handed", "taken", "arrived", "segments", "rials", "rials in the log"):
        table.add_column(name, justify="left" if name == "provider" else "right")
    for provider, use in outcome.uses.items():
        table.add_row(provider, *(f"{number:,}" for number in use))
    return table


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupt)
    sys.exit(main())
