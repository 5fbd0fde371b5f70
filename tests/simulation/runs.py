"""Parallel runs on all cores: seeds until one fails, failing ones saved as regressions; and each mutant until it is detected."""

import gc
import logging
import multiprocessing
import os
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.run import Outcome, run

T = TypeVar("T")
R = TypeVar("R")

MUTANT_SEEDS_MAX = 1000
"""A mutant is found within so many seeds, or the simulation is blind to it."""
REGRESSIONS = Path(__file__).with_name("regressions.txt")
WAITING_PER_CORE = 4


@dataclass(frozen=True)
class Detection:
    """How many seeds it took to find a mutant (None: it survived), and what gave it away."""

    name: str
    seeds: int | None
    seed: int
    broken: str


def regressions(file: Path = REGRESSIONS) -> list[int]:
    """Seeds that failed once."""
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return [int(match[0]) for line in lines if (match := re.match(r"\d+", line))]


def save_regression(outcome: Outcome, file: Path = REGRESSIONS) -> None:
    """Put a failing seed where every later run tries it first."""
    if outcome.seed not in regressions(file):
        with file.open("a", encoding="utf-8") as lines:
            lines.write(f"{outcome.seed}  # {' '.join(outcome.broken.split())[:150]}\n")


def run_seed(seed: int) -> Outcome:
    """One run, without the programs' own complaints."""
    outcome = run(seed)
    return outcome if outcome.broken else Outcome(seed, tally=outcome.tally)


def detect(number: int, seeds: Iterable[int] | None = None) -> Detection:
    """Run a mutant until an invariant is violated."""
    name = MUTANTS[number].name
    with pytest.MonkeyPatch.context() as patch:
        MUTANTS[number].remove(patch)
        for count, seed in enumerate(seeds or range(MUTANT_SEEDS_MAX), start=1):
            outcome = run(seed)
            if outcome.broken:
                return Detection(name, count, seed, outcome.broken)
    return Detection(name, None, -1, "")


def detect_by_hint(number: int) -> Detection:
    """The seed that found a mutant once finds it again, unless the simulation has changed."""
    return detect(number, dict.fromkeys([MUTANTS[number].hint, *range(MUTANT_SEEDS_MAX)]))


def start_worker() -> None:
    """An interrupt is for the process that counts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    gc.collect()
    gc.freeze()  # the search at the end of each run's faults looks at that run alone, not at all that is loaded


@contextmanager
def workers(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes of their own; broken off, they finish what they have in hand."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])  # loaded once, and not by each worker of each pool
    pool = ProcessPoolExecutor(jobs, context, start_worker)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def side_by_side(pool: ProcessPoolExecutor, work: Callable[[T], R], given: Iterable[T], jobs: int) -> Iterator[R]:
    """The results as they come, with few enough in hand that an interrupt does not wait long."""
    remaining = iter(given)
    in_hand: set[Future[R]] = {pool.submit(work, one) for one in islice(remaining, jobs * WAITING_PER_CORE)}
    while in_hand:
        done, in_hand = wait(in_hand, return_when=FIRST_COMPLETED)
        in_hand |= {pool.submit(work, one) for one in islice(remaining, len(done))}
        for one in done:
            yield one.result()


def cores() -> int:
    return os.cpu_count() or 1


def run_seeds(seeds: Iterable[int], jobs: int | None = None) -> Iterator[Outcome]:
    """All runs of these seeds, as they end."""
    jobs = jobs or cores()
    with workers(jobs) as pool:
        yield from side_by_side(pool, run_seed, seeds, jobs)


def detect_all(jobs: int | None = None, *, hints: bool = False) -> Iterator[Detection]:
    """All mutants, as they are found; `hints` begins with the seed that is known to find each of them soon, and leaves out the rare ones."""
    jobs = jobs or cores()
    numbers = [number for number, mutant in enumerate(MUTANTS) if not (hints and mutant.is_rare)]
    with workers(jobs) as pool:
        yield from side_by_side(pool, detect_by_hint if hints else detect, numbers, jobs)


def total(outcomes: Iterable[Outcome]) -> Counter[str]:
    """What happened in all of them."""
    tally: Counter[str] = Counter()
    for outcome in outcomes:
        tally += Counter(outcome.tally)
    return tally
