from datetime import datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.capacity.ledger import domain
from services.capacity.ledger.domain import Fact, Ledger
from services.capacity.ledger.lines import Line
from shared.policies import capacity_rules
from tests.services.capacity import histories
from tests.services.capacity.sample_events import MEMBER, POLICIES, PROVINCE, facts

YEAR = POLICIES[1405]
FACTS = histories.AMENDED_HISTORIES.map(lambda parts: facts(*parts))


def lines_of(found: Ledger, at: datetime) -> list[Line]:
    """The lines up to a moment."""
    return [line for line in found.lines if line.effective_at <= at]


@given(FACTS, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_ledger(history: list[Fact], random: Random) -> None:
    expected = domain.derive(history, YEAR)
    shuffled = random.sample(history, len(history))
    assert domain.derive(shuffled, YEAR) == expected


@given(FACTS, histories.INSTANTS)
@settings(max_examples=300)
def test_the_ledger_as_of_a_moment_is_the_beginning_of_the_whole_one(history: list[Fact], at: datetime) -> None:
    whole, then = domain.derive(history, YEAR), domain.derive(domain.as_of(history, at), YEAR)
    assert lines_of(then, at) == lines_of(whole, at)


@given(FACTS)
@settings(max_examples=300)
def test_at_each_event_the_lines_add_up_and_used_and_left_are_the_ceiling(history: list[Fact]) -> None:
    for fact in domain.chronological(history):
        found = domain.derive(domain.as_of(history, fact.at), YEAR)
        lines = lines_of(found, fact.at)
        answer = domain.capacity(MEMBER, 1405, PROVINCE, found.summary, fact.at)
        total = sum(line.units for line in lines)
        assert answer.remaining_units == max(0, total)
        over = answer.used_units > answer.ceiling_units
        assert over == ("over_ceiling" in answer.warnings)
        if answer.status == "active" and not over:
            assert answer.used_units + answer.remaining_units == answer.ceiling_units
        kinds = [line.kind for line in lines]
        assert kinds.count("grant") - kinds.count("withdrawal") == (answer.status != "none")
        granted = sum(line.units for line in lines if line.kind in ("grant", "regrade", "withdrawal"))
        used = -sum(line.units for line in lines if line.kind in ("use", "release"))
        assert (granted, used) == (answer.ceiling_units, answer.used_units)


@given(FACTS)
def test_what_is_held_back_begins_and_ends_on_its_day(history: list[Fact]) -> None:
    found = domain.derive(history, YEAR)
    assert list(found.lines) == sorted(found.lines, key=lambda line: line.effective_at)
    if found.summary is not None:
        held = -sum(line.units for line in found.lines if line.kind in ("suspension", "restoration", "expiry"))
        assert held == max(0, found.summary.ceiling_units - found.summary.used_units)
        assert found.lines[-1].effective_at >= capacity_rules.end_of(found.summary.valid_until)
