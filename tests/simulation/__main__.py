"""`python -m tests.simulation`: many seeded runs with a progress bar, one run traced step by step, or the mutants' table."""

import argparse
import logging
import sys
import time
from collections import Counter

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.simulation import runs
from tests.simulation.environment import TRACE_LENGTH
from tests.simulation.mutants import MUTANTS
from tests.simulation.run import Outcome, run

TRACE_LINES = 60
INTERRUPTED = 130
LINE_EVERY = 250
"""Seeds between two lines where there is no terminal for a bar."""
console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    """Parse the arguments and run what they name."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many seeds to run (200)")
    parser.add_argument("--first", type=int, default=0, help="the first of them (0)")
    parser.add_argument("--jobs", type=int, default=runs.cores(), help="processes (one a core)")
    parser.add_argument("--trace", type=int, metavar="SEED", help="run one seed and print all its steps")
    parser.add_argument("--mutants", action="store_true", help="turn off each safeguard, and see that it is noticed")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if options.trace is not None:
        return print_outcome(run(options.trace), lines=TRACE_LENGTH)
    if options.mutants:
        return show_mutants(options.jobs)
    return show_runs(options.first, options.seeds, options.jobs)


def show_runs(first: int, count: int, jobs: int) -> int:
    """Seeds that failed before come first; the run ends at the first that fails now."""
    again = [seed for seed in runs.regressions() if not first <= seed < first + count]
    seeds = [*again, *range(first, first + count)]
    done, tally, began = 0, Counter[str](), time.monotonic()
    failed: Outcome | None = None
    with progress() as bar:
        task = bar.add_task("seeds", total=len(seeds))
        try:
            for outcome in runs.run_seeds(seeds, jobs):
                done += 1
                tally.update(outcome.tally)
                bar.update(task, completed=done)
                if not console.is_terminal and done % LINE_EVERY == 0:
                    console.print(f"{done} of {len(seeds)} seeds")
                if outcome.broken:
                    failed = outcome
                    break
        except KeyboardInterrupt:
            console.print(f"\nStopped after {done} of {len(seeds)} seeds; none of those failed.")
            return INTERRUPTED
    seconds = time.monotonic() - began
    if failed is not None:
        runs.save_regression(failed)
        return print_outcome(failed, TRACE_LINES)
    happened = " · ".join(f"{what} {number:,}" for what, number in sorted(tally.items()))
    console.print(
        f"{done} seeds in {seconds:.0f} s ({done / seconds:.1f} a second on {jobs} processes), all invariants held."
    )
    console.print(f"In them: {happened}.")
    return 0


def print_outcome(outcome: Outcome, lines: int) -> int:
    """A run in words, the last steps of it."""
    for line in outcome.trace[-lines:]:
        console.print(line, markup=False)
    if not outcome.broken:
        console.print(f"Seed {outcome.seed}: all invariants held.")
        return 0
    console.print(f"\nSeed {outcome.seed} violates an invariant: {outcome.broken}", markup=False)
    console.print(f"All its steps: python -m tests.simulation --trace {outcome.seed}")
    return 1


def show_mutants(jobs: int) -> int:
    """The table of mutants and of the seeds it took to find them."""
    table = Table("Safeguard turned off", "Seeds", "What gave it away", title="Mutants")
    order = {mutant.name: number for number, mutant in enumerate(MUTANTS)}
    found = []
    with progress() as bar:
        task = bar.add_task("mutants", total=len(MUTANTS))
        try:
            for one in runs.detect_all(jobs):
                found.append(one)
                bar.update(task, completed=len(found))
        except KeyboardInterrupt:
            console.print(f"\nStopped after {len(found)} of {len(MUTANTS)} mutants.")
    for one in sorted(found, key=lambda one: order[one.name]):
        seeds = "not found" if one.seeds is None else str(one.seeds)
        table.add_row(one.name, seeds, " ".join(one.broken.split())[:90])
    console.print(table)
    if len(found) < len(MUTANTS):
        return INTERRUPTED
    return 0 if all(one.seeds for one in found) else 1


def progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True)


if __name__ == "__main__":
    sys.exit(main())
