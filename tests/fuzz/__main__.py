"""Fuzz every endpoint of a private instance: `python -m tests.fuzz --cases 10000 [--seed N]`."""

import argparse
import secrets
import sys
from collections import Counter

from rich.console import Console
from rich.table import Table

from clients.gateway.api.catalogue import OFFERED
from tests.fuzz.raw_http import CUT
from tests.fuzz.requests import case
from tests.fuzz.requests.case import ROLES
from tests.fuzz.run import Failure, Report, run

SEEDS = 2**32
PIPE_WIDTH = 160
console = Console(highlight=False)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument(
        "--cases", type=int, default=10_000, help="how many requests to the JSON API, and as many to pages"
    )
    parser.add_argument("--seed", type=int, default=None, help="which ones")
    options = parser.parse_args(arguments)
    seed = secrets.randbelow(SEEDS) if options.seed is None else options.seed
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    console.print(
        f"{options.cases} cases of the JSON API and of pages each; the same again with --seed {seed}", markup=False
    )
    report = run(seed, options.cases, Teller().print_news)
    show(report)
    return 0 if report.is_green else 1


class Teller:
    """Prints how far it is, and the first failure of each kind, which is kept as a regression."""

    def __init__(self) -> None:
        self.kinds: set[tuple[str, str, bool]] = set()

    def print_news(self, news: str | Failure) -> None:
        if isinstance(news, str):
            console.print(news, markup=False)
        elif (kind := (news.case.endpoint, news.what, news.is_of_a_page)) not in self.kinds:
            self.kinds.add(kind)
            console.print(str(news), style="red", markup=False, soft_wrap=True)
            if not news.is_of_a_page:
                case.keep(news.case)


def show(report: Report) -> None:
    """The table of answers, and what was found in all."""
    console.print(table(report))
    for line in sorted(set(report.leaks)):
        console.print(f"Typed words: {line}", style="bold red", markup=False, soft_wrap=True)
    console.print(f"Cases of the JSON API: {in_words(api_cases(report))}.", markup=False)
    total = Counter(status_class(status) for (_, _, status), count in report.counts.items() for _ in range(count))
    console.print(
        f"{report.played} cases in {report.seconds:.0f} s: {total['5xx']} answers of 5xx, {len(report.failures)} failures, "
        f"{len(report.leaks)} typed words in logs or events.",
        style="bold green" if report.is_green else "bold red",
    )


def table(report: Report) -> Table:
    """Endpoints by role: how many answers of each class of status."""
    found = Table("Endpoint", *ROLES, title=f"Answers by class of status (seed {report.seed})", title_justify="left")
    rows: dict[str, dict[str, Counter[str]]] = {}
    for (endpoint, who, status), count in report.counts.items():
        rows.setdefault(endpoint, {}).setdefault(who, Counter())[status_class(status)] += count
    for endpoint, by_role in sorted(rows.items()):
        found.add_row(endpoint, *(in_words(by_role.get(role, Counter())) for role in ROLES))
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
