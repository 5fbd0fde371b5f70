"""Fuzz every endpoint of private instances: `python -m tests.fuzz --cases 10000 [--seed N] [--shares N]`."""

import argparse
import os
import secrets
import sys
from collections import Counter

from rich.table import Table

from clients.gateway.api.catalogue import OFFERED
from tests.fuzz.raw_http import CUT
from tests.fuzz.requests.case import CALLERS
from tests.fuzz.run import Report
from tests.fuzz.shares import Teller, console, run_shares

SEEDS = 2**32
PIPE_WIDTH = 160


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument(
        "--cases", type=int, default=10_000, help="how many requests to the JSON API as each role, and to pages"
    )
    parser.add_argument("--seed", type=int, default=None, help="which ones")
    parser.add_argument(
        "--shares", type=int, default=os.cpu_count() or 1, help="how many processes share them, each with an instance"
    )
    options = parser.parse_args(arguments)
    seed = secrets.randbelow(SEEDS) if options.seed is None else options.seed
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    console.print(
        f"{options.cases} cases of the JSON API as each role, and of pages; the same again with --seed {seed} --shares {options.shares}",
        markup=False,
    )
    report = run_shares(seed, options.cases, options.shares, Teller().print_news)
    show(report)
    return 0 if report.is_green else 1


def show(report: Report) -> None:
    """The table of answers, and what was found in all."""
    console.print(table(report))
    for line in sorted(set(report.leaks)):
        console.print(f"Typed words: {line}", style="bold red", markup=False, soft_wrap=True)
    console.print(f"Cases of the JSON API: {in_words(api_cases(report))}.", markup=False)
    total = Counter(status_class(status) for (_, _, status), count in report.counts.items() for _ in range(count))
    console.print(
        f"{report.played} cases in {report.seconds:.0f} s ({report.played / report.seconds:.0f} a second): {total['5xx']} answers of 5xx, {len(report.failures)} failures, "
        f"{len(report.leaks)} typed words in logs or events.",
        style="bold green" if report.is_green else "bold red",
    )


def table(report: Report) -> Table:
    """Endpoints by role: how many answers of each class of status."""
    found = Table("Endpoint", *CALLERS, title=f"Answers by class of status (seed {report.seed})", title_justify="left")
    rows: dict[str, dict[str, Counter[str]]] = {}
    for (endpoint, who, status), count in report.counts.items():
        rows.setdefault(endpoint, {}).setdefault(who, Counter())[status_class(status)] += count
    for endpoint, by_role in sorted(rows.items()):
        found.add_row(endpoint, *(in_words(by_role.get(role, Counter())) for role in CALLERS))
    return found


def api_cases(report: Report) -> Counter[str]:
    """How many answers of the JSON API each role got."""
    found: Counter[str] = Counter()
    for (endpoint, role, _), count in report.counts.items():
        found[role] += count if tuple(endpoint.split(".")) in OFFERED else 0
    return found


def in_words(counts: Counter[str]) -> str:
    return " ".join(f"{one}:{count}" for one, count in sorted(counts.items()))


def status_class(status: int) -> str:
    return "none" if status == CUT else f"{status // 100}xx"


if __name__ == "__main__":
    sys.exit(main())
