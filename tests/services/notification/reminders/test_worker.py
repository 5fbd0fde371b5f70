"""Reminders, on SQLite and on PostgreSQL: told when they are due if they still help, once, however often the program looks."""

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from services.notification.reminders import rules, worker
from services.notification.reminders.worker import Reminders
from services.notification.tables import MEMBERS, NOTICES
from services.notification.timers import INVOICE_ENDS, PAYMENTS, SWEEPS
from services.renewal.office_hours.rules import WEEKDAYS, load_rule
from shared.contract.auth import events as auth
from shared.contract.payment import events as payment
from shared.contract.renewal import events as renewal
from shared.event_store.command_handler import Records
from shared.text import persian
from tests.services.notification import samples as s
from tests.services.notification.notices.test_subscriptions import follow

BEFORE = (s.APPOINTED, s.ENROLLED, s.REQUESTED, s.SUBMITTED)
STARTED = payment.PaymentStarted(
    **s.ABOUT, attempt=s.SETTLED.attempt, authority="A1", amount_rials=6_000_000, started_at=s.AT
)
SEASON = rules.load().morning(persian.parse_date("1405/02/24"))
"""Seven days before the deadline of the season."""


def counts(records: Records, *kinds: str) -> Counter[tuple[str, str]]:
    """How often who was told which kind."""
    with records.read() as connection:
        rows = connection.execute(select(NOTICES)).all()
    return Counter((row.person, row.kind) for row in rows if row.kind in kinds)


def look(records: Records, *instants: datetime) -> None:
    for at in instants:
        for _ in range(3):
            Reminders(records, rules.load()).notify_due(at)


def test_an_invoice_is_reminded_of_seven_days_and_a_day_before_its_end(records: Records) -> None:
    follow(records, *BEFORE, s.ISSUED)
    end = s.ISSUED.payable_until
    look(records, end - timedelta(days=8))
    assert counts(records, "invoice_ends") == {}
    look(records, end - timedelta(days=7), end - timedelta(days=2))
    assert counts(records, "invoice_ends") == {(s.PERSON, "invoice_ends"): 1}
    look(records, end - timedelta(days=1), end)
    assert counts(records, "invoice_ends") == {(s.PERSON, "invoice_ends"): 2}


def test_an_invoice_that_is_paid_is_not_reminded_of(records: Records) -> None:
    follow(records, *BEFORE, s.ISSUED, s.SETTLED)
    look(records, s.ISSUED.payable_until)
    assert counts(records, "invoice_ends") == {}


def test_an_invoice_that_is_extended_is_reminded_of_by_its_new_end(records: Records) -> None:
    later = s.ISSUED.payable_until + timedelta(days=30)
    extended = payment.InvoiceExtended(**s.ABOUT, payable_until=later, cause="renewed", extended_at=s.AT)
    follow(records, *BEFORE, s.ISSUED, extended)
    look(records, s.ISSUED.payable_until)
    assert counts(records, "invoice_ends") == {}
    look(records, later - timedelta(days=7))
    assert counts(records, "invoice_ends") == {(s.PERSON, "invoice_ends"): 1}


def test_of_a_payment_without_a_result_the_member_is_told_not_to_pay_again(records: Records) -> None:
    follow(records, *BEFORE, s.ISSUED, STARTED)
    look(records, s.AT + timedelta(minutes=29))
    assert counts(records, "payment_unknown") == {}
    look(records, s.AT + timedelta(minutes=30))
    assert counts(records, "payment_unknown") == {(s.PERSON, "payment_unknown"): 1}


@pytest.mark.parametrize("is_held_first", [False, True])
def test_of_one_attempt_without_a_result_the_member_is_told_once(records: Records, is_held_first: bool) -> None:
    held = payment.PaymentHeld(**s.ABOUT, attempt=STARTED.attempt, authority="A1", cause="amount", held_at=s.AT)
    follow(records, *BEFORE, s.ISSUED, STARTED)
    if is_held_first:
        follow(records, held, first=20)
    look(records, s.AT + timedelta(minutes=30))
    follow(records, held, first=20)
    assert counts(records, "payment_unknown") == {(s.PERSON, "payment_unknown"): 1}


