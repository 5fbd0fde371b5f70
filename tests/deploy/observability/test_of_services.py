"""Metrics of the services' own rows: the bank and its payments, the desk's promises, and what became of messages."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from deploy.observability.definitions import Sample
from deploy.observability.notification import NotificationMetrics
from deploy.observability.payment import PaymentMetrics
from deploy.observability.renewal import RenewalMetrics, overdue_at
from services.notification import tables as notification_tables
from services.notification.service import LOG as NOTIFICATION_LOG
from services.payment import process
from services.payment import projection as payment_projection
from services.payment import tables as payment_tables
from services.payment.attempts import polling
from services.payment.banks import circuit_breaker
from services.renewal import tables as renewal_tables
from shared.contract.notification import events as notice_events
from shared.contract.notification.values import NoticeKind, NoticeValues, Way
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.settings import Settings
from tests.services.payment import samples as s
from tests.support.sample_log import metadata

SETTINGS = Settings()
Values = dict[tuple[str, ...], float]


def opened(url: str, tables: Any) -> Iterator[Database]:
    database = Database(url)
    database.create_tables(log.TABLES, *tables)
    yield database
    database.close()


def values(database: Database, metrics: Any, metric: str, at: Any = s.AT) -> Values:
    """A metric's values by its labels, as they are read now."""
    with database.read() as connection:
        samples: list[Sample] = list(metrics.samples(connection, at))
    return {one.labels: one.value for one in samples if one.metric == metric}


@pytest.fixture
def payment(database_url: str) -> Iterator[Records]:
    for database in opened(database_url, payment_tables.TABLES):
        yield Records(database, EventLog("payment", payment_projection.project, process.react))


def test_the_oldest_payment_without_a_result_is_the_one_that_counts(payment: Records) -> None:
    metrics, metric = PaymentMetrics(SETTINGS), "tamdid_payment_oldest_unknown_seconds"
    assert values(payment.database, metrics, metric) == {("zarinpal",): 0}
    s.record(payment, s.ISSUE, s.start())
    other = s.start(s.SECOND, s.OTHER_AUTHORITY, s.AT + timedelta(minutes=10))
    s.record(payment, s.issue(s.OTHER_MEMBER), other, member=s.OTHER_MEMBER)
    at = s.AT + timedelta(minutes=16)
    assert values(payment.database, metrics, metric, at) == {("zarinpal",): 16 * 60}
    s.record(payment, s.settle())
    assert values(payment.database, metrics, metric, at) == {("zarinpal",): 6 * 60}


def test_a_settled_payment_that_the_bank_is_asked_about_again_is_not_unknown(payment: Records) -> None:
    s.record(payment, s.ISSUE, s.start(), s.settle())
    payment.write(lambda connection: polling.poll_now(connection, s.AUTHORITY, s.AT))
    at = s.AT + timedelta(hours=1)
    assert values(payment.database, PaymentMetrics(SETTINGS), "tamdid_payment_oldest_unknown_seconds", at) == {
        ("zarinpal",): 0
    }


def test_attempts_are_counted_by_bank_and_outcome(payment: Records) -> None:
    metrics, metric = PaymentMetrics(SETTINGS), "tamdid_payment_attempts_total"
    assert set(values(payment.database, metrics, metric).values()) == {0}
    s.record(payment, s.ISSUE, s.start(), s.fail(), s.start(s.SECOND, s.OTHER_AUTHORITY), s.settle(s.SECOND))
    found = values(payment.database, metrics, metric)
    assert {labels[1]: value for labels, value in found.items() if value} == {"started": 2, "failed": 1, "settled": 1}
    assert {bank for bank, _ in found} == {"zarinpal"}


def test_a_bank_that_does_not_answer_is_down(payment: Records) -> None:
    metrics, metric = PaymentMetrics(SETTINGS), "tamdid_bank_up"
    assert values(payment.database, metrics, metric) == {("zarinpal",): 1}
    for _ in range(circuit_breaker.FAILURES_MAX):
        payment.write(lambda connection: circuit_breaker.record_answer(connection, s.BANK, s.AT, is_well=False))
    assert values(payment.database, metrics, metric) == {("zarinpal",): 0}


@pytest.fixture
def renewal(database_url: str) -> Iterator[Database]:
    yield from opened(database_url, renewal_tables.TABLES)


def put_renewal(database: Database, member: str, **changes: Any) -> None:
    row = {
        "member": member, "year": 1405, "province": "yazd", "licence": "{}", "status": "submitted", "tracking_code": member,
        "requested_at": s.AT, "member_class": "grade_2", "licence_fields": "", "licence_ends": False, "review_due_at": s.AT,
    }  # fmt: skip
    database.write(lambda connection: connection.execute(renewal_tables.RENEWALS.insert().values({**row, **changes})))


def test_declarations_are_overdue_from_their_promise_until_they_are_decided(renewal: Database) -> None:
    put_renewal(renewal, "0001")
    put_renewal(renewal, "0002", review_due_at=s.AT + timedelta(seconds=1))
    put_renewal(renewal, "0003", status="approved")
    put_renewal(renewal, "0004", review_due_at=None)
    put_renewal(renewal, "0005", province="qom")
    metrics, metric = RenewalMetrics(SETTINGS), "tamdid_desk_overdue"
    assert values(renewal, metrics, metric) == {("isfahan",): 0, ("qom",): 1, ("yazd",): 1}
    assert values(renewal, metrics, metric, s.AT + timedelta(seconds=1))["yazd",] == 2


def test_the_overdue_are_found_by_the_index_of_the_desk(sqlite_url: str) -> None:
    for database in opened(sqlite_url, renewal_tables.TABLES):
        statement = overdue_at(s.AT).compile(database.engine, compile_kwargs={"literal_binds": True})
        with database.read() as connection:
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all()
        assert "INDEX desk (province=? AND status=?" in str(plan)


@pytest.fixture
def notification(database_url: str) -> Iterator[Database]:
    yield from opened(database_url, notification_tables.TABLES)


def test_messages_are_counted_by_way_and_outcome(notification: Database) -> None:
    metrics, metric = NotificationMetrics(SETTINGS), "tamdid_notices_total"
    assert set(values(notification, metrics, metric).values()) == {0}
    notice, attempt = uuid4(), uuid4()
    about: dict[str, Any] = {"notice": notice, "person": "member:0123456"}
    sent = {**about, "attempt": attempt, "way": Way.SMS, "provider": "kavenegar"}
    events = [
        notice_events.NoticeDue(
            **about, province="yazd", kind=NoticeKind.RETURNED, fact=uuid4(), values=NoticeValues(), happened_at=s.AT,
            send_at=s.AT,
        ),
        notice_events.NoticeSent(**sent, segments=1, cost_rials=1, sent_at=s.AT),
        notice_events.NoticeFailed(**sent, cause="undelivered", failed_at=s.AT),
    ]  # fmt: skip
    stream = f"notice/0123456/{notice}"
    notification.write(lambda writing: NOTIFICATION_LOG.append(writing, stream, 0, events, metadata(), s.AT))
    found = values(notification, metrics, metric)
    assert {labels: value for labels, value in found.items() if value} == {("sms", "sent"): 1, ("sms", "failed"): 1}
    assert len(found) == 2 * 3
