"""The fuzz in several processes at once, each with a share of the cases and an instance of its own."""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from rich.console import Console

from tests.fuzz.requests import case
from tests.fuzz.run import Failure, Report, run

console = Console(highlight=False)


def run_shares(seed: int, cases: int, shares: int, on_news: Callable[[str | Failure], None]) -> Report:
    """Divide the cases, and put the reports together; `on_news` is called in the processes, and must be picklable."""
    if shares == 1:
        return run(seed, cases, on_news)
    sizes = [cases // shares + (number < cases % shares) for number in range(shares)]
    with ProcessPoolExecutor(shares, mp_context=multiprocessing.get_context("spawn")) as pool:
        return together(list(pool.map(partial(run, on_news=on_news), seeds(seed, shares), sizes)))


def seeds(seed: int, shares: int) -> list[int]:
    """A seed for each share, so far apart that no two play the same cases."""
    return [seed + number * 10**9 for number in range(shares)]


def together(reports: list[Report]) -> Report:
    """One report of all; its seconds are those of the longest."""
    whole = Report(reports[0].seed, seconds=max(one.seconds for one in reports))
    for one in reports:
        whole.played += one.played
        whole.counts += Counter(one.counts)
        whole.failures += one.failures
        whole.leaks += one.leaks
    return whole


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