def test_of_a_payment_with_a_result_the_member_is_not_told_so(records: Records) -> None:
    follow(records, *BEFORE, s.ISSUED, STARTED, s.SETTLED)
    look(records, s.AT + timedelta(hours=1))
    assert counts(records, "payment_unknown") == {}


def test_a_payment_is_told_as_of_its_half_hour_though_the_program_was_killed_at_it(records: Records) -> None:
    follow(records, *BEFORE, s.ISSUED, STARTED)
    due_at = s.AT + timedelta(minutes=30)
    next(worker.claimed(PAYMENTS, records.database, due_at))
    look(records, due_at + worker.LEASE)
    with records.read() as connection:
        unknown = select(NOTICES.c.happened_at).where(NOTICES.c.kind == "payment_unknown")
        assert connection.execute(unknown).scalars().all() == [due_at]


def test_a_timer_that_is_armed_anew_while_it_is_looked_at_is_not_lost(records: Records) -> None:
    follow(records, *BEFORE, s.ISSUED)
    end = s.ISSUED.payable_until
    extended = payment.InvoiceExtended(
        **s.ABOUT, payable_until=end + timedelta(days=30), cause="renewed", extended_at=s.AT
    )
    at, reminders = end - timedelta(days=7), Reminders(records, rules.load())
    timer = next(worker.claimed(INVOICE_ENDS, records.database, at))
    follow(records, extended, first=20)
    records.write(lambda c: reminders.notify_one(c, INVOICE_ENDS, timer, reminders.invoice, at))
    assert counts(records, "invoice_ends") == {}, "its end is later now"
    look(records, at + timedelta(days=30))
    assert counts(records, "invoice_ends") == {(s.PERSON, "invoice_ends"): 1}


def test_two_copies_that_claim_a_morning_one_after_the_other_remind_each_member_once(many: Records) -> None:
    look(many, SEASON - timedelta(days=1))
    reminders = Reminders(many, rules.load())
    reminders.begin_mornings(SEASON)
    slow = [*worker.claimed(SWEEPS, many.database, SEASON)]
    look(many, SEASON + worker.LEASE)
    for timer in slow:
        many.write(lambda c: reminders.sweep(c, timer, SEASON + worker.LEASE))  # noqa: B023
    assert set(counts(many, "season_reminder").values()) == {1}
    with many.read() as connection:
        assert SWEEPS.first_due(connection, SEASON + timedelta(days=1)) is None


def test_managers_are_told_of_a_promise_before_it_is_missed(records: Records) -> None:
    follow(records, *BEFORE)
    look(records, s.SUBMITTED.review_due_at - timedelta(minutes=61))
    assert counts(records, "promise_ends") == {}
    look(records, s.SUBMITTED.review_due_at - timedelta(minutes=60))
    assert counts(records, "promise_ends") == {(s.OFFICER, "promise_ends"): 1}


def test_the_promise_of_an_earlier_version_counts_no_longer(records: Records) -> None:
    due_at = s.SUBMITTED.review_due_at
    corrected = s.SUBMITTED.model_copy(update={"declaration_version": 2, "review_due_at": due_at + timedelta(days=1)})
    follow(records, *BEFORE, s.RETURNED, corrected)
    look(records, due_at)
    assert counts(records, "promise_ends") == {}
    look(records, due_at + timedelta(days=1))
    assert counts(records, "promise_ends") == {(s.OFFICER, "promise_ends"): 1}


def test_of_a_decided_renewal_no_manager_is_counts(records: Records) -> None:
    follow(records, *BEFORE, s.RETURNED)
    look(records, s.SUBMITTED.review_due_at)
    assert counts(records, "promise_ends") == {}


