"""How long the rounds of a comparison are."""

from typing import cast

import pytest

from bench import runner
from bench.runner import Round, Worker


class Waking:
    """A side whose first run is slow, and which does more a second the more it does at once."""

    def __init__(self) -> None:
        self.runs = 0

    def run(self, count: int) -> Round:
        self.runs += 1
        slow = 10 if self.runs == 1 else 1
        return Round(count=count, seconds=slow * self.seconds_of(count))

    def seconds_of(self, count: int) -> float:
        return 0.1 + count / 5000


@pytest.mark.parametrize("seconds", [0.4, 1.0, 4.0])
def test_a_round_is_about_as_long_as_it_is_to_be(seconds: float) -> None:
    side = Waking()
    count = runner.warmed_up(cast(Worker, side), seconds)
    assert side.seconds_of(count) == pytest.approx(seconds, rel=0.25)
