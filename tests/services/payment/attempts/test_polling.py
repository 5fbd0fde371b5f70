from dataclasses import replace
from datetime import datetime, timedelta

from services.payment import process
from services.payment import projection as payment_projection
from services.payment.attempts import polling
from services.payment.tables import INQUIRIES
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from tests.services.payment.samples import (
    AT,
    AUTHORITY,
    BANK,
    FIRST,
    ISSUE,
    OTHER_AUTHORITY,
    OTHER_MEMBER,
    SECOND,
    fail,
    hold,
    issue,
    record,
    settle,
    start,
)


def claim(records: Records, at: datetime, bank: str = BANK) -> polling.DueInquiry | None:
    timers = INQUIRIES.claim_each(records.database, at, polling.next_inquiry(at), bank, most=1)
    return next(map(polling.due_inquiry, timers), None)


def mark(records: Records, at: datetime, authority: str = AUTHORITY) -> None:
    records.write(lambda connection: polling.poll_now(connection, authority, at))


def looks_within(records: Records, minutes: float) -> list[int]:
    """After how many seconds the bank is asked, if it never tells anything."""
    return [
        second for second in range(int(minutes * 60) + 1) if claim(records, AT + timedelta(seconds=second)) is not None
    ]


def test_an_unfinished_attempt_is_looked_at_with_growing_pauses(sqlite_records: Records) -> None:
    record(sqlite_records, ISSUE, start())
    assert looks_within(sqlite_records, 20) == [60, 120, 240, 420, 660, 960]


def test_a_marked_attempt_is_looked_at_at_once_and_soon_again(sqlite_records: Records) -> None:
    record(sqlite_records, ISSUE, start())
    mark(sqlite_records, AT)
    assert looks_within(sqlite_records, 5) == [0, 1, 6, 36, 96, 216]


def test_what_is_due_the_longest_is_taken_first_and_by_one_alone(records: Records) -> None:
    record(records, ISSUE, start())
    record(records, issue(OTHER_MEMBER), start(SECOND, OTHER_AUTHORITY), member=OTHER_MEMBER)
    mark(records, AT + timedelta(seconds=30), OTHER_AUTHORITY)
    at = AT + timedelta(seconds=90)
    assert claim(records, at) == polling.DueInquiry(SECOND, marked=True)
    assert claim(records, at) == polling.DueInquiry(FIRST, marked=False)
    assert claim(records, at) is None


def test_of_two_copies_that_see_the_same_look_one_takes_it(postgres_url: str) -> None:
    """On PostgreSQL both may read before either writes; the one that writes second finds the look taken."""
    one, other = Database(postgres_url), Database(postgres_url)
    record(Records(one, EventLog("payment", payment_projection.project, process.react)), ISSUE, start())
    at = AT + timedelta(minutes=1)
    with other.engine.connect() as late, late.begin():
        due = INQUIRIES.first_due(late, at, BANK)
        assert due is not None
        assert claim(Records(one, None), at) == polling.DueInquiry(FIRST, marked=False)
        assert not INQUIRIES.claim(late, due, at + timedelta(minutes=1))
    one.close()
    other.close()


def test_a_failed_attempt_is_looked_at_again_when_the_bank_says_so(records: Records) -> None:
    record(records, ISSUE, start(), fail())
    assert claim(records, AT + timedelta(days=1)) is None
    mark(records, AT)
    assert claim(records, AT) == polling.DueInquiry(FIRST, marked=True)


def test_a_paid_attempt_is_looked_at_again_when_its_session_has_changed(records: Records) -> None:
    record(records, ISSUE, start(), settle())
    assert claim(records, AT + timedelta(days=1)) is None
    mark(records, AT)
    assert claim(records, AT + timedelta(days=1)) == polling.DueInquiry(FIRST, marked=True)


def test_a_held_attempt_is_looked_at_again_only_when_it_is_said_to_have_changed(records: Records) -> None:
    record(records, ISSUE, start(), hold())
    assert claim(records, AT + timedelta(days=1)) is None
    mark(records, AT)
    assert claim(records, AT) == polling.DueInquiry(FIRST, marked=True)


def test_when_the_program_starts_every_look_is_due(records: Records) -> None:
    record(records, ISSUE, start())
    assert claim(records, AT) is None
    records.write(lambda connection: INQUIRIES.make_all_due(connection, AT))
    assert claim(records, AT) == polling.DueInquiry(FIRST, marked=False)


def test_what_is_open_at_another_bank_is_not_asked_about_here(records: Records) -> None:
    record(records, ISSUE, replace(start(), bank="mellat"))
    assert claim(records, AT + timedelta(days=1)) is None
    assert claim(records, AT + timedelta(days=1), "mellat") == polling.DueInquiry(FIRST, marked=False)


def test_a_mark_of_an_authority_that_nobody_gave_out_marks_nothing(sqlite_records: Records) -> None:
    record(sqlite_records, ISSUE, start())
    mark(sqlite_records, AT, OTHER_AUTHORITY)
    assert claim(sqlite_records, AT) is None
