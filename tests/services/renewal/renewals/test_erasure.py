"""An erasure in renewal: no text about the member is left, none comes later, and the renewal goes on by the number."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.renewal.declarations import drafts
from services.renewal.office_hours import rules
from services.renewal.personal_data import PERSONAL_DATA
from services.renewal.renewals import handler, queries
from services.renewal.renewals.domain import Command
from services.renewal.service import LOG
from services.renewal.tables import DECLARATIONS, DRAFTS, NOTES
from shared import personal_data
from shared.contract.auth import events as auth_events
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from tests.services.renewal import samples
from tests.services.renewal.declarations.test_drafts import enrol, follow
from tests.services.renewal.samples import AT, MANAGER, NUMBER, YEAR, stamped
from tests.support.waiting import behind

RULE = rules.load_rule()
ERASED = auth_events.MemberErased(
    member=NUMBER,
    province="isfahan",
    cause="wish_of_member",
    requested_by="officer:admin",
    granted_by="officer:rahbar",
    erased_at=AT + timedelta(minutes=1),
)
DRAFT = commands.SaveDraft(**stamped(fields={"city": "اردستان"}))


@pytest.fixture
def records(database_url: str) -> Records:
    """A member whose declaration was returned and sent again, and a draft of another year."""
    database = Database(database_url)
    made = Records(database, LOG)
    enrol(made)
    handle(made, samples.REQUEST, samples.SUBMIT, samples.RETURN)
    made.write(lambda connection: drafts.save(connection, DRAFT))
    return made


def handle(records: Records, *sent: Command) -> None:
    for command in sent:
        handler.handle(records, RULE, command)


def texts(records: Records) -> list[Any]:
    with records.read() as connection:
        return [row for table in (DECLARATIONS, DRAFTS, NOTES) for row in connection.execute(select(table))]


def test_the_texts_are_deleted_and_counted_and_the_facts_stay(records: Records) -> None:
    assert len(texts(records)) == 3
    follow(records, ERASED, 2)
    assert texts(records) == []
    with records.read() as connection:
        report = personal_data.erasure_report(connection, PERSONAL_DATA, NUMBER)
        renewal = queries.find_renewal(connection, NUMBER, YEAR)
    assert {one.kind: (one.rows, one.kept) for one in report.kinds} == {
        "register": (1, ""),
        "drafts": (1, ""),
        "declarations": (1, ""),
        "decision_notes": (1, ""),
        "register_history": (1, "accounts"),
        "renewals": (1, "accounts"),
        "decisions": (1, "accounts"),
        "mine_claims": (1, "capacity"),
    }
    assert renewal is not None
    assert (renewal.status, renewal.jobs, renewal.declarations) == ("returned", (samples.JOB,), ())
    assert renewal.decisions[0].reason == ""


def test_a_decision_is_not_undone_once_the_member_is_erased(records: Records) -> None:
    handle(records, commands.SubmitDeclaration(**stamped(id=uuid4(), form=samples.FORM)), samples.REJECT)
    follow(records, ERASED, 2)
    undo = commands.UndoDecision(**stamped(id=uuid4(), decision=samples.REJECT.id, actor=MANAGER))
    with pytest.raises(Refused) as refused:
        handle(records, undo)
    assert refused.value.reason is Reason.MEMBER_ERASED
    with records.read() as connection:
        renewal = queries.find_renewal(connection, NUMBER, YEAR)
    assert renewal is not None
    assert renewal.status == "rejected"


def test_what_the_member_sends_later_is_refused(records: Records) -> None:
    follow(records, ERASED, 2)
    late = commands.SubmitDeclaration(**stamped(id=uuid4(), form=samples.FORM))
    for send in (
        lambda: handle(records, late),
        lambda: records.write(lambda connection: drafts.save(connection, DRAFT.model_copy(update={"id": uuid4()}))),
        lambda: handle(records, commands.RequestRenewal(**stamped(id=uuid4()) | {"year": YEAR + 1})),
    ):
        with pytest.raises(Refused) as refused:
            send()
        assert refused.value.reason is Reason.UNKNOWN_MEMBER
    assert texts(records) == []


def test_the_manager_decides_on_what_lies_on_the_desk_and_no_reason_is_stored(records: Records) -> None:
    handle(records, commands.SubmitDeclaration(**stamped(id=UUID(int=2), form=samples.FORM)))
    follow(records, ERASED, 2)
    handle(records, samples.REJECT)
    assert texts(records) == []
    with records.read() as connection:
        renewal = queries.find_renewal(connection, NUMBER, YEAR)
    assert renewal is not None
    assert (renewal.status, renewal.decisions[-1].by, renewal.decisions[-1].reason) == ("rejected", MANAGER, "")


def test_rows_that_were_restored_are_erased_when_the_event_is_applied_again(records: Records) -> None:
    before = texts(records)
    follow(records, ERASED, 2)
    note = {"note": uuid4(), "member": NUMBER, "text": "از یک نسخهٔ پشتیبان", "written_at": AT}
    records.write(lambda connection: connection.execute(NOTES.insert().values(note)).close())
    follow(records, ERASED, 2)
    assert len(before) == 3
    assert texts(records) == []


def test_a_declaration_from_another_copy_waits_for_the_erasure_and_is_refused(postgres_url: str) -> None:
    first, second = Database(postgres_url), Database(postgres_url)
    enrol(Records(first, LOG))
    handle(Records(first, LOG), samples.REQUEST)
    with (
        behind(
            first,
            lambda connection: personal_data.erase(connection, personal_data.Declaration((), ()), NUMBER, AT),
            lambda: handle(Records(second, LOG), samples.SUBMIT),
        ) as outcome,
        pytest.raises(Refused) as refused,
    ):
        outcome.result()
    assert refused.value.reason is Reason.UNKNOWN_MEMBER
    assert texts(Records(first, LOG)) == []
    for one in (first, second):
        one.close()
