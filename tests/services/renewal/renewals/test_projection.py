"""Renewal's views and answers, on SQLite and on PostgreSQL, with everything that goes with a command."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from services.renewal import subscriptions
from services.renewal.declarations import drafts
from services.renewal.office_hours import rules
from services.renewal.office_hours.rules import SIGHT
from services.renewal.renewals import desk as desk_queries
from services.renewal.renewals import queries
from services.renewal.renewals.domain import renewal_decider
from services.renewal.renewals.handler import save_texts
from services.renewal.renewals.state import Member
from services.renewal.service import LOG
from shared.contract.auth import events
from shared.contract.envelope import Metadata, Recorded
from shared.contract.renewal import answers, commands
from shared.contract.renewal.queries import ListDesk
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from tests.services.renewal import samples as s
from tests.services.renewal.declarations import test_drafts

RULE = rules.load_rule()
RENEWAL = renewal_decider(s.CONTEXT)
STREAM = f"renewal/{s.NUMBER}/{s.YEAR}"


@pytest.fixture
def records(database_url: str) -> Records:
    db = Database(database_url)
    return Records(db, LOG)


def renewal(records: Records) -> answers.Renewal:
    with records.read() as connection:
        found = queries.find_renewal(connection, s.NUMBER, s.YEAR)
    assert found is not None
    return found


def submit(records: Records) -> None:
    records.handle(STREAM, s.REQUEST, RENEWAL)
    records.handle(STREAM, s.SUBMIT, RENEWAL, partial(save_texts, command=s.SUBMIT))


def test_a_renewal_is_answered_with_its_declarations_and_decisions(records: Records) -> None:
    submit(records)
    records.handle(STREAM, s.RETURN, RENEWAL, partial(save_texts, command=s.RETURN))
    found = renewal(records)
    assert found.status == "returned"
    assert [one.form for one in found.declarations] == [s.FORM]
    assert [(one.outcome, one.reason, one.by) for one in found.decisions] == [("returned", s.RETURN.reason, s.MANAGER)]
    assert found.jobs == (s.JOB,)


def test_the_desk_shows_its_province_the_oldest_promise_first(records: Records) -> None:
    for number, (member, province) in enumerate([("0001", "isfahan"), ("0002", "isfahan"), ("0003", "fars")]):
        due = s.DUE - timedelta(hours=number)
        facts = [
            s.REQUESTED.model_copy(update={"member": member, "province": province}),
            s.SUBMITTED.model_copy(update={"member": member, "review_due_at": due}),
        ]
        metadata = Metadata(correlation_id=uuid4(), causation_id=uuid4())
        records.write(lambda c, m=member, f=facts, md=metadata: LOG.append(c, f"renewal/{m}/1405", 0, f, md, s.AT))  # type: ignore[misc]
    with records.read() as connection:
        desk = desk_queries.page(connection, RULE, ListDesk(province="isfahan", limit=10, offset=0), s.DUE)
        second = desk_queries.page(connection, RULE, ListDesk(province="isfahan", limit=1, offset=1), s.DUE)
    assert [one.member for one in desk.renewals] == ["0002", "0001"]
    assert (desk.total, desk.overdue) == (2, 1)
    assert desk.counts == {"submitted": 2}
    assert [one.member for one in second.renewals] == ["0001"]


def test_who_was_promised_nothing_lies_before_whoever_came_later(records: Records) -> None:
    """The office opens again after two months: the oldest declaration is the one without a promise."""
    reopened = s.AT + SIGHT + timedelta(days=10)
    unpromised = {"member": "0001", "review_due_at": s.AT + SIGHT, "review_is_promised": False}
    later = {"member": "0002", "submitted_at": reopened, "review_due_at": reopened + timedelta(days=2)}
    for news in (later, unpromised):
        facts = [s.REQUESTED.model_copy(update={"member": news["member"]}), s.SUBMITTED.model_copy(update=news)]
        metadata = Metadata(correlation_id=uuid4(), causation_id=uuid4())
        stream = f"renewal/{news['member']}/1405"
        records.write(lambda c, to=stream, f=facts, md=metadata: LOG.append(c, to, 0, f, md, s.AT))  # type: ignore[misc]
    with records.read() as connection:
        desk = desk_queries.page(
            connection, RULE, ListDesk(province="isfahan", limit=10, offset=0), reopened + timedelta(days=1)
        )
    assert [(one.member, one.review_due_at is None) for one in desk.renewals] == [("0001", True), ("0002", False)]


def test_a_renewal_requested_again_forgets_the_old_promise(records: Records) -> None:
    submit(records)
    records.handle(STREAM, s.WITHDRAW, RENEWAL)
    records.handle(STREAM, s.REQUEST.model_copy(update={"id": uuid4()}), RENEWAL)
    found = renewal(records)
    assert (found.status, found.submitted_at, found.review_due_at) == ("requested", None, None)


def test_members_are_known_by_the_last_event_of_auth(records: Records) -> None:
    enrolled = events.MemberEnrolled(
        member=s.NUMBER, province="fars", licence=s.LICENCE, enrolled_by="officer:admin", enrolled_at=s.AT
    )
    moved = events.MembershipChanged(
        member=s.NUMBER, province="isfahan", licence=s.LICENCE, changed_by="officer:admin", changed_at=s.AT
    )
    removed = events.MemberRemoved(member=s.NUMBER, province="isfahan", removed_by="officer:admin", removed_at=s.AT)
    found = []
    for position, fact in enumerate([enrolled, moved, removed], start=1):
        recorded = Recorded("auth", position, f"member/{s.NUMBER}", position, uuid4(), type(fact).__name__,
                         fact.model_dump_json(), Metadata(correlation_id=uuid4(), causation_id=uuid4()), s.AT)  # fmt: skip
        records.write(lambda connection, recorded=recorded: subscriptions.on_auth_event(connection, recorded))  # type: ignore[misc]
        with records.read() as connection:
            found.append(queries.find_member(connection, s.NUMBER))
    assert found == [Member("fars", s.LICENCE), Member("isfahan", s.LICENCE), None]


def draft(records: Records) -> answers.Draft | None:
    with records.read() as connection:
        return drafts.find(connection, s.NUMBER, s.YEAR)


def test_a_draft_is_kept_as_typed_the_last_one_alone_and_forgotten_when_it_is_sent(records: Records) -> None:
    test_drafts.enrol(records)
    records.handle(STREAM, s.REQUEST, RENEWAL)
    for text in ("۰۹۱۳", "۰۹۱۳ ناتمام"):
        command = commands.SaveDraft(**s.stamped(fields={"mobile": text, "jobs.0.title": "معدن"}))
        records.write(partial(drafts.save, command=command))
    assert draft(records) == answers.Draft(fields={"mobile": "۰۹۱۳ ناتمام", "jobs.0.title": "معدن"}, kept_at=s.AT)
    records.handle(STREAM, s.SUBMIT, RENEWAL, partial(save_texts, command=s.SUBMIT))
    assert draft(records) is None
