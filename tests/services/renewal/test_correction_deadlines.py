"""A renewal's rows around its review, on SQLite and on PostgreSQL: recalled, opened, noted, undone, and expired by its timer."""

from datetime import timedelta
from typing import Any
from uuid import uuid4, uuid5

import pytest
from sqlalchemy import Connection, update

from services.renewal import correction_deadlines
from services.renewal.declarations import drafts
from services.renewal.office_hours import rules
from services.renewal.renewals import desk, handler, mine_claims, queries
from services.renewal.renewals.domain import Command, renewal_decider
from services.renewal.service import LOG
from services.renewal.tables import DECISIONS
from shared.contract.auth import events as auth_events
from shared.contract.envelope import Metadata
from shared.contract.refusals import ID_TAKEN, Reason, Refused
from shared.contract.renewal import answers, commands
from shared.contract.renewal.queries import ListDesk
from shared.event_store import command_handler
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from tests.services.renewal import samples as s
from tests.services.renewal.declarations.test_drafts import enrol, follow, stored, typed
from tests.support.waiting import behind

RULE = rules.load_rule()
OTHER_FORM = s.FORM.model_copy(update={"city": "کاشان", "jobs": ()})


@pytest.fixture
def records(database_url: str) -> Records:
    made = Records(Database(database_url), LOG)
    enrol(made)
    send(made, commands.RequestRenewal)
    send(made, commands.SubmitDeclaration, form=s.FORM)
    return made


def send(records: Records, kind: type[Any], **more: Any) -> Command:
    command: Command = kind(**s.stamped(**more))
    handler.handle(records, RULE, command)
    return command


def renewal(records: Records) -> answers.Renewal:
    with records.read() as connection:
        found = queries.find_renewal(connection, s.NUMBER, s.YEAR)
    assert found is not None
    return found


def on_desk(records: Records, status: str = "submitted") -> answers.Desk:
    query = ListDesk.model_validate({"province": "isfahan", "status": status})
    with records.read() as connection:
        return desk.page(connection, RULE, query, s.AT)


def returned(records: Records, **more: Any) -> Command:
    return send(records, commands.ReturnRenewal, actor=s.MANAGER, reason=s.RETURN.reason, **more)


def test_a_recalled_declaration_leaves_the_desk_and_is_shown_to_nobody_as_sent(records: Records) -> None:
    send(records, commands.RecallDeclaration)
    found = renewal(records)
    assert (found.status, found.recalled_at, found.submitted_at, found.declarations) == ("requested", s.AT, None, ())
    assert on_desk(records).total == 0
    with records.read() as connection:
        assert queries.last_declaration(connection, s.NUMBER) == s.FORM, "to go on with it"
        assert queries.earlier_declaration(connection, s.NUMBER, s.YEAR + 1) is None, "to compare the next year with"
        assert mine_claims.contested_by(connection, s.NUMBER, s.YEAR) == ()


def test_the_next_version_is_not_compared_with_a_recalled_one(records: Records) -> None:
    send(records, commands.RecallDeclaration)
    send(records, commands.SubmitDeclaration, form=OTHER_FORM)
    (row,) = on_desk(records).renewals
    assert row.desk is not None
    assert row.desk.change == "first"
    found = renewal(records)
    assert [(one.version, one.form) for one in found.declarations] == [(2, OTHER_FORM)]
    assert found.recalled_at is None


def test_a_recalled_correction_is_awaited_again_until_its_deadline(records: Records) -> None:
    returned(records)
    due_at = renewal(records).correction_due_at
    assert due_at is not None
    send(records, commands.SubmitDeclaration, form=OTHER_FORM)
    assert renewal(records).correction_due_at is None
    send(records, commands.RecallDeclaration)
    found = renewal(records)
    assert (found.status, found.correction_due_at, found.jobs) == ("returned", due_at, (s.JOB,))
    assert [one.version for one in found.declarations] == [1]


