"""Recall, opening of the review, and notes of members: who comes first wins, and the other is told."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.renewal.renewals.domain import Command, renewal_decider
from services.renewal.renewals.on_the_desk import MEMBER_NOTES_MAX
from shared.contract.refusals import Reason
from shared.contract.renewal import commands, events
from shared.contract.renewal.correction import DeclarationField, FieldFault, ReturnedDeclaration, ReturnedField
from tests.services.renewal import samples as s
from tests.support.given import given

RENEWAL = renewal_decider(s.CONTEXT)
RECALL = commands.RecallDeclaration(**s.stamped())
OPEN = commands.OpenReview(**s.stamped(actor=s.MANAGER, declaration_version=1))
NOTE = commands.AddMemberNote(**s.stamped(text="قرارداد معدن را فردا تمدید می‌کنم"))
OPENED = events.ReviewOpened(**s.ABOUT, declaration_version=1, opened_by=s.MANAGER, opened_at=s.AT)
RECALLED = events.DeclarationRecalled(**s.ABOUT, declaration_version=1, recalled_at=s.AT)
NOTED = events.MemberNoteAdded(**s.ABOUT, declaration_version=1, note=NOTE.id, added_at=s.AT)
ON_DESK = (s.REQUESTED, s.SUBMITTED)
SOME = s.RETURNED.model_copy(
    update={
        "fields": (ReturnedField(field=DeclarationField.CITY, fault=FieldFault.WRONG),),
        "correction_due_at": s.AT + timedelta(days=14),
    }
)


def test_a_declaration_is_recalled_until_a_manager_has_opened_it() -> None:
    assert given(RENEWAL, *ON_DESK).when(RECALL) == [RECALLED]
    given(RENEWAL, *ON_DESK, OPENED).refuses(RECALL, Reason.REVIEW_OPENED)


def test_a_recalled_declaration_is_not_opened() -> None:
    given(RENEWAL, *ON_DESK, RECALLED).refuses(OPEN, Reason.NOT_SUBMITTED)


def test_recalling_or_opening_again_changes_nothing() -> None:
    assert given(RENEWAL, *ON_DESK, RECALLED).when(RECALL) == []
    assert given(RENEWAL, *ON_DESK, OPENED).when(OPEN) == []


def test_the_first_manager_to_open_a_version_is_on_record() -> None:
    assert given(RENEWAL, *ON_DESK).when(OPEN) == [OPENED]


def test_a_recalled_declaration_is_sent_again_as_the_next_version() -> None:
    assert given(RENEWAL, *ON_DESK, RECALLED).when(s.SUBMIT) == [s.submitted(2)]


def test_what_was_opened_is_a_version_and_a_later_one_may_be_recalled() -> None:
    again = given(RENEWAL, *ON_DESK, OPENED, s.RETURNED, s.submitted(2))
    (recalled,) = again.when(RECALL)
    assert isinstance(recalled, events.DeclarationRecalled)
    again.refuses(OPEN, Reason.CONFLICT)


def test_a_recalled_correction_is_awaited_as_before() -> None:
    corrected = given(RENEWAL, *ON_DESK, SOME, s.submitted(2))
    (recalled,) = corrected.when(RECALL)
    assert recalled == events.DeclarationRecalled(
        **s.ABOUT,
        declaration_version=2,
        returned=ReturnedDeclaration(
            declaration_version=1,
            licence=s.LICENCE,
            employment=s.EMPLOYMENT,
            jobs=(s.JOB,),
            submitted_at=s.AT,
            correction_due_at=SOME.correction_due_at,
        ),
        recalled_at=s.AT,
    )
    state = RENEWAL.fold([*ON_DESK, SOME, s.submitted(2), recalled])
    assert (state.status, state.open_fields, state.correction) == ("returned", (DeclarationField.CITY,), SOME.note)
    assert state.declaration_version == 2


def test_a_correction_is_not_recalled_after_its_deadline() -> None:
    late = RECALL.model_copy(update={"at": s.AT + timedelta(days=14)})
    given(RENEWAL, *ON_DESK, SOME, s.submitted(2)).refuses(late, Reason.CORRECTION_LATE)


@pytest.mark.parametrize("command", [RECALL, OPEN, NOTE], ids=lambda command: type(command).__name__)
@pytest.mark.parametrize(
    ("past", "reason"),
    [
        ([], Reason.NOT_REQUESTED),
        ([s.REQUESTED], Reason.NOT_SUBMITTED),
        ([*ON_DESK, s.RETURNED], Reason.NOT_SUBMITTED),
        ([*ON_DESK, s.APPROVED], Reason.ALREADY_DECIDED),
        ([*ON_DESK, s.REJECTED], Reason.ALREADY_DECIDED),
        ([*ON_DESK, s.WITHDRAWN], Reason.NOT_REQUESTED),
    ],
)
def test_nothing_of_it_is_possible_off_the_desk(
    past: list[events.RenewalApproved], reason: Reason, command: Command
) -> None:
    given(RENEWAL, *past).refuses(command, reason)


def test_a_note_is_added_without_its_text() -> None:
    (added,) = given(RENEWAL, *ON_DESK, OPENED).when(NOTE)
    assert added == NOTED
    assert NOTE.text not in added.model_dump_json()


def test_notes_have_a_limit_that_a_recall_does_not_reset() -> None:
    many = [NOTED.model_copy(update={"note": uuid4()}) for _ in range(MEMBER_NOTES_MAX)]
    given(RENEWAL, *ON_DESK, *many[1:]).when(NOTE)
    given(RENEWAL, *ON_DESK, *many).refuses(NOTE, Reason.TOO_MANY_NOTES)
    given(RENEWAL, *ON_DESK, *many, RECALLED, s.submitted(2)).refuses(NOTE, Reason.TOO_MANY_NOTES)


def test_a_correction_that_is_recalled_twice_leads_back_to_the_version_that_was_returned() -> None:
    first = events.DeclarationRecalled(
        **s.ABOUT, declaration_version=2, returned=given_back(s.submitted(1)), recalled_at=s.AT
    )
    corrected = given(RENEWAL, *ON_DESK, s.RETURNED, s.submitted(2), first, s.submitted(3))
    (again,) = corrected.when(RECALL)
    assert isinstance(again, events.DeclarationRecalled)
    assert (again.declaration_version, again.returned) == (3, first.returned)


def given_back(declared: events.DeclarationSubmitted) -> ReturnedDeclaration:
    return ReturnedDeclaration.model_validate(declared.model_dump(include=set(ReturnedDeclaration.model_fields)))
