"""Who may claim, release and hand over a renewal, and when an assignment ends."""

from datetime import timedelta
from typing import Any

import pytest

from services.renewal.casework.domain import Assignment, AssignmentContext, assignment_decider
from services.renewal.renewals.domain import renewal_decider
from shared.contract.refusals import Reason
from shared.contract.renewal import commands, events
from tests.services.renewal import samples as s
from tests.support.given import given

COLLEAGUE = "officer:sara"
UNTIL = s.AT + timedelta(hours=2)
CONTEXT = AssignmentContext(status="submitted", until=UNTIL, is_colleague=True)
DEPUTY = AssignmentContext(status="submitted", until=UNTIL, stands_in_for=frozenset({COLLEAGUE}))
CLAIM = commands.ClaimRenewal(**s.stamped(actor=s.MANAGER))
RELEASE = commands.ReleaseRenewal(**s.stamped(actor=s.MANAGER))
HAND_OVER = commands.HandOverRenewal(**s.stamped(actor=s.MANAGER, officer="sara"))


def assigned(officer: str, by: str = s.MANAGER, until: Any = UNTIL) -> events.RenewalAssigned:
    return events.RenewalAssigned(**s.ABOUT, officer=officer, until=until, assigned_by=by, assigned_at=s.AT)


OWN, COLLEAGUES = assigned(s.MANAGER), assigned(COLLEAGUE, COLLEAGUE)
RELEASED = events.RenewalReleased(**s.ABOUT, released_by=s.MANAGER, released_at=s.AT)
IN_CONTEXT, AS_DEPUTY = assignment_decider(CONTEXT), assignment_decider(DEPUTY)
HELD = {"officer": COLLEAGUE, "held_until": UNTIL.isoformat()}


def test_what_nobody_holds_is_claimed() -> None:
    assert given(IN_CONTEXT).when(CLAIM) == [OWN]
    assert given(IN_CONTEXT, OWN, RELEASED).when(CLAIM) == [OWN]


def test_claiming_twice_changes_nothing() -> None:
    assert given(IN_CONTEXT, OWN).when(CLAIM) == []


def test_what_a_colleague_holds_is_refused_with_who_and_until_when() -> None:
    held = given(IN_CONTEXT, COLLEAGUES)
    for command in (CLAIM, RELEASE, commands.HandOverRenewal(**s.stamped(actor=s.MANAGER, officer="reza"))):
        assert held.refuses(command, Reason.HELD_BY_COLLEAGUE) == HELD


def test_a_claim_ends_by_itself_and_is_then_free() -> None:
    ended = assigned(COLLEAGUE, COLLEAGUE, until=s.AT)
    assert given(IN_CONTEXT, ended).when(CLAIM) == [OWN]
    assert given(IN_CONTEXT, ended).when(RELEASE) == []


def test_the_holder_releases_and_what_nobody_holds_stays_so() -> None:
    assert given(IN_CONTEXT, OWN).when(RELEASE) == [RELEASED]
    assert given(IN_CONTEXT).when(RELEASE) == []


def test_the_holder_hands_over_and_so_does_anybody_what_is_free() -> None:
    for past in ((OWN,), ()):
        assert given(IN_CONTEXT, *past).when(HAND_OVER) == [assigned(COLLEAGUE)]
    assert given(IN_CONTEXT, COLLEAGUES).when(HAND_OVER) == []


def test_a_hand_over_goes_to_a_manager_of_the_province() -> None:
    nobody = assignment_decider(AssignmentContext(status="submitted", until=UNTIL))
    given(nobody, OWN).refuses(HAND_OVER, Reason.NOT_A_COLLEAGUE)


def test_a_deputy_acts_for_the_absent_holder() -> None:
    assert given(AS_DEPUTY, COLLEAGUES).when(CLAIM) == [OWN]
    assert given(AS_DEPUTY, COLLEAGUES).when(RELEASE) == [RELEASED]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (None, Reason.NOT_REQUESTED),
        ("approved", Reason.ALREADY_DECIDED),
        ("rejected", Reason.ALREADY_DECIDED),
        ("requested", Reason.NOT_SUBMITTED),
        ("returned", Reason.NOT_SUBMITTED),
        ("withdrawn", Reason.NOT_REQUESTED),
    ],
)
def test_only_what_lies_on_the_desk_is_assigned(status: str | None, reason: Reason) -> None:
    context = assignment_decider(AssignmentContext(status=status, until=UNTIL, is_colleague=True))
    for command in (CLAIM, HAND_OVER):
        given(context).refuses(command, reason)


DECISIONS = (s.APPROVE, s.REJECT, s.RETURN)
HELD_BY_SARA = renewal_decider(s.in_context(held=Assignment(COLLEAGUE, UNTIL)))


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda one: type(one).__name__)
def test_a_decision_on_what_a_colleague_holds_is_refused_until_it_is_meant(decision: Any) -> None:
    on_desk = given(HELD_BY_SARA, s.REQUESTED, s.SUBMITTED)
    assert on_desk.refuses(decision, Reason.HELD_BY_COLLEAGUE) == HELD
    assert on_desk.when(decision.model_copy(update={"despite_holder": True})) != []


def test_what_is_decided_is_refused_as_such_whoever_holds_it() -> None:
    given(HELD_BY_SARA, s.REQUESTED, s.SUBMITTED, s.REJECTED).refuses(s.APPROVE, Reason.ALREADY_DECIDED)
