"""What is told of a member's year, from the ledger of its facts."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.capacity.grants.domain import GRANT, Observe
from services.capacity.ledger import domain
from services.capacity.ledger.domain import SourceEvent
from shared.contract.base import Event
from shared.contract.capacity import events
from shared.contract.values import MemberClass
from tests.services.capacity.sample_events import (
    MEMBER,
    POLICIES,
    approved,
    changed,
    confirmed,
    enrolled,
    facts,
    job,
    on,
    withdrawn,
)
from tests.services.capacity.sample_events import licence as as_licence
from tests.support.given import given

JOINED, APPROVED, CONFIRMED, LATER = on("1404/01/01"), on("1405/02/01"), on("1405/02/03"), on("1405/03/01")
CONFIRMATION = UUID(int=7)
BEGIN = (enrolled(JOINED), approved(APPROVED, job()), confirmed(CONFIRMED))


def observed(*history: SourceEvent) -> Observe:
    ledger = domain.derive(facts(*history), POLICIES[1405])
    return Observe(uuid4(), LATER, MEMBER, 1405, "isfahan", ledger, CONFIRMATION)


def decided(*stories: tuple[SourceEvent, ...]) -> list[list[Event]]:
    """What each longer story adds to what was told of the one before."""
    past: list[Event] = []
    found = []
    for story in stories:
        found.append(GRANT.decide(observed(*story), GRANT.fold(past)))
        past += found[-1]
    return found


def names(found: list[list[Event]]) -> list[list[str]]:
    return [[type(one).__name__ for one in events] for events in found]


def test_a_confirmation_is_recorded_with_what_it_grants() -> None:
    (granted,) = GRANT.decide(observed(*BEGIN), GRANT.fold([]))
    assert isinstance(granted, events.CapacityGranted)
    assert (granted.ceiling_units, granted.used_units, granted.confirmation) == (72000, 30000, CONFIRMATION)
    assert granted.granted_at == CONFIRMED


def test_nothing_is_recorded_before_the_confirmation_nor_twice() -> None:
    assert names(decided(BEGIN[:2], BEGIN, BEGIN)) == [[], ["CapacityGranted"], []]


def test_each_confirmation_grants_anew() -> None:
    taken = (*BEGIN, withdrawn(LATER))
    assert names(decided(BEGIN, taken, (*taken, confirmed(LATER + timedelta(days=1))))) == [
        ["CapacityGranted"],
        [],
        ["CapacityGranted"],
    ]


def test_a_crossing_of_nine_tenths_is_recorded_once_each_time() -> None:
    """A lower class makes the same jobs nearly all, a higher one makes room again."""
    full = (enrolled(JOINED), approved(APPROVED, job(), job(), job()), confirmed(CONFIRMED))
    up = (*full, changed(LATER, as_licence(MemberClass.GRADE_1)))
    down = (*up, changed(LATER + timedelta(days=1), as_licence()))
    assert names(decided(full, full, up, up, down)) == [
        ["CapacityGranted", "CapacityNearlyUsed"],
        [],
        ["CapacityFreed"],
        [],
        ["CapacityNearlyUsed"],
    ]


def test_a_withdrawn_payment_frees_what_was_nearly_used() -> None:
    full = (enrolled(JOINED), approved(APPROVED, job(), job(), job()), confirmed(CONFIRMED))
    found = decided(full, (*full, withdrawn(LATER)))
    assert found[1] == [
        events.CapacityFreed(
            member=MEMBER, year=1405, province="isfahan", ceiling_units=0, used_units=0, freed_at=LATER
        )
    ]


@pytest.mark.parametrize(("used_units", "is_recorded"), [(64800, False), (64801, True)])
def test_exactly_nine_tenths_are_not_nearly_all(used_units: int, is_recorded: bool) -> None:
    begun = observed(*BEGIN)
    past = GRANT.decide(begun, GRANT.fold([]))
    assert begun.ledger.summary is not None
    ledger = begun.ledger._replace(summary=begun.ledger.summary._replace(used_units=used_units))
    found = given(GRANT, *past).when(replace(begun, ledger=ledger))
    assert names([found]) == [["CapacityNearlyUsed"] if is_recorded else []]