def test_the_morning_tells_a_manager_how_many_wait(records: Records) -> None:
    follow(records, *BEFORE)
    morning = rules.load().next_morning(s.AT)
    look(records, morning, morning + timedelta(hours=1))
    assert counts(records, "desk_digest") == {(s.OFFICER, "desk_digest"): 1}
    look(records, morning + timedelta(days=1))
    assert counts(records, "desk_digest") == {(s.OFFICER, "desk_digest"): 2}


def digests(records: Records, day: str, *facts: renewal.CalendarDaySet) -> int:
    """How many were told on the morning of a Jalali day that requests wait."""
    follow(records, *BEFORE)
    follow(records, *facts, first=20)
    morning = rules.load().morning(persian.parse_date(day))
    look(records, morning)
    return sum(counts(records, "desk_digest").values())


def day_set(day: str, *, is_open: bool, province: str = s.PROVINCE) -> renewal.CalendarDaySet:
    hours = {"opens": time(8), "closes": time(12)} if is_open else {"opens": None, "closes": None}
    on = persian.parse_date(day)
    return renewal.CalendarDaySet(province=province, on=on, label="", set_by=s.OFFICER, set_at=s.AT, **hours)


WORKING_DAY, FRIDAY, HOLIDAY = "1405/04/14", "1405/04/19", "1405/12/29"


@pytest.mark.parametrize(
    ("day", "is_open", "count"),
    [
        (FRIDAY, None, 0),
        (FRIDAY, True, 1),
        (HOLIDAY, None, 0),
        (HOLIDAY, True, 1),
        (WORKING_DAY, None, 1),
        (WORKING_DAY, False, 0),
    ],
)
def test_on_a_day_on_which_the_office_is_closed_no_manager_is_told_how_many_wait(
    records: Records, day: str, is_open: bool | None, count: int
) -> None:
    facts = [] if is_open is None else [day_set(day, is_open=is_open)]
    assert digests(records, day, *facts) == count


def test_the_closed_day_of_another_province_closes_no_office_here(records: Records) -> None:
    assert digests(records, WORKING_DAY, day_set(WORKING_DAY, is_open=False, province="yazd")) == 1


def test_the_closed_days_of_the_week_are_those_of_the_office_hours() -> None:
    ranges = load_rule().range
    assert rules.load().closed == set(WEEKDAYS) - set().union(*(one.days for one in ranges))


@pytest.fixture
def many(records: Records, monkeypatch: pytest.MonkeyPatch) -> Records:
    """Members who have not renewed, more than two batches of them, and one who has paid."""
    monkeypatch.setattr(worker, "BATCH_MAX", 10)
    rows: list[dict[str, Any]] = [
        {"member": f"{number:07}", "province": s.PROVINCE, "paid_through": 1404, "licence_ends_on": None}
        for number in range(25)
    ]
    rows[0]["paid_through"] = 1405
    records.write(lambda connection: connection.execute(insert(MEMBERS), rows).close())
    return records


def test_each_member_who_has_not_renewed_is_reminded_of_the_season_once_a_day_of_it(many: Records) -> None:
    look(many, SEASON, SEASON + timedelta(hours=2))
    found = counts(many, "season_reminder")
    assert len(found) == 24
    assert set(found.values()) == {1}
    look(many, SEASON + timedelta(days=6))
    assert set(counts(many, "season_reminder").values()) == {2}


def test_a_morning_that_was_missed_is_on_record_and_too_old(many: Records) -> None:
    look(many, SEASON - timedelta(days=1))
    look(many, SEASON + timedelta(days=2))
    with many.read() as connection:
        passed = Counter(connection.execute(select(NOTICES.c.passed)).scalars())
    assert passed == {"too_old": 24}


def test_a_licence_that_ends_is_reminded_of(records: Records) -> None:
    ends = persian.day_of(SEASON) + timedelta(days=60)
    licence = s.LICENCE.model_copy(update={"expires_on": ends})
    enrolled = auth.MemberEnrolled.model_validate({**s.ENROLLED.model_dump(), "licence": licence})
    follow(records, enrolled)
    look(records, SEASON, SEASON + timedelta(days=1))
    assert counts(records, "licence_ends") == {(s.PERSON, "licence_ends"): 1}
