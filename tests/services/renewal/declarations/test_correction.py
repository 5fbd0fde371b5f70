"""Return by field: the member corrects what was returned and nothing else; the manager's words are rows that can be erased."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.renewal import subscriptions
from services.renewal.renewals.domain import renewal_decider
from services.renewal.renewals.state import DecisionContext
from services.renewal.service import RenewalService
from services.renewal.tables import NOTES
from shared.contract.auth import events as auth_events
from shared.contract.envelope import Metadata, Recorded
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, commands, events, queries
from shared.contract.renewal.correction import DeclarationField, FieldFault, FieldToCorrect, changed, corrected
from shared.contract.values import Employment, EmploymentStatus
from shared.nameko_extensions import rpc_server
from tests.services.renewal import samples as s
from tests.services.renewal.renewals.test_mine_claims import ISFAHAN, call
from tests.support.given import given

CITY = FieldToCorrect(field=DeclarationField.CITY, fault=FieldFault.WRONG)
JOBS = FieldToCorrect(field=DeclarationField.JOBS, fault=FieldFault.OTHER, note="تاریخ پایان قرارداد را بنویسید")
RETURN = s.RETURN.model_copy(update={"reason": "", "fields": (CITY, JOBS)})
RENEWAL = renewal_decider(DecisionContext(s.CONTEXT.member, s.DUE, last_form=s.FORM))
MEMBER = Passport(principal_kind=PrincipalKind.MEMBER, subject=s.NUMBER)
EMPLOYED = Employment(status=EmploymentStatus.PRIVATE_PART_TIME)


def submit(**changes: Any) -> commands.SubmitDeclaration:
    return s.SUBMIT.model_copy(update={"id": uuid4(), "form": s.FORM.model_copy(update=changes)})


def test_a_return_tells_the_fields_and_no_words() -> None:
    (returned,) = given(RENEWAL, s.REQUESTED, s.SUBMITTED).when(RETURN)
    assert isinstance(returned, events.RenewalReturned)
    assert [(one.field, one.fault, one.note is None) for one in returned.fields] == [
        ("city", "wrong", True),
        ("jobs", "other", False),
    ]
    assert JOBS.note not in returned.model_dump_json()


@pytest.mark.parametrize(
    ("change", "reason", "details"),
    [
        ({"fields": ()}, Reason.REASON_NEEDED, {"reason": "missing"}),
        ({"fields": (CITY, CITY)}, Reason.BAD_INPUT, {"fields.1.field": "field_twice"}),
        (
            {"fields": (CITY, JOBS.model_copy(update={"note": ""}))},
            Reason.BAD_INPUT,
            {"fields.1.note": "field_note_needed"},
        ),
    ],
)
def test_a_return_says_what_is_wrong(change: dict[str, Any], reason: Reason, details: dict[str, str]) -> None:
    command = RETURN.model_copy(update=change)
    assert given(RENEWAL, s.REQUESTED, s.SUBMITTED).refuses(command, reason) == details


def test_a_correction_changes_only_what_was_returned() -> None:
    (returned,) = given(RENEWAL, s.REQUESTED, s.SUBMITTED).when(RETURN)
    awaited = given(RENEWAL, s.REQUESTED, s.SUBMITTED, returned)
    closed = awaited.refuses(submit(city="نطنز", mobile="09130000000", education="bachelor"), Reason.FIELDS_CLOSED)
    assert closed == {"form.mobile": "field_closed", "form.education": "field_closed"}
    assert len(awaited.when(submit(city="نطنز", jobs=()))) == 1
    assert len(awaited.when(submit())) == 1


def test_what_another_answer_makes_necessary_is_open_too() -> None:
    status = CITY.model_copy(update={"field": DeclarationField.EMPLOYMENT_STATUS})
    command = RETURN.model_copy(update={"fields": (status,)})
    (returned,) = given(RENEWAL, s.REQUESTED, s.SUBMITTED).when(command)
    awaited = given(RENEWAL, s.REQUESTED, s.SUBMITTED, returned)
    assert len(awaited.when(submit(employment=EMPLOYED, employer="شرکت نمونه"))) == 1
    awaited.refuses(submit(employment=EMPLOYED, employer="شرکت نمونه", city="نطنز"), Reason.FIELDS_CLOSED)


def test_everything_is_open_after_a_return_of_the_whole_and_after_a_new_request() -> None:
    (returned,) = given(RENEWAL, s.REQUESTED, s.SUBMITTED).when(RETURN)
    other = submit(mobile="09130000000")
    assert len(given(RENEWAL, s.REQUESTED, s.SUBMITTED, s.RETURNED).when(other)) == 1
    assert len(given(RENEWAL, s.REQUESTED, s.SUBMITTED, returned, s.submitted(2), s.RETURNED).when(other)) == 1
    assert len(given(RENEWAL, s.REQUESTED, s.SUBMITTED, returned, s.WITHDRAWN, s.REQUESTED).when(other)) == 1
    erased = renewal_decider(s.CONTEXT)
    assert len(given(erased, s.REQUESTED, s.SUBMITTED, returned).when(other)) == 1


def test_a_corrected_form_has_the_old_answers_elsewhere() -> None:
    typed = s.FORM.model_copy(update={"city": "نطنز", "mobile": "09130000000", "employment": EMPLOYED})
    form = corrected(s.FORM, typed, [DeclarationField.CITY])
    assert changed(s.FORM, form) == (DeclarationField.CITY,)
    assert form.city == "نطنز"


def enrol(service: RenewalService) -> None:
    enrolled = auth_events.MemberEnrolled(
        member=s.NUMBER, province="isfahan", licence=s.LICENCE, enrolled_by="officer:admin", enrolled_at=s.AT
    )
    metadata = Metadata(correlation_id=uuid4(), causation_id=uuid4())
    recorded = Recorded(
        "auth", 1, f"member/{s.NUMBER}", 1, uuid4(), "MemberEnrolled", enrolled.model_dump_json(), metadata, s.AT
    )
    service.records.write(lambda connection: subscriptions.on_auth_event(connection, recorded))


def test_the_member_reads_the_fields_with_the_words_and_corrects_them(
    service: RenewalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rpc_server, "datetime", SimpleNamespace(now=lambda _zone: s.AT))
    enrol(service)
    stamps = {"deadline": s.AT + timedelta(days=1), **s.ABOUT}
    for caller, command in (
        (MEMBER, s.REQUEST),
        (MEMBER, s.SUBMIT),
        (ISFAHAN, RETURN.model_copy(update={"reason": "دو بخش را اصلاح کنید"})),
    ):
        call(service, caller, command.model_copy(update=stamps))
    found = call(service, MEMBER, queries.GetRenewal(member=s.NUMBER, year=s.YEAR)).renewal
    assert found is not None
    assert found.open_fields == ("city", "jobs")
    assert found.decisions[-1].reason == "دو بخش را اصلاح کنید"
    assert found.decisions[-1].fields == (
        answers.FieldNote(field=CITY.field, fault=CITY.fault),
        answers.FieldNote(field=JOBS.field, fault=JOBS.fault, note=JOBS.note),
    )
    with pytest.raises(Refused) as refused:
        call(service, MEMBER, submit(phone="03132345678").model_copy(update=stamps))
    assert refused.value.details == {"form.phone": "field_closed"}
    corrected_one = call(service, MEMBER, submit(city="نطنز").model_copy(update=stamps))
    assert (corrected_one.status, corrected_one.open_fields) == ("submitted", ())
    with service.records.read() as connection:
        rows = connection.execute(select(NOTES.c.member, NOTES.c.text)).all()
    assert sorted(rows) == sorted([(s.NUMBER, "دو بخش را اصلاح کنید"), (s.NUMBER, JOBS.note)])
