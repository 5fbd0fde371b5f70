"""A short run of the fuzz, after all that has failed once; `make fuzz` is the long one."""

import pytest

from tests.fuzz import run
from tests.fuzz.requests import case

CASES, SEED = 60, 1405


@pytest.mark.slow
def test_no_input_breaks_anything_or_gets_into_a_log() -> None:
    report = run.run(SEED, CASES, on_news=print)
    assert report.played >= 7 * CASES + len(case.regressions())
    assert list(map(str, report.failures)) == []
    assert report.leaks == []
