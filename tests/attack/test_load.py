"""Strangers' load in short: every page is answered while it lasts, and it brings about little."""

from collections.abc import Iterator

import pytest

from tests.attack import load, strangers
from tests.attack.load import Target

SECONDS = 4


@pytest.fixture(scope="module")
def goal() -> Iterator[Target]:
    with load.target() as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["phrases", "drips", "callbacks", "sign-ins"])
def test_every_page_is_answered_under(goal: Target, kind: str) -> None:
    under = load.pages_under(goal.running.portal, goal.session, kind, SECONDS, *goal.arguments(kind))
    assert under.latencies
    assert under.unanswered == 0
    assert sum(under.statuses.values()) > 0


@pytest.mark.slow
def test_a_flood_of_callbacks_asks_the_bank_a_few_times(goal: Target) -> None:
    before = goal.exchanges
    with load.strangers("callbacks", goal.running.portal, load.ANSWER_SECONDS, goal.authority) as process:
        printed, _ = process.communicate()
    assert f'"303": {strangers.CALLBACKS}'.encode() in printed
    assert 0 < goal.exchanges - before < strangers.CALLBACKS / 10