def test_a_declaration_is_opened_once(records: Records) -> None:
    for later in (0, 5):
        at = s.AT + timedelta(minutes=later)
        send(records, commands.OpenReview, actor=s.MANAGER, declaration_version=1, at=at)
    assert renewal(records).opened_at == s.AT


def test_of_a_recall_and_an_opening_at_once_one_wins_and_the_other_is_refused(postgres_url: str) -> None:
    first, second = Records(Database(postgres_url), LOG), Records(Database(postgres_url), LOG)
    enrol(first)
    send(first, commands.RequestRenewal)
    send(first, commands.SubmitDeclaration, form=s.FORM)
    refused: list[Reason] = []

    def open_it() -> None:
        try:
            send(second, commands.OpenReview, actor=s.MANAGER, declaration_version=1)
        except Refused as refusal:
            refused.append(refusal.reason)

    recall = commands.RecallDeclaration(**s.stamped())
    with behind(first.database, lambda connection: decide_on(connection, recall), open_it) as outcome:
        outcome.result()
    assert refused == [Reason.NOT_SUBMITTED]
    assert renewal(first).status == "requested"


def decide_on(connection: Connection, command: Command) -> None:
    """The command within a transaction of the caller."""
    decider = renewal_decider(handler.decision_context(connection, RULE, command))
    metadata = Metadata(correlation_id=uuid4(), causation_id=command.id)
    command_handler.handle(connection, LOG, f"renewal/{s.NUMBER}/{s.YEAR}", command, decider, metadata)


def test_a_note_is_read_beside_the_declaration_until_it_is_erased(records: Records) -> None:
    note = send(records, commands.AddMemberNote, text="قرارداد معدن را فردا تمدید می‌کنم")
    assert isinstance(note, commands.AddMemberNote)
    (found,) = renewal(records).member_notes
    assert (found.text, found.at, found.declaration_version) == (note.text, s.AT, 1)
    erased = auth_events.MemberErased(
        member=s.NUMBER, province="isfahan", cause="wish_of_member", requested_by="a", granted_by="b", erased_at=s.AT
    )
    follow(records, erased, 2)
    assert renewal(records).member_notes == ()
    with pytest.raises(Refused, match="unknown_member"):
        send(records, commands.AddMemberNote, text="پس از پاک شدن")


def test_an_undone_return_is_on_record_as_undone_and_its_declaration_in_its_place(records: Records) -> None:
    before = on_desk(records)
    decision = returned(records)
    send(records, commands.UndoDecision, actor=s.MANAGER, decision=decision.id)
    found = renewal(records)
    assert (found.status, found.open_fields, found.correction_due_at, found.decision) == ("submitted", (), None, None)
    (undone,) = found.decisions
    assert (undone.decision, undone.undone_at, undone.reason) == (decision.id, s.AT, s.RETURN.reason)
    assert on_desk(records).renewals == before.renewals, "with the same place, due time and number of returns"


def test_a_correction_that_is_not_sent_expires_by_its_timer_and_no_earlier(records: Records) -> None:
    returned(records)
    due_at = renewal(records).correction_due_at
    assert due_at is not None
    correction_deadlines.expire_due(records, RULE, due_at - timedelta(seconds=1))
    assert renewal(records).status == "returned"
    for _ in range(2):
        correction_deadlines.expire_due(records, RULE, due_at)
    assert (renewal(records).status, renewal(records).correction_due_at) == ("expired", None)
    assert on_desk(records, "expired").total == 1
    with records.read() as connection:
        assert [one.type for one in LOG.stream(connection, f"renewal/{s.NUMBER}/{s.YEAR}")].count("RenewalExpired") == 1


def test_a_correction_that_came_in_time_does_not_expire(records: Records) -> None:
    returned(records)
    due_at = renewal(records).correction_due_at
    assert due_at is not None
    send(records, commands.SubmitDeclaration, form=OTHER_FORM)
    correction_deadlines.expire_due(records, RULE, due_at)
    assert renewal(records).status == "submitted"


