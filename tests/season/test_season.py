"""A short form of `make season`: each notice is told once although the program is killed, providers fail and the database is restored."""

import pytest

from tests.season.plan import Plan
from tests.season.run import run

SHORT = Plan(members=13, kills=6, slow=False)


@pytest.mark.slow
def test_each_notice_is_told_once() -> None:
    outcome = run(SHORT, print)
    assert outcome.violations == []
    kinds = outcome.kinds.values()
    assert sum(one["inbox only"] for one in kinds) < sum(one["due"] for one in kinds) / 2
    assert (outcome.kills >= SHORT.kills // 2, outcome.restores, outcome.rebuilds) == (True, 1, 3)
    assert all(use.arrived for use in outcome.uses.values())


@pytest.mark.slow
def test_a_season_finds_that_a_safeguard_is_gone() -> None:
    outcome = run(Plan(members=8, kills=1, slow=False, without="quiet-hours"), print)
    assert any(one.startswith("sent in the quiet hours of officer:") for one in outcome.violations)
