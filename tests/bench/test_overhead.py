"""Which rounds of the overhead benchmark are compared."""

from itertools import cycle, islice

import pytest

from bench.measures import overhead
from bench.runner import Outcome, Round


@pytest.mark.parametrize("taken", range(4))
def test_each_traced_round_is_compared_with_its_neighbour_wherever_the_warm_up_ended(taken: int) -> None:
    """On a machine that gets slower with each round a part that costs nothing is found to cost nothing."""
    parts = islice(cycle([0.0, 0.01, 0.01, 0.0]), taken, taken + 4 * 10 + 1)
    rounds = [Round(count=1, seconds=1.02**number, details={"part": part}) for number, part in enumerate(parts)]
    compared = overhead.by_part(Outcome({overhead.TRACED: rounds}), "traces")
    assert compared.ratio("traces", overhead.UNTRACED) == pytest.approx(1, abs=0.001)
    assert len(compared.rounds["traces"]) == 20
