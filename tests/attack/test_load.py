"""Strangers' load in short: every page is answered while it lasts, and it brings about little."""

import json
from collections.abc import Iterator

import pytest

from tests.attack import load
from tests.attack.load import Target

SECONDS = 4
FLOOD_SECONDS = 10


@pytest.fixture(scope="module")
def goal() -> Iterator[Target]:
    with load.target() as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["phrases", "drips", "callbacks", "forgeries", "sign-ins"])
def test_every_page_is_answered_under(goal: Target, kind: str) -> None:
    under = load.pages_under(goal.running.portal, goal.session, kind, SECONDS, *goal.arguments(kind))
    assert under.latencies
    assert under.unanswered == 0
    assert sum(under.statuses.values()) > 0


@pytest.mark.slow
def test_a_flood_of_callbacks_asks_the_bank_a_few_times(goal: Target) -> None:
    before = goal.exchanges
    with load.strangers("callbacks", goal.running.portal, FLOOD_SECONDS, goal.authority) as process:
        printed, _ = process.communicate()
    statuses = json.loads(printed)
    assert statuses.keys() <= {"303", "200"}, (
        "200 is the page that waits for the outcome: its turn did not come in time"
    )
    assert 0 < goal.exchanges - before < statuses["303"] / 2
