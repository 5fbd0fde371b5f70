"""A comparison: sides that do the same work in turn, round by round, so that a machine that drifts drifts for all of them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.environment import ROOT, Environment

FIRST_COUNT = 20
"""Operations of the warm-up, from which the length of a round is reckoned."""
END_SECONDS = 10


@dataclass(frozen=True)
class Side:
    """Who takes part: `make` names a function of this package (see `bench.worker`), or `script` a program that speaks likewise."""

    name: str
    make: str
    arguments: Mapping[str, Any]
    green: bool = False
    program: tuple[str, ...] = ()
    """Another interpreter and script, in place of `bench.worker`."""
    each: int = 1
    """How much one operation counts, such as the events of a commit."""

    def command(self) -> list[str]:
        own = (sys.executable, "-m", "bench.worker", *(["--green"] if self.green else []))
        return [*(self.program or own), self.make, json.dumps(dict(self.arguments))]


@dataclass(frozen=True)
class Round:
    """So many operations in so many seconds; the seconds of each, where each was timed."""

    count: int
    seconds: float
    latencies: list[float] = field(default_factory=list)
    peak_mb: float = 0
    """The most memory that the side's process has used so far."""
    cpu_seconds: float = 0
    """Of the side's process."""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Operations a second."""
        return self.count / self.seconds


class WorkerEnded(Exception):  # noqa: N818 - named as what happened
    """A side's process ended during the benchmark."""


class Worker:
    """A side's process, which runs one round for each request."""

    def __init__(self, side: Side, log: Path) -> None:
        self.side = side
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                side.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, text=True, cwd=ROOT,
                start_new_session=True,
            )  # fmt: skip

    def get_ready(self) -> None:
        """Return when it can run rounds."""
        self._answer()

    def run(self, count: int) -> Round:
        print(count, file=self.process.stdin, flush=True)
        answer = self._answer()
        return Round(**{**answer, "count": answer["count"] * self.side.each})

    def end(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)  # with the programs that it has started
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def _answer(self) -> Any:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise WorkerEnded(f"{self.side.name}: {self.log.read_text(errors='replace')[-2000:]}")
        return json.loads(line)


@contextmanager
def worker(side: Side, environment: Environment) -> Iterator[Worker]:
    """A side's process until the block ends."""
    started = Worker(side, environment.folder / "workers.log")
    try:
        started.get_ready()
        yield started
    finally:
        started.end()


class Outcome:
    """Every round of every side."""

    def __init__(self, rounds: Mapping[str, Sequence[Round]]) -> None:
        self.rounds = rounds

    def ratio(self, one: str, other: str) -> float:
        """How many times the rate of `other` `one` reached: the median of the rounds that were run side by side."""
        pairs = zip(self.rounds[one], self.rounds[other], strict=True)
        return median(mine.rate / theirs.rate for mine, theirs in pairs)

    def rate(self, name: str) -> float:
        return median(one.rate for one in self.rounds[name])

    def latency(self, name: str, share: float) -> float:
        """The seconds that this share of all operations stayed under."""
        return percentile([latency for one in self.rounds[name] for latency in one.latencies], share)

    def peak_mb(self, name: str) -> float:
        return max(one.peak_mb for one in self.rounds[name])

    def figures(self) -> dict[str, dict[str, Any]]:
        """By side: the median rate, its range, and the percentiles of the latencies in milliseconds."""
        return {
            name: {
                "rate": round(self.rate(name), 1),
                "rates": [round(one.rate, 1) for one in rounds],
                **(self._percentiles(name) if rounds[0].latencies else {}),
            }
            for name, rounds in self.rounds.items()
        }

    def _percentiles(self, name: str) -> dict[str, float]:
        shares = {"p50_ms": 0.5, "p99_ms": 0.99, "p99.9_ms": 0.999}
        return {label: round(1000 * self.latency(name, share), 3) for label, share in shares.items()}


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values stay under."""
    if len(values) == 1:
        return values[0]
    return quantiles(values, n=1000, method="inclusive")[round(share * 1000) - 1]


def compare(
    environment: Environment,
    sides: Sequence[Side],
    *,
    count: int | None = None,
    rounds: int | None = None,
    warm: bool = False,
) -> Outcome:
    """Run the sides in turn, each round in another order, after a warm-up that does not count.

    A round has `count` operations, and then is long enough to need none unless `warm` says so; or for each side as many
    as it does in about the same time.
    """
    turns = rounds or environment.rounds
    measured: dict[str, list[Round]] = {side.name: [] for side in sides}
    with ExitStack() as stack, environment.progress.step(len(sides) * (turns + 1)) as advance:
        workers = [stack.enter_context(worker(side, environment)) for side in sides]
        counts = {}
        for one in workers:
            counts[one] = warmed_up(one, environment.round_seconds) if count is None else count
            if count is not None and warm:
                one.run(count)
            advance()
        for number in range(turns):
            for one in workers[number % len(workers) :] + workers[: number % len(workers)]:
                measured[one.side.name].append(one.run(counts[one]))
                advance()
    return Outcome(measured)


def warmed_up(one: Worker, seconds: float) -> int:
    """How many operations a round of so many seconds has, found by runs that are not counted; the first of them says nothing of the later ones."""
    count = FIRST_COUNT
    one.run(count)
    while True:
        run = one.run(count)
        rate = count / run.seconds
        if run.seconds >= seconds / 2:
            return max(1, round(rate * seconds))
        count = max(count * 2, round(rate * seconds))
