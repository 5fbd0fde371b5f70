"""Which rounds of the overhead benchmark are compared, and what is done in them."""

from itertools import cycle, islice
from math import sqrt
from statistics import NormalDist, mean
from typing import cast

import pytest
from prometheus_client import CollectorRegistry

from bench.environment import Environment
from bench.implementations import observed
from bench.measures import overhead
from bench.runner import Outcome, Round, Side

NONE, PART = "none", "a part"


@pytest.mark.parametrize("taken", range(4))
def test_each_round_is_compared_with_its_neighbour_wherever_the_warm_up_ended(taken: int) -> None:
    """On a machine that gets slower with each round a part that costs nothing is found to cost nothing."""
    parts = islice(cycle([0.0, 0.01, 0.01, 0.0]), taken, taken + 4 * 10 + 1)
    rounds = [Round(1, 1.02**number, cpu_seconds=1, details={"part": part}) for number, part in enumerate(parts)]
    compared = overhead.by_part(rounds, PART, NONE)
    (rate, _cpu) = overhead.findings_of("relay", compared, PART, NONE)
    assert rate.value == pytest.approx(1, abs=0.001)
    assert len(compared.rounds[PART]) == 20


def test_what_is_done_once_in_many_rounds_counts() -> None:
    """An export of two seconds in one of ten rounds of two seconds each: a tenth of the time."""
    without, having = [2.0] * 10, [2.0] * 9 + [4.0]
    value, error = overhead.ratio(without, having)
    assert value == 20 / 22
    left_out = [16 / 18] * 4 + [16 / 16]  # each turn in its turn
    jackknife = 2 * sqrt(4 / 5 * sum((one - mean(left_out)) ** 2 for one in left_out))
    assert error == pytest.approx(jackknife, rel=0.1)


def test_the_error_is_by_the_turns() -> None:
    """Of rounds that differ by 4 % by themselves the ratio of 50 turns is known to 1.1 %."""
    noise = NormalDist(1, 0.04).samples(200, seed=1405)
    value, error = overhead.ratio(noise[:100], noise[100:])
    assert abs(value - 1) < error
    assert error == pytest.approx(2 * 0.04 / 50**0.5, rel=0.25)


@pytest.mark.parametrize(("cost", "noise", "times"), [(1, 0.001, 1), (1, 0.12, 2), (0.97, 0.12, overhead.TIMES_MAX)])
def test_a_comparison_is_made_again_while_its_error_reaches_the_goal(
    monkeypatch: pytest.MonkeyPatch, cost: float, noise: float, times: int
) -> None:
    """The rounds of all times count."""
    made: list[int] = []

    def compare(_environment: object, sides: list[Side], rounds: int) -> Outcome:
        made.append(rounds)
        seconds = NormalDist(1, noise).samples(rounds, seed=len(made))
        parts = islice(cycle([0.0, 1.0, 1.0, 0.0]), rounds)
        taken = zip(parts, seconds, strict=True)
        return Outcome(
            {
                sides[0].name: [
                    Round(1, one / cost if part else one, cpu_seconds=1, details={"part": part}) for part, one in taken
                ]
            }
        )

    monkeypatch.setattr(overhead, "compare", compare)
    rate, _cpu = overhead.compared(cast(Environment, None), "relay", lambda: Side(PART, "", {}), 20, NONE)
    assert len(made) == times
    assert len(rate.figures[PART]["rates"]) == times * 20 * 2
    assert rate.is_within_error == (times == overhead.TIMES_MAX)


def test_what_is_done_regularly_is_part_of_a_round_that_has_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each six of its seconds, and never in a round without."""
    clock, switched, done = [0.0], list[float](), list[float]()

    def run(_count: int) -> None:
        clock[0] += 2

    monkeypatch.setattr(observed, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(observed, "wait_until_idle", lambda: None)
    turning = observed.Turning(run, [0.0, 0.5], switched.append, 6, lambda: done.append(turning.part))
    parts = []
    for _ in range(14):
        turning.prepare(1)
        turning(1)
        parts.append(turning.details()["part"])
    assert parts == switched == list(islice(cycle([0.0, 0.5, 0.5, 0.0]), 14))
    assert done == [0.5, 0.5]


def test_metrics_that_are_switched_off_count_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = CollectorRegistry()
    histogram = observed.SwitchedHistogram("seconds", "How long.", ["of"], registry=registry)
    monkeypatch.setattr(observed.SwitchedHistogram, "is_on", False)
    histogram.labels("a").observe(1)
    monkeypatch.setattr(observed.SwitchedHistogram, "is_on", True)
    histogram.labels("a").observe(2)
    assert registry.get_sample_value("seconds_sum", {"of": "a"}) == 2
