"""After a return or rejection: undone within minutes while nothing else has happened, or expired when the correction is overdue."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.renewal.renewals.after_decision import UNDO_WITHIN, ExpireCorrection
from services.renewal.renewals.domain import renewal_decider
from services.renewal.renewals.state import DecisionContext
from shared.contract.base import Event
from shared.contract.refusals import Reason
from shared.contract.renewal import commands, events
from tests.services.renewal import samples as s
from tests.support.given import given

DUE = s.AT + timedelta(days=14)
RENEWAL = renewal_decider(DecisionContext(*vars(s.CONTEXT).values()))
ON_DESK = (s.REQUESTED, s.SUBMITTED)
RETURNED = s.RETURNED.model_copy(update={"correction_due_at": DUE})
UNDO = commands.UndoDecision(**s.stamped(actor=s.MANAGER, decision=s.RETURN.id))
UNDONE = events.DecisionUndone(
    **s.ABOUT, decision=s.RETURN.id, outcome="returned", undone_by=s.MANAGER, undone_at=s.AT
)  # fmt: skip
EXPIRE = ExpireCorrection(uuid4(), DUE, s.NUMBER, s.YEAR, s.RETURN.id)
EXPIRED = events.RenewalExpired(**s.ABOUT, expired_at=DUE)


def test_a_return_has_the_deadline_of_its_correction() -> None:
    context = DecisionContext(*vars(s.CONTEXT).values())
    context = DecisionContext(context.member, context.review_due_at, correction_due_at=DUE)
    (returned,) = given(renewal_decider(context), *ON_DESK).when(s.RETURN)
    assert returned == RETURNED


@pytest.mark.parametrize(
    ("decision", "undo", "outcome"),
    [
        (RETURNED, UNDO, "returned"),
        (s.REJECTED, UNDO.model_copy(update={"decision": s.REJECT.id}), "rejected"),
    ],
)
def test_the_own_decision_is_undone(decision: Event, undo: commands.UndoDecision, outcome: str) -> None:
    (undone,) = given(RENEWAL, *ON_DESK, decision).when(undo)
    assert undone == UNDONE.model_copy(update={"decision": undo.decision, "outcome": outcome})
    state = RENEWAL.fold([*ON_DESK, decision, undone])
    assert (state.status, state.declaration_version, state.correction_due_at) == ("submitted", 1, None)
    given(RENEWAL, *ON_DESK, decision, undone).refuses(undo.model_copy(update={"id": uuid4()}), Reason.UNDO_OVER)


def test_an_undone_return_is_decided_again() -> None:
    assert len(given(RENEWAL, *ON_DESK, RETURNED, UNDONE).when(s.APPROVE)) == 1


@pytest.mark.parametrize(
    "past",
    [
        [],
        [RETURNED, s.submitted(2)],
        [RETURNED, s.submitted(2), RETURNED.model_copy(update={"note": uuid4()})],
        [RETURNED, s.WITHDRAWN],
        [RETURNED, EXPIRED],
        [s.APPROVED],
    ],
    ids=["undecided", "sent again", "returned again", "withdrawn", "expired", "approved"],
)
def test_nothing_is_undone_once_something_else_has_happened(past: list[Event]) -> None:
    given(RENEWAL, *ON_DESK, *past).refuses(UNDO, Reason.UNDO_OVER)


def test_a_return_is_not_undone_after_its_correction_was_recalled() -> None:
    recall = commands.RecallDeclaration(**s.stamped())
    past = [*ON_DESK, RETURNED, s.submitted(2)]
    (recalled,) = given(RENEWAL, *past).when(recall)
    given(RENEWAL, *past, recalled).refuses(UNDO, Reason.UNDO_OVER)


def test_a_decision_is_undone_for_five_minutes_and_by_whoever_made_it() -> None:
    decided = given(RENEWAL, *ON_DESK, RETURNED)
    last_moment = UNDO.model_copy(update={"at": s.AT + UNDO_WITHIN})
    assert len(decided.when(last_moment)) == 1
    decided.refuses(last_moment.model_copy(update={"at": last_moment.at + timedelta(seconds=1)}), Reason.UNDO_OVER)
    decided.refuses(UNDO.model_copy(update={"actor": "officer:maryam"}), Reason.UNDO_OVER)


def test_a_request_expires_when_its_correction_is_overdue() -> None:
    assert given(RENEWAL, *ON_DESK, RETURNED).when(EXPIRE) == [EXPIRED]
    assert given(RENEWAL, *ON_DESK, RETURNED).when(EXPIRE._replace(at=DUE - timedelta(seconds=1))) == []


@pytest.mark.parametrize(
    "past",
    [
        [RETURNED, s.submitted(2)],
        [RETURNED, UNDONE],
        [RETURNED, s.WITHDRAWN],
        [RETURNED, EXPIRED],
        [RETURNED, s.submitted(2), RETURNED.model_copy(update={"note": uuid4()})],
        [s.RETURNED],
    ],
    ids=["sent", "undone", "withdrawn", "expired", "returned again", "no deadline"],
)
def test_nothing_expires_that_is_awaited_no_more(past: list[Event]) -> None:
    assert given(RENEWAL, *ON_DESK, *past).when(EXPIRE) == []


def test_an_expired_renewal_may_be_requested_again() -> None:
    expired = given(RENEWAL, *ON_DESK, RETURNED, EXPIRED)
    assert len(expired.when(s.REQUEST)) == 1
    expired.refuses(s.SUBMIT, Reason.NOT_REQUESTED)
    again = given(RENEWAL, *ON_DESK, RETURNED, EXPIRED, s.REQUESTED)
    (submitted,) = again.when(s.SUBMIT)
    assert submitted == s.submitted(2)
