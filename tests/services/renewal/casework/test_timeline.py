"""The timeline of a case: events and notes in the order of time, and notes that can be erased."""

import typing
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.renewal.casework import assignments, timeline
from services.renewal.casework.domain import AssignmentEvent
from services.renewal.personal_data import PERSONAL_DATA
from services.renewal.renewals.state import RenewalEvent
from services.renewal.service import RenewalService
from services.renewal.tables import CASE_NOTES
from shared import personal_data, translations
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, queries
from shared.contract.values import Role
from tests.services.renewal import samples as s
from tests.services.renewal.renewals.test_mine_claims import FIRST, ISFAHAN, call, claim

DEADLINE = datetime.fromisoformat("2099-01-01T00:00Z")
TEXT = "با عضو تلفنی صحبت شد"


def note(service: RenewalService, note_id: UUID) -> None:
    command = commands.WriteCaseNote(id=note_id, deadline=DEADLINE, member=FIRST, year=s.YEAR, text=TEXT)
    call(service, ISFAHAN, command)


def test_events_and_notes_are_one_list_with_who_did_what(service: RenewalService) -> None:
    claim(service, FIRST)
    stamps: dict[str, Any] = {
        "id": uuid4(),
        "deadline": s.AT,
        "at": s.AT,
        "member": FIRST,
        "year": s.YEAR,
        "actor": "officer:maryam",
    }
    assignments.handle(service.records, service.office_rule, commands.ClaimRenewal(**stamps))
    note_id = uuid4()
    for _ in range(2):
        note(service, note_id)
    found = call(service, ISFAHAN, queries.GetTimeline(member=FIRST, year=s.YEAR)).entries
    assert [one.kind for one in found] == ["RenewalRequested", "DeclarationSubmitted", "RenewalAssigned", "note"]
    assert (found[1].version, found[2].officer, found[2].by) == (1, "officer:maryam", "officer:maryam")
    assert (found[3].text, found[3].by) == (TEXT, "officer:maryam")


def test_a_note_that_is_sent_again_keeps_its_time(service: RenewalService) -> None:
    claim(service, FIRST)
    note_id = uuid4()
    for later in (0, 5):
        content: dict[str, Any] = s.stamped(id=note_id, member=FIRST, text=TEXT, at=s.AT + timedelta(minutes=later))
        service.records.write(lambda one: timeline.write_note(one, commands.WriteCaseNote(**content)))  # noqa: B023
    with service.records.read() as connection:
        assert connection.execute(select(CASE_NOTES.c.written_at)).scalars().all() == [s.AT]


def test_an_auditor_of_the_province_reads_the_events_and_no_notes(service: RenewalService) -> None:
    claim(service, FIRST)
    note(service, uuid4())
    query = queries.GetTimeline(member=FIRST, year=s.YEAR)
    auditor = ISFAHAN.model_copy(update={"roles": frozenset({Role.AUDITOR})})
    assert [one.kind for one in call(service, auditor, query).entries] == ["RenewalRequested", "DeclarationSubmitted"]
    with pytest.raises(Refused) as refused:
        call(service, auditor.model_copy(update={"provinces": frozenset({"yazd"})}), query)
    assert refused.value.reason is Reason.NOT_ALLOWED


def test_each_kind_of_event_has_its_words_in_both_languages() -> None:
    kinds = [one.__name__ for one in (*typing.get_args(RenewalEvent), *typing.get_args(AssignmentEvent))]
    for language in ("en", "fa"):
        assert set(kinds) - translations.group("timeline", language).keys() == set()


def test_an_erasure_deletes_the_notes_and_none_comes_later(service: RenewalService) -> None:
    claim(service, FIRST)
    note(service, uuid4())
    service.records.write(lambda connection: personal_data.erase(connection, PERSONAL_DATA, FIRST, s.AT))
    with pytest.raises(Refused) as refused:
        note(service, uuid4())
    assert refused.value.reason is Reason.MEMBER_ERASED
    with service.records.read() as connection:
        assert connection.execute(select(CASE_NOTES)).all() == []
