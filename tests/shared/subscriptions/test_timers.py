"""Timers on each kind of database, and of two copies of a program on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from shared.event_store.database import Database
from shared.subscriptions.timers import TIMERS, Timer, Timers
from tests.support.servers.prepared_databases import Prepare

AT = datetime(2026, 3, 20, 20, 29, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CALLS, LETTERS = Timers("call"), Timers("letter")


def next_minute(timer: Timer) -> datetime:
    return timer.due_at + MINUTE


def last_try(_timer: Timer) -> None:
    """Nothing follows."""


def create_tables(of: Database) -> None:
    of.create_tables(TIMERS.metadata)


@pytest.fixture
def prepare() -> Prepare:
    return create_tables


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def claimed(database: Database, at: datetime, owner: str = "") -> list[tuple[str, int]]:
    return [(timer.key, timer.tries) for timer in CALLS.claim_each(database, at, next_minute, owner, most=10)]


def arm(database: Database, *keys: str, at: datetime = AT, owner: str = "") -> None:
    for minutes, key in enumerate(keys):
        database.write(partial(CALLS.arm, key=key, due_at=at + minutes * MINUTE, owner=owner))


def test_a_timer_is_claimed_when_it_is_due_and_again_at_its_next_try_until_it_is_cancelled(database: Database) -> None:
    arm(database, "a")
    assert claimed(database, AT - MINUTE) == []
    assert claimed(database, AT) == [("a", 0)]
    assert claimed(database, AT + MINUTE / 2) == []
    assert claimed(database, AT + MINUTE) == [("a", 1)]
    database.write(lambda connection: CALLS.cancel(connection, "a"))
    assert claimed(database, AT + 9 * MINUTE) == []


def test_what_has_been_due_for_the_longest_is_claimed_first_and_at_most_so_much(database: Database) -> None:
    arm(database, "first", "second", "third")
    timers = CALLS.claim_each(database, AT + 2 * MINUTE, last_try, most=2)
    assert [timer.key for timer in timers] == ["first", "second"]


def test_only_the_timers_of_a_kind_and_an_owner_are_claimed(database: Database) -> None:
    arm(database, "ours", owner="us")
    arm(database, "theirs", owner="them")
    database.write(lambda connection: LETTERS.arm(connection, "ours", AT, "us"))
    assert claimed(database, AT, "us") == [("ours", 0)]


def test_a_timer_that_is_armed_again_starts_anew(database: Database) -> None:
    arm(database, "a")
    claimed(database, AT)
    database.write(lambda connection: CALLS.arm(connection, "a", AT, payload="urgent"))
    with database.read() as connection:
        assert CALLS.first_due(connection, AT) == Timer("call", "a", "", "urgent", AT, 0)


def test_a_timer_whose_last_try_is_claimed_is_gone(database: Database) -> None:
    arm(database, "a")
    assert [timer.key for timer in CALLS.claim_each(database, AT, last_try, most=10)] == ["a"]
    with database.read() as connection:
        assert CALLS.armed(connection, ["a"]) == {}


def test_which_of_some_keys_are_armed_and_for_when(database: Database) -> None:
    arm(database, "a", "b", "c")
    with database.read() as connection:
        assert CALLS.armed(connection, ["b", "c", "d"]) == {"b": AT + MINUTE, "c": AT + 2 * MINUTE}
        assert LETTERS.armed(connection, ["b"]) == {}


def test_what_recurs_is_due_at_once_and_then_after_each_pause(database: Database) -> None:
    def recurs(at: datetime) -> bool:
        return database.write(lambda connection: CALLS.claim_recurring(connection, "bank", at, at + MINUTE))

    seconds = [second for second in range(0, 150, 30) if recurs(AT + timedelta(seconds=second))]
    assert seconds == [0, 60, 120]


def test_what_is_made_due_is_all_of_its_kind_and_nothing_is_put_off(database: Database) -> None:
    arm(database, "past", at=AT - MINUTE)
    arm(database, "future", at=AT + MINUTE)
    database.write(lambda connection: LETTERS.arm(connection, "letter", AT + MINUTE))
    database.write(lambda connection: CALLS.make_all_due(connection, AT))
    with database.read() as connection:
        assert CALLS.armed(connection, ["past", "future"]) == {"past": AT - MINUTE, "future": AT}
        assert LETTERS.first_due(connection, AT) is None


@pytest.mark.parametrize("next_at", [AT + MINUTE, None], ids=["tried again", "last try"])
def test_of_two_copies_that_read_the_same_timer_one_claims_it(postgres_url: str, next_at: datetime | None) -> None:
    """On PostgreSQL both may read before either writes; the one that writes second finds the timer claimed."""
    one, other = Database(postgres_url), Database(postgres_url)
    arm(one, "a")
    with other.engine.connect() as late, late.begin():
        due = CALLS.first_due(late, AT)
        assert due is not None
        assert one.write(lambda connection: CALLS.claim(connection, due, next_at))
        assert not CALLS.claim(late, due, next_at)
    one.close()
    other.close()
