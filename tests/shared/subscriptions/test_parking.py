"""Parking: any event can be parked, only its own partition key waits behind it, and what cannot be parked is told."""

from collections.abc import Sequence
from functools import partial

import pytest
from sqlalchemy import Connection, text

from shared.contract.envelope import Recorded
from shared.contract.seal import Delivery
from shared.event_store.database import Database
from shared.event_store.log import STREAM_LENGTH_MAX, EventLog
from shared.subscriptions import parking
from shared.subscriptions.follower import Follower
from tests.support.sample_log import AT, database, fact, history, metadata, see, seen
from tests.support.waiting import behind

NEITHER_PARKED = text("ALTER TABLE parked_events ADD CONSTRAINT full_of_it CHECK (position <> 2)")
MENDED = text("ALTER TABLE parked_events DROP CONSTRAINT full_of_it")


UNSEEN = EventLog("renewal", lambda _connection, _recorded: None)
"""A source's log, in the same database for once: what it appends is not yet heard by anybody."""


class Handler:
    """Fails at some positions."""

    def __init__(self, *fails_at: int) -> None:
        self.fails_at = set(fails_at)
        self.words = "the province of a member is not known"

    def __call__(self, connection: Connection, recorded: Recorded) -> None:
        if recorded.position in self.fails_at:
            raise LookupError(self.words)
        see(connection, recorded)


def subscription_on(db: Database, handler: Handler, log: Sequence[Delivery]) -> Follower:
    def pull(after: int, limit: int) -> Sequence[Delivery]:
        return [one for one in log if one.position > after][:limit]

    return Follower(db, "renewal", handler, pull, lambda _seconds: None)


def parked_events(db: Database, *streams: str) -> list[Delivery]:
    """A log with one event of each stream named."""
    versions = dict.fromkeys(streams, 0)
    for stream in streams:
        version = versions[stream]
        facts = [fact("0012345", version)]
        db.write(
            partial(
                UNSEEN.append,
                stream=stream,
                expected_version=version,
                events=facts,
                metadata=metadata(),
                recorded_at=AT,
            )
        )
        versions[stream] += 1
    return history(db)


def waiting(db: Database) -> list[tuple[int, str]]:
    with db.read() as connection:
        return [(one.position, one.partition_key) for one in parking.list_parked(connection)]


@pytest.mark.parametrize("name", ["n" * 80, "0" * 64, "n" * (STREAM_LENGTH_MAX - len("notice/"))])
def test_an_event_of_any_stream_can_be_parked(postgres_url: str, name: str) -> None:
    db = database(postgres_url)
    log = parked_events(db, f"notice/{name}", "notice/other")
    subscription = subscription_on(db, Handler(1), log)
    subscription.receive(log)
    assert (subscription.checkpoint(), waiting(db)) == (2, [(1, f"notice/{name}")])


def test_any_text_of_an_error_can_be_stored(database_url: str) -> None:
    db = database(database_url)
    log = parked_events(db, "renewal/0012345/1403")
    handler = Handler(1)
    handler.words = "a cell with \x00, \x1b[2J, \u202e and \ud83d"
    subscription = subscription_on(db, handler, log)
    subscription.receive(log)
    subscription.retry("renewal/0012345")
    with db.read() as connection:
        (one,) = parking.list_parked(connection)
    assert one.error == "LookupError: a cell with ?, ?[2J, ? and ?"
    assert one.attempts == 5


def test_a_member_waits_for_no_policy_of_a_year_with_the_same_name(database_url: str) -> None:
    db = database(database_url)
    log = parked_events(db, "policy/1405", "renewal/1405/1405", "renewal/1405/1404")
    subscription = subscription_on(db, Handler(1), log)
    subscription.receive(log)
    assert waiting(db) == [(1, "policy/1405")]


def test_what_can_neither_be_applied_nor_parked_stops_the_subscription_and_says_so(postgres_url: str) -> None:
    db = database(postgres_url)
    log = parked_events(db, "renewal/001", "renewal/002", "renewal/003")
    subscription = subscription_on(db, Handler(2), log)
    db.write(lambda connection: connection.execute(NEITHER_PARKED))
    for _ in range(2):
        with pytest.raises(parking.ParkingFailed, match="renewal 2 can neither be applied nor parked: IntegrityError"):
            subscription.receive(log)
        assert (subscription.checkpoint(), waiting(db)) == (1, [])
    db.write(lambda connection: connection.execute(MENDED))
    subscription.receive(log)
    assert (subscription.checkpoint(), waiting(db)) == (3, [(2, "renewal/002")])


def test_nothing_is_parked_behind_an_event_that_another_copy_retries_at_that_moment(postgres_url: str) -> None:
    """The subscription has seen the partition key parked, and parks behind it only when it is so still."""
    db = database(postgres_url)
    log = parked_events(db, "renewal/001", "renewal/001")
    subscription_on(db, Handler(1), log).receive(log[:1])
    retrying = subscription_on(db, Handler(), log)
    other = subscription_on(database(postgres_url), Handler(), log)
    with behind(
        db, lambda connection: retrying._apply_parked(connection, log[0]), lambda: other.receive(log)
    ) as outcome:
        outcome.result()
    assert (waiting(db), seen(db), other.checkpoint()) == ([], [1, 2], 2)


def test_a_retry_includes_events_parked_behind_it_meanwhile(database_url: str) -> None:
    db = database(database_url)
    log = parked_events(db, "renewal/001", "renewal/001", "renewal/001")
    subscription_on(db, Handler(1), log).receive(log[:1])
    other = subscription_on(database(database_url), Handler(), log)
    retrying = subscription_on(db, Handler(), log)
    pull = retrying.pull

    def while_the_subscription_works(after: int, limit: int) -> Sequence[Delivery]:
        other.receive(log[: after + 2])
        return pull(after, limit)

    retrying.pull = while_the_subscription_works
    assert retrying.retry("renewal/001") == 3
    assert (waiting(db), seen(db)) == ([], [1, 2, 3])


def test_the_alarm_of_an_event_that_cannot_be_parked_names_no_contents(postgres_url: str) -> None:
    db = database(postgres_url)
    log = parked_events(db, "renewal/001", "renewal/002")
    db.write(lambda connection: connection.execute(NEITHER_PARKED))
    handler = Handler(2)
    handler.words = "شمارهٔ ۰۹۱۳۱۲۳۴۵۶۷"
    with pytest.raises(parking.ParkingFailed) as alarm:
        subscription_on(db, handler, log).receive(log)
    assert "۰۹۱۳" not in str(alarm.value)
