"""Facts of the other services become notices, on SQLite and on PostgreSQL: once, in time, and never by a replay."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, delete, insert, select

from services.notification import followed, subscriptions, templates
from services.notification.notices import queries
from services.notification.reminders import rules
from services.notification.reminders.worker import Reminders
from services.notification.service import LOG
from services.notification.tables import CONTACTS, MESSAGES, NOTICES, PROJECTIONS, STARTS
from services.notification.timers import SENDING
from shared.contract.auth import events as auth
from shared.contract.base import Event
from shared.contract.envelope import Recorded
from shared.contract.notification.queries import ListNotices
from shared.contract.payment import events as payment
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.epoch import epoch_of
from shared.settings import Settings
from tests.services.notification import samples as s

TEXTS = templates.load(Settings().templates_folder, "http://127.0.0.1:8000")
STORY = (s.ENROLLED, s.REQUESTED, s.SUBMITTED, s.ISSUED, s.SETTLED, s.CONFIRMED, s.granted(6))


def follow(records: Records, *events: Event, at: datetime = s.AT, first: int = 1) -> None:
    for position, event in enumerate(events, start=first):
        apply(records, s.recorded(event, position), at)


def apply(records: Records, recorded: Recorded, at: datetime = s.AT) -> None:
    records.write(lambda connection: subscriptions.on_event(connection, recorded, LOG, rules.load(), at))


def notices(records: Records) -> list[Any]:
    with records.read() as connection:
        return list(connection.execute(select(NOTICES).order_by(NOTICES.c.notified_at, NOTICES.c.kind)))


def log(records: Records) -> list[Recorded]:
    with records.read() as connection:
        return LOG.read(connection, 0, 100)


def test_a_renewal_is_told_step_by_step(records: Records) -> None:
    follow(records, *STORY)
    found = {row.kind: row for row in notices(records)}
    assert set(found) == {"approved", "payment_confirmed", "payment_received", "request_received"}
    assert {row.province for row in found.values()} == {s.PROVINCE}
    assert s.CODE in found["request_received"].values
    assert "6000000" in found["approved"].values


def test_the_same_fact_again_is_told_once(records: Records) -> None:
    follow(records, *STORY)
    follow(records, *STORY)
    assert len(notices(records)) == 4


def test_what_may_be_undone_waits_and_is_told_to_nobody_where_it_is(records: Records) -> None:
    follow(records, s.ENROLLED, s.REQUESTED, s.RETURNED)
    [row] = notices(records)
    assert row.notified_at == s.AT + timedelta(minutes=5)
    with records.read() as connection:
        assert SENDING.armed(connection, [row.notice]) == {str(row.notice): row.notified_at}
    follow(records, s.UNDONE, first=4)
    [row] = notices(records)
    assert row.passed == "undone"
    with records.read() as connection:
        assert SENDING.armed(connection, [row.notice]) == {}


def test_what_is_too_old_is_only_in_the_inbox(records: Records) -> None:
    follow(records, s.ENROLLED, s.REQUESTED, s.SUBMITTED, at=s.AT + timedelta(days=2))
    [row] = notices(records)
    assert row.passed == "too_old"
    with records.read() as connection:
        assert SENDING.armed(connection, [row.notice]) == {}


def test_facts_of_before_the_first_start_are_only_in_the_inbox(records: Records) -> None:
    def start(connection: Connection) -> None:
        epoch = epoch_of(connection).epoch
        connection.execute(insert(STARTS).values(epoch=epoch, started_at=s.AT + timedelta(minutes=1)))

    records.write(start)
    follow(records, s.ENROLLED, s.REQUESTED, s.SUBMITTED)
    assert [row.passed for row in notices(records)] == ["before_start"]


def test_a_replay_of_the_projections_gives_the_same_rows_and_arms_nothing(records: Records) -> None:
    follow(records, *STORY)

    def everything(connection: Connection) -> dict[str, list[Any]]:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in PROJECTIONS.sorted_tables}

    def replay(connection: Connection) -> None:
        for table in PROJECTIONS.sorted_tables:
            connection.execute(delete(table))
        for notice in before_notices:
            SENDING.cancel(connection, notice.notice)
        for position, event in enumerate(STORY, start=1):
            followed.project(connection, s.recorded(event, position))
        for recorded in own:
            LOG.project(connection, recorded)

    with records.read() as connection:
        before = everything(connection)
    before_notices, own = notices(records), log(records)
    records.write(replay)
    with records.read() as connection:
        assert everything(connection) == before
        assert SENDING.first_due(connection, s.AT + timedelta(days=400)) is None


def test_an_erasure_leaves_no_address_and_no_text(records: Records) -> None:
    follow(records, *STORY)
    contact = {"person": s.PERSON, "way": "sms", "member": s.MEMBER, "value": "09130000001"}
    message = {
        "attempt": uuid4(), "notice": notices(records)[0].notice, "member": s.MEMBER, "way": "sms",
        "provider": "kavenegar", "address": "09130000001", "text": "متن", "handed_at": s.AT,
    }  # fmt: skip

    def fill(connection: Connection) -> None:
        connection.execute(insert(CONTACTS).values(contact))
        connection.execute(insert(MESSAGES).values(message))

    records.write(fill)
    follow(records, s.ERASED, at=s.ERASED.erased_at, first=10)
    with records.read() as connection:
        assert [*connection.execute(select(CONTACTS))] == [*connection.execute(select(MESSAGES))] == []
    assert len(notices(records)) == 4


@pytest.mark.parametrize("event", [s.APPOINTED, s.ENROLLED], ids=lambda event: type(event).__name__)
def test_most_facts_are_told_to_nobody(records: Records, event: Event) -> None:
    follow(records, event)
    assert log(records) == []


def test_finance_is_told_of_money_though_renewal_has_not_been_heard(records: Records) -> None:
    finance = s.APPOINTED.model_copy(update={"officer": "reza", "roles": (Role.FINANCE,)})
    held = payment.PaymentHeld(**s.ABOUT, attempt=s.SETTLED.attempt, authority="A1", cause="amount", held_at=s.AT)
    follow(records, finance, s.ENROLLED, s.ISSUED, held)
    assert [row.kind for row in notices(records) if row.person == "officer:reza"] == ["money_exception"]


def test_an_officer_of_many_provinces_is_told_in_that_of_the_matter_and_of_the_own_account_in_none(
    records: Records,
) -> None:
    many = {"officer": "reza", "roles": (Role.FINANCE, Role.MANAGER), "provinces": ("alborz", s.PROVINCE)}
    officer = s.APPOINTED.model_copy(update=many)
    held = payment.PaymentHeld(**s.ABOUT, attempt=s.SETTLED.attempt, authority="A1", cause="amount", held_at=s.AT)
    changed = auth.PasswordChanged(account="officer:reza", changed_by="officer:reza", changed_at=s.AT)
    follow(records, officer, s.ENROLLED, s.REQUESTED, s.SUBMITTED, s.ISSUED, held, changed)
    for at in (s.SUBMITTED.review_due_at - timedelta(minutes=60), rules.load().next_morning(s.AT)):
        Reminders(records, rules.load()).notify_due(at)
    found = {row.kind: row.province for row in notices(records) if row.person == "officer:reza"}
    matters = {"money_exception": s.PROVINCE, "promise_ends": s.PROVINCE}
    assert found == {**matters, "password_changed": "", "desk_digest": ""}


def test_what_is_undone_takes_no_decision_of_before_with_it(records: Records) -> None:
    """The one that is undone came too late to be sent, and the one before has no report of its delivery."""
    follow(records, s.ENROLLED, s.REQUESTED, s.RETURNED)
    late = s.recorded(s.RETURNED, 4, s.AT + timedelta(days=1))
    apply(records, late, s.AT + timedelta(days=40))
    apply(records, s.recorded(s.UNDONE, 5, s.AT + timedelta(days=1)), s.AT + timedelta(days=40))
    assert [row.passed for row in notices(records)] == ["", "undone"]
    with records.read() as connection:
        found = queries.inbox(connection, TEXTS, s.PERSON, ListNotices(), s.AT + timedelta(days=41))
    assert [one.notified_at for one in found.notices] == [notices(records)[0].notified_at]
