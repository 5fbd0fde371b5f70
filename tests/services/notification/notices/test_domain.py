"""The life of one notice."""

from datetime import timedelta
from typing import Any
from uuid import uuid4, uuid5

from services.notification.notices import domain
from services.notification.notices.domain import NOTICE
from shared.contract.notification import events
from shared.contract.notification.values import NoticeKind, NoticeValues
from shared.contract.refusals import Reason
from tests.services.notification import samples as s
from tests.support.given import given

FACT = uuid4()
ID = domain.notice_id(FACT, s.PERSON, NoticeKind.APPROVED)
KEY: dict[str, Any] = {"notice": ID, "person": s.PERSON}
ATTEMPT: dict[str, Any] = {**KEY, "attempt": uuid5(ID, "0"), "way": s.SMS, "provider": "kavenegar"}
DUE = events.NoticeDue(
    **KEY,
    kind=NoticeKind.APPROVED,
    province=s.PROVINCE,
    fact=FACT,
    values=NoticeValues(),
    happened_at=s.AT,
    send_at=s.AT,
)
SENT = events.NoticeSent(**ATTEMPT, segments=1, cost_rials=900, sent_at=s.AT)
DELIVERED = events.NoticeDelivered(**ATTEMPT, delivered_at=s.AT)
FAILED = events.NoticeFailed(**ATTEMPT, cause="undelivered", failed_at=s.AT)
PASSED = events.NoticePassed(**KEY, cause="no_way", passed_at=s.AT)
NOTIFY = domain.Notify(uuid4(), s.AT, DUE)


def record(event: domain.AttemptEvent) -> domain.Record:
    return domain.Record(uuid4(), s.AT, event)


def test_a_fact_is_told_once() -> None:
    assert given(NOTICE).when(NOTIFY) == [DUE]
    assert given(NOTICE, DUE).when(NOTIFY) == []
    assert given(NOTICE, DUE, PASSED).when(NOTIFY) == []


def test_what_is_too_old_is_in_the_inbox_only() -> None:
    old = domain.Notify(uuid4(), s.AT, DUE, "too_old")
    assert given(NOTICE).when(old) == [DUE, events.NoticePassed(**KEY, cause="too_old", passed_at=s.AT)]


def test_a_message_is_sent_once_and_has_one_end() -> None:
    assert given(NOTICE, DUE).when(record(SENT)) == [SENT]
    assert given(NOTICE, DUE, SENT).when(record(SENT)) == []
    assert given(NOTICE, DUE, SENT).when(record(DELIVERED)) == [DELIVERED]
    assert given(NOTICE, DUE, SENT, DELIVERED).when(record(DELIVERED)) == []
    assert given(NOTICE, DUE, SENT, DELIVERED).when(record(FAILED)) == []
    assert given(NOTICE, DUE, SENT, FAILED).when(record(DELIVERED)) == []


def test_a_report_after_the_end_is_recorded_too() -> None:
    assert given(NOTICE, DUE, SENT, PASSED).when(record(DELIVERED)) == [DELIVERED]


def test_what_has_arrived_is_not_passed() -> None:
    stop = domain.Pass(uuid4(), s.AT, "no_way")
    assert given(NOTICE, DUE).when(stop) == [PASSED]
    assert given(NOTICE, DUE, PASSED).when(stop) == []
    assert given(NOTICE, DUE, SENT, DELIVERED).when(stop) == []


def test_what_is_undone_goes_from_the_inbox_though_it_was_passed_for_another_cause() -> None:
    undo = domain.Pass(uuid4(), s.AT, "undone")
    undone = PASSED.model_copy(update={"cause": "undone"})
    assert given(NOTICE, DUE, PASSED).when(undo) == [undone]
    assert given(NOTICE, DUE, PASSED, undone).when(undo) == []
    assert given(NOTICE, DUE, SENT, DELIVERED).when(undo) == []


def test_it_is_read_once() -> None:
    read = domain.Read(uuid4(), s.AT + timedelta(hours=1))
    seen = events.NoticeRead(**KEY, read_at=read.at)
    assert given(NOTICE, DUE).when(read) == [seen]
    assert given(NOTICE, DUE, seen).when(read) == []


def test_sent_once_more_it_may_be_passed_again() -> None:
    resend = domain.Resend(uuid4(), s.AT, s.OFFICER)
    requested = events.ResendRequested(**KEY, note=resend.id, requested_by=s.OFFICER, requested_at=s.AT)
    assert given(NOTICE, DUE, PASSED).when(resend) == [requested]
    assert given(NOTICE, DUE, PASSED, requested).when(domain.Pass(uuid4(), s.AT, "no_way")) == [PASSED]


def test_it_is_sent_once_more_three_times_a_day_at_most() -> None:
    hours = [timedelta(hours=hour) for hour in (0, 5, 10)]
    before = [
        events.ResendRequested(**KEY, note=uuid4(), requested_by=s.OFFICER, requested_at=s.AT + hour) for hour in hours
    ]
    fourth, later = (domain.Resend(uuid4(), s.AT + timedelta(hours=hour), s.OFFICER) for hour in (23, 24))
    refused = given(NOTICE, DUE, *before).refuses(fourth, Reason.TOO_MANY_RESENDS)
    assert refused == {"until": "2026-07-05T06:30:00+00:00"}
    assert len(given(NOTICE, DUE, *before[1:]).when(fourth)) == 1
    assert len(given(NOTICE, DUE, *before).when(later)) == 1


def test_nothing_becomes_of_a_notice_that_is_not_there() -> None:
    for command in (record(SENT), domain.Pass(uuid4(), s.AT, "no_way"), domain.Read(uuid4(), s.AT)):
        given(NOTICE).refuses(command, Reason.UNKNOWN_NOTICE)
