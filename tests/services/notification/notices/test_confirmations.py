"""A confirmed payment is told once with the year's capacity, in whichever order payment and capacity say so, or without it after a while."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from services.notification.notices import domain
from services.notification.reminders import rules
from services.notification.reminders.worker import Reminders
from services.notification.tables import NOTICES
from shared.contract.base import Event
from shared.contract.notification.values import NoticeKind, NoticeValues
from shared.contract.payment import events as payment
from shared.event_store.command_handler import Records
from tests.services.notification import samples as s
from tests.services.notification.notices.test_subscriptions import apply, notices

WAIT = timedelta(minutes=rules.load().minutes.capacity)
GRANTED = s.granted(7)
CONFIRMATION = s.recorded(s.CONFIRMED, 7)
WITHDRAWN = payment.ConfirmationWithdrawn(**s.ABOUT, province=s.PROVINCE, cause="reversed", withdrawn_at=s.AT)


def take(records: Records, *facts: Event, at: datetime = s.AT) -> None:
    """Facts as their sources have recorded them: payment's are from position 7 on."""
    for position, fact in enumerate(facts, start=1):
        place = 7 if fact == s.CONFIRMED else position
        apply(records, s.recorded(fact, place, at=s.AT), at)


def look(records: Records, at: datetime) -> None:
    Reminders(records, rules.load()).notify_due(at)


def due(records: Records) -> list[Any]:
    return [(row.fact, NoticeValues.model_validate_json(row.values)) for row in notices(records)]


WITH_CAPACITY = NoticeValues(year=s.YEAR, ceiling_units=72_000, remaining_units=6_000)


@pytest.mark.parametrize("facts", sorted(permutations((s.CONFIRMED, GRANTED)), key=str), ids=["capacity", "payment"])
def test_it_is_told_once_with_the_capacity_whoever_is_first(records: Records, facts: tuple[Event, ...]) -> None:
    take(records, s.ENROLLED, *facts, *facts)
    look(records, s.AT + WAIT)
    assert due(records) == [(CONFIRMATION.event_id, WITH_CAPACITY)]


def test_it_waits_for_the_capacity_and_then_is_told_without(records: Records) -> None:
    take(records, s.ENROLLED, s.CONFIRMED)
    look(records, s.AT + WAIT - timedelta(seconds=1))
    assert due(records) == []
    look(records, s.AT + WAIT)
    look(records, s.AT + 2 * WAIT)
    assert due(records) == [(CONFIRMATION.event_id, NoticeValues(year=s.YEAR))]
    take(records, GRANTED)
    assert len(due(records)) == 1


def test_a_grant_that_names_no_confirmation_tells_the_one_that_is_waited_for(records: Records) -> None:
    take(records, s.ENROLLED, s.CONFIRMED, s.granted())
    look(records, s.AT + WAIT)
    assert due(records) == [(CONFIRMATION.event_id, WITH_CAPACITY)]


def test_a_grant_of_a_confirmation_that_is_not_waited_for_tells_nothing(records: Records) -> None:
    take(records, s.ENROLLED, s.granted())
    assert due(records) == []


def test_a_confirmation_that_is_withdrawn_meanwhile_is_not_told(records: Records) -> None:
    take(records, s.ENROLLED, s.CONFIRMED, WITHDRAWN)
    look(records, s.AT + WAIT)
    assert due(records) == []


def test_what_the_version_before_has_told_is_not_told_again(records: Records) -> None:
    """It told a confirmation at once, by the id of payment's event."""
    notice = domain.notice_id(CONFIRMATION.event_id, s.PERSON, NoticeKind.PAYMENT_CONFIRMED)
    take(records, s.ENROLLED, s.CONFIRMED, GRANTED)
    with records.read() as connection:
        assert [*connection.execute(select(NOTICES.c.notice)).scalars()] == [notice]


@pytest.mark.parametrize("fact", [GRANTED, s.NEARLY_USED], ids=lambda fact: type(fact).__name__)
def test_what_capacity_records_long_after_the_fact_is_only_in_the_inbox(records: Records, fact: Event) -> None:
    """Such as after its database was made again from the other services' logs."""
    take(records, s.ENROLLED)
    apply(records, s.recorded(fact, 2, at=s.AT + timedelta(days=30)), s.AT + timedelta(days=30))
    assert [row.passed for row in notices(records)] == ["too_old"]


def test_that_the_capacity_is_nearly_used_is_told_with_what_is_left(records: Records) -> None:
    take(records, s.ENROLLED)
    fact = s.recorded(s.NEARLY_USED, 2)
    for _ in range(2):
        apply(records, fact)
    assert due(records) == [(fact.event_id, WITH_CAPACITY)]