def test_a_correction_that_is_recalled_after_its_timer_has_run_expires_too(records: Records) -> None:
    """The clock of the copy that ran the timer is ahead of the other's."""
    returned(records)
    due_at = renewal(records).correction_due_at
    assert due_at is not None
    send(records, commands.SubmitDeclaration, form=OTHER_FORM)
    correction_deadlines.expire_due(records, RULE, due_at)
    send(records, commands.RecallDeclaration, at=due_at - timedelta(seconds=1))
    correction_deadlines.expire_due(records, RULE, due_at)
    assert renewal(records).status == "expired"


def test_no_command_of_the_member_takes_the_place_of_the_expiry(records: Records) -> None:
    decision = returned(records)
    due_at = renewal(records).correction_due_at
    assert due_at is not None
    send(records, commands.SubmitDeclaration, form=OTHER_FORM, id=uuid5(decision.id, "expired"))
    send(records, commands.RecallDeclaration)
    correction_deadlines.expire_due(records, RULE, due_at)
    assert renewal(records).status == "expired"


def test_a_timer_waits_for_the_projection_of_its_return(records: Records) -> None:
    decision = returned(records)
    due_at = renewal(records).correction_due_at
    assert due_at is not None
    records.write(lambda connection: connection.execute(update(DECISIONS).values(note=uuid4())).close())
    correction_deadlines.expire_due(records, RULE, due_at)
    assert renewal(records).status == "returned"
    records.write(lambda connection: connection.execute(update(DECISIONS).values(note=decision.id)).close())
    correction_deadlines.expire_due(records, RULE, due_at + correction_deadlines.AGAIN_AFTER)
    assert renewal(records).status == "expired"


def test_what_a_recalled_version_changes_is_told_nobody(records: Records) -> None:
    returned(records)
    send(records, commands.SubmitDeclaration, form=OTHER_FORM)
    (row,) = on_desk(records).renewals
    assert row.desk is not None
    assert (row.desk.change, row.desk.changed_parts) == ("changed", ("jobs",))
    send(records, commands.RecallDeclaration)
    (row,) = on_desk(records, "returned").renewals
    assert row.desk is not None
    assert (row.desk.change, row.desk.changed_parts) == (None, ())


def test_a_draft_of_an_undone_return_is_discarded_with_the_approval(records: Records) -> None:
    decision = returned(records)
    records.write(lambda connection: drafts.save(connection, typed("کاشان")))
    send(records, commands.UndoDecision, actor=s.MANAGER, decision=decision.id)
    assert stored(records) is not None
    send(records, commands.ApproveRenewal, actor=s.MANAGER, declaration_version=1)
    assert stored(records) is None


@pytest.mark.parametrize("kind", [commands.RejectRenewal, commands.ReturnRenewal], ids=lambda kind: kind.__name__)
def test_a_decision_that_is_sent_again_after_it_was_undone_is_refused(records: Records, kind: type[Any]) -> None:
    about: dict[str, Any] = {"id": uuid4(), "actor": s.MANAGER, "reason": s.RETURN.reason}
    for _ in range(2):
        send(records, kind, **about)
    send(records, commands.UndoDecision, actor=s.MANAGER, decision=about["id"])
    with pytest.raises(Refused) as refused:
        send(records, kind, **about)
    assert (refused.value.reason, refused.value.details) == (Reason.CONFLICT, {"id": ID_TAKEN})
    send(records, kind, **about | {"id": uuid4()})
    assert renewal(records).decision is not None


def test_a_declaration_that_is_sent_again_after_it_was_recalled_is_refused(records: Records) -> None:
    send(records, commands.RecallDeclaration)
    command = send(records, commands.SubmitDeclaration, form=s.FORM)
    send(records, commands.SubmitDeclaration, form=s.FORM, id=command.id)
    send(records, commands.RecallDeclaration)
    with pytest.raises(Refused) as refused:
        send(records, commands.SubmitDeclaration, form=s.FORM, id=command.id)
    assert refused.value.details == {"id": ID_TAKEN}
    assert renewal(records).status == "requested"
