"""Following: each event once and in order, whatever arrives, whoever else follows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import OperationalError

from shared.contract.envelope import Recorded
from shared.contract.seal import GENESIS, Delivery, chained
from shared.event_store.database import Database
from shared.subscriptions import checkpoints, parking
from shared.subscriptions.checkpoints import Checkpoint
from shared.subscriptions.follower import Follower
from shared.subscriptions.seal_check import SealBroken, Verdict, compare
from tests.support.sample_log import AT, SEEN, append, database, fact, history, see, seen


def no_pause(_seconds: float) -> None:
    """Retries come at once."""


class Source:
    """Another's log, which can be asked for what is missing."""

    def __init__(self, url: str, count: int) -> None:
        self.db = database(url)
        if count:
            append(self.db, "001", 0, count=count)
        self.log = history(self.db)
        self.calls = 0

    def pull(self, after: int, limit: int) -> Sequence[Delivery]:
        self.calls += 1
        return [one for one in self.log if one.position > after][:limit]


class StaleFollower(Follower):
    """A copy that read the checkpoint before another one moved it."""

    read_before = Checkpoint()

    def _checkpoint(self, connection: Connection) -> Checkpoint:  # noqa: ARG002 - it looked earlier
        return self.read_before


@pytest.fixture
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return Source(f"sqlite:///{tmp_path_factory.mktemp('source') / 'log.db'}", count=10)


def test_a_delivery_is_next_duplicate_or_ahead() -> None:
    assert [compare(5, position) for position in (4, 5, 6, 7)] == [
        Verdict.DUPLICATE,
        Verdict.DUPLICATE,
        Verdict.NEXT,
        Verdict.AHEAD,
    ]


def test_what_was_lost_on_the_way_is_pulled(database_url: str, source: Source) -> None:
    db = database(database_url)
    subscription = Follower(db, "renewal", see, source.pull, no_pause)
    subscription.receive(source.log[:2])
    subscription.receive(source.log[6:7])
    assert seen(db) == list(range(1, 11))
    assert subscription.checkpoint() == 10


def test_duplicates_change_nothing(database_url: str, source: Source) -> None:
    db = database(database_url)
    subscription = Follower(db, "renewal", see, source.pull, no_pause)
    for _ in range(3):
        subscription.receive(source.log[:4])
    assert seen(db) == [1, 2, 3, 4]
    assert source.calls == 0


class FailingHandler:
    """A handler that fails for some positions, for a while."""

    def __init__(self, *fails_at: int) -> None:
        self.fails_at = set(fails_at)
        self.attempts = 0

    def __call__(self, connection: Connection, recorded: Recorded) -> None:
        see(connection, recorded)
        if recorded.position in self.fails_at:
            self.attempts += 1
            raise LookupError("not yet")


def parked(db: Database) -> list[tuple[int, str, bool]]:
    with db.read() as connection:
        return [(one.position, one.partition_key, bool(one.error)) for one in parking.list_parked(connection)]


def members(url: str, *order: str) -> Source:
    """A source with one event of each member named, in this order."""
    made = Source(url, count=0)
    versions: dict[str, int] = {}
    for member in order:
        append(made.db, member, versions.get(member, 0))
        versions[member] = versions.get(member, 0) + 1
    made.log = history(made.db)
    return made


def test_a_handler_that_fails_for_a_moment_is_retried(database_url: str, source: Source) -> None:
    db = database(database_url)
    moody = FailingHandler(3)
    recovered: list[float] = []

    def pause(seconds: float) -> None:
        recovered.append(seconds)
        moody.fails_at.clear()

    subscription = Follower(db, "renewal", moody, source.pull, pause)
    subscription.receive(source.log[:4])
    assert (subscription.checkpoint(), seen(db), parked(db)) == (4, [1, 2, 3, 4], [])
    assert len(recovered) == 1


def test_a_handler_that_keeps_failing_parks_its_member_and_nobody_else(database_url: str, tmp_path: Path) -> None:
    db = database(database_url)
    source = members(f"sqlite:///{tmp_path / 'members.db'}", "001", "002", "001", "003", "001")
    subscription = Follower(db, "renewal", FailingHandler(1), source.pull, no_pause)
    subscription.receive(source.log)
    assert seen(db) == [2, 4]
    assert parked(db) == [(1, "renewal/001", True), (3, "renewal/001", False), (5, "renewal/001", False)]
    assert subscription.checkpoint() == 5


def test_a_handler_of_batches_takes_a_batch_at_once_and_one_by_one_only_what_fails(
    database_url: str, tmp_path: Path
) -> None:
    source = Source(f"sqlite:///{tmp_path / 'source.db'}", count=2)
    append(source.db, "002", 0, count=2)
    append(source.db, "001", 2)
    source.log = history(source.db)
    batches: list[list[int]] = []

    def see_all(connection: Connection, events: Sequence[Recorded]) -> None:
        batches.append([one.position for one in events])
        for one in events:
            see(connection, one)
            if one.stream == "renewal/002":
                raise ValueError("not this member")

    db = database(database_url)
    subscription = Follower(db, "renewal", lambda of, one: see_all(of, [one]), source.pull, no_pause, see_all)
    subscription.receive(source.log[:2])
    assert batches == [[1, 2]]
    subscription.receive(source.log[2:])
    assert batches[1] == [3, 4, 5]
    assert (seen(db), subscription.checkpoint()) == ([1, 2, 5], 5)
    with db.read() as connection:
        assert [one.position for one in parking.list_parked(connection)] == [3, 4]


def test_a_parked_sequence_is_taken_up_in_its_order_until_one_fails(database_url: str, tmp_path: Path) -> None:
    db = database(database_url)
    source = members(f"sqlite:///{tmp_path / 'members.db'}", "001", "001", "001", "001")
    moody = FailingHandler(1)
    subscription = Follower(db, "renewal", moody, source.pull, no_pause)
    subscription.receive(source.log)
    moody.fails_at = {3}
    assert subscription.retry("renewal/001") == 2
    assert (seen(db), [position for position, _, _ in parked(db)]) == ([1, 2], [3, 4])
    moody.fails_at = set()
    assert subscription.retry("renewal/001") == 2
    assert (seen(db), parked(db)) == ([1, 2, 3, 4], [])
    append(source.db, "001", 4)
    source.log = history(source.db)
    subscription.catch_up()
    assert seen(db) == [1, 2, 3, 4, 5]


def test_a_retry_while_the_database_is_away_says_so_and_leaves_the_handlers_error(
    database_url: str, source: Source
) -> None:
    db = database(database_url)
    subscription = Follower(db, "renewal", FailingHandler(1), source.pull, no_pause)
    subscription.receive(source.log[:1])
    with db.read() as connection:
        before = parking.list_parked(connection)

    def away(*_: object) -> None:
        raise OperationalError("SELECT", {}, OSError("the connection is cut"))

    with pytest.raises(OperationalError):
        Follower(db, "renewal", away, source.pull, no_pause).retry("renewal/001")
    with db.read() as connection:
        assert parking.list_parked(connection) == before


def test_a_dropped_event_is_on_record_with_its_reason(database_url: str, source: Source) -> None:
    db = database(database_url)
    subscription = Follower(db, "renewal", FailingHandler(1), source.pull, no_pause)
    subscription.receive(source.log[:2])
    with db.read() as connection:
        first = parking.list_parked(connection, "renewal", "renewal/001")[0]
    db.write(lambda connection: parking.drop(connection, first, "the member was enrolled twice", "officer:admin", AT))
    assert subscription.retry("renewal/001") == 1
    with db.read() as connection:
        (row,) = connection.execute(select(parking.DROPPED)).mappings()
    assert (row["position"], row["reason"], row["dropped_by"]) == (1, "the member was enrolled twice", "officer:admin")
    assert (seen(db), parked(db)) == ([2], [])


def test_a_full_parking_stops_the_subscription_and_loses_nothing(
    database_url: str, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = database(database_url)
    monkeypatch.setattr(parking, "PARKED_MAX", 2)
    moody = FailingHandler(1)
    subscription = Follower(db, "renewal", moody, source.pull, no_pause)
    with pytest.raises(parking.SubscriptionFull):
        subscription.receive(source.log)
    assert subscription.checkpoint() == 2
    moody.fails_at = set()
    subscription.retry("renewal/001")
    subscription.receive(source.log)
    assert seen(db) == list(range(1, 11))


def test_a_subscription_goes_as_far_as_its_parking_has_room(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No handler fails here: the batch as a whole has no room, its first events have."""
    db = database(database_url)
    source = members(f"sqlite:///{tmp_path / 'members.db'}", "001", "002", "001", "003", "001", "002")
    monkeypatch.setattr(parking, "PARKED_MAX", 2)
    subscription = Follower(db, "renewal", FailingHandler(1), source.pull, no_pause)
    subscription.receive(source.log[:1])
    with pytest.raises(parking.SubscriptionFull):
        subscription.receive(source.log[1:])
    assert (subscription.checkpoint(), seen(db)) == (4, [2, 4])


def test_an_event_that_is_retried_twice_at_once_counts_once(database_url: str, source: Source) -> None:
    db = database(database_url)
    moody = FailingHandler(1)
    Follower(db, "renewal", moody, source.pull, no_pause).receive(source.log[:3])
    moody.fails_at = set()
    other = Follower(database(database_url), "renewal", moody, source.pull, no_pause)

    def pull_while_another_retries(after: int, limit: int) -> Sequence[Delivery]:
        if after == 0:
            assert other.retry("renewal/001") == 3
        return source.pull(after, limit)

    assert Follower(db, "renewal", moody, pull_while_another_retries, no_pause).retry("renewal/001") == 0
    assert seen(db) == [1, 2, 3]


def test_what_was_retried_cannot_be_dropped_as_well(database_url: str, source: Source) -> None:
    db = database(database_url)
    moody = FailingHandler(1)
    subscription = Follower(db, "renewal", moody, source.pull, no_pause)
    subscription.receive(source.log[:1])
    with db.read() as connection:
        (first,) = parking.list_parked(connection, "renewal", "renewal/001")
    moody.fails_at = set()
    assert subscription.retry("renewal/001") == 1
    assert not db.write(lambda connection: parking.drop(connection, first, "enrolled twice", "officer:admin", AT))
    with db.read() as connection:
        assert connection.execute(select(parking.DROPPED)).all() == []


def test_two_copies_that_park_the_same_event_park_it_once(database_url: str, source: Source) -> None:
    db = database(database_url)
    stale = StaleFollower(db, "renewal", FailingHandler(1), source.pull, no_pause)
    Follower(db, "renewal", FailingHandler(1), source.pull, no_pause).receive(source.log[:1])
    assert stale._apply(source.log[:1], "LookupError: not yet") is Verdict.MISMATCH
    assert parked(db) == [(1, "renewal/001", True)]


def test_two_copies_of_a_follower_count_each_event_once(database_url: str, source: Source) -> None:
    """The second copy moves the checkpoint while the first applies: the first one's work is undone."""
    db, other_db = database(database_url), database(database_url)
    other = Follower(other_db, "renewal", see, source.pull, no_pause)
    subscription = Follower(db, "renewal", see, source.pull, no_pause)
    subscription.receive(source.log[:1])
    stale = StaleFollower(db, "renewal", see, source.pull, no_pause)
    stale.read_before = Checkpoint(1, chained(GENESIS, source.log[:1])[-1])
    other.receive(source.log[1:4])
    assert stale._apply(source.log[1:3]) is Verdict.MISMATCH
    assert seen(db) == [1, 2, 3, 4]
    subscription.receive(source.log[1:6])
    assert seen(db) == [1, 2, 3, 4, 5, 6]


def test_two_copies_that_both_start_from_nothing_count_each_event_once(database_url: str, source: Source) -> None:
    db = database(database_url)
    first = Follower(db, "renewal", see, source.pull, no_pause)
    late = StaleFollower(db, "renewal", see, source.pull, no_pause)
    first.receive(source.log[:2])
    assert late._apply(source.log[:2]) is Verdict.MISMATCH
    assert seen(db) == [1, 2]


def test_a_retry_applies_only_the_event_that_was_parked(database_url: str, source: Source) -> None:
    db = database(database_url)
    moody = FailingHandler(1)
    subscription = Follower(db, "renewal", moody, source.pull, no_pause)
    subscription.receive(source.log[:1])
    moody.fails_at = set()
    source.log[0] = replace(source.log[0], data=source.log[1].data, digest=source.log[1].digest)
    with pytest.raises(SealBroken, match="is not the event that was parked"):
        subscription.retry("renewal/001")
    assert (seen(db), parked(db)) == ([], [(1, "renewal/001", True)])


@pytest.mark.parametrize("is_sealed", [None, lambda _chain: False])
def test_what_its_source_has_not_sealed_is_not_applied(
    database_url: str, source: Source, is_sealed: Callable[[str], bool] | None
) -> None:
    db = database(database_url)
    subscription = Follower(db, "renewal", see, source.pull, no_pause)
    subscription.receive(source.log[:2])
    forged = replace(source.log[2], event_id=uuid4(), is_sealed=is_sealed)
    known, source.log = source.log, source.log[:2]
    assert subscription.receive([forged]) == (0 if is_sealed is None else 1)
    assert (subscription.checkpoint(), seen(db)) == (2, [1, 2])
    assert ("does not hold" in subscription.alarm) is (is_sealed is not None)
    source.log = known
    assert subscription.receive([known[2]]) == 1
    assert seen(db) == [1, 2, 3]


def test_an_answer_without_a_seal_stops_the_subscription(database_url: str, source: Source) -> None:
    db = database(database_url)
    source.log = [replace(one, is_sealed=None) for one in source.log]
    with pytest.raises(SealBroken, match="answered without a seal after 0"):
        Follower(db, "renewal", see, source.pull, no_pause).catch_up()
    assert seen(db) == []


def test_a_hole_in_the_source_is_an_alarm(database_url: str, source: Source) -> None:
    db = database(database_url)
    del source.log[4]
    subscription = Follower(db, "renewal", see, source.pull, no_pause)
    with pytest.raises(LookupError, match="hole after 4"):
        subscription.catch_up()


def test_a_delivery_that_its_source_does_not_know_is_an_alarm(database_url: str, source: Source) -> None:
    db, future = database(database_url), list(source.log)
    subscription = Follower(db, "renewal", see, source.pull, no_pause)
    del source.log[4:]  # restored from a backup
    assert subscription.receive(future[6:8]) == 2
    assert "does not have its own event 8" in subscription.alarm
    assert seen(db) == [1, 2, 3, 4]


def test_an_emptied_database_is_filled_again(database_url: str, source: Source) -> None:
    db = database(database_url)
    subscription = Follower(db, "renewal", see, source.pull, no_pause)
    subscription.catch_up()

    def forget(connection: Connection) -> None:
        connection.execute(delete(SEEN))
        connection.execute(delete(checkpoints.CHECKPOINTS))

    db.write(forget)
    assert subscription.catch_up() == 10
    assert seen(db) == list(range(1, 11))


@given(deliveries=st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=6), max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_deliveries_in_any_order_apply_each_event_once(
    tmp_path_factory: pytest.TempPathFactory, source: Source, deliveries: list[list[int]]
) -> None:
    db: Database = database(f"sqlite:///{tmp_path_factory.mktemp('any') / 'view.db'}")
    subscription = Follower(db, "renewal", see, source.pull, no_pause)
    for batch in deliveries:
        subscription.receive([source.log[index] for index in batch])
    subscription.catch_up()
    assert seen(db) == list(range(1, 11))
    assert all(later == earlier + 1 for earlier, later in pairwise(seen(db)))
    db.close()


def test_the_facts_themselves_arrive(source: Source) -> None:
    assert source.log[0].event == fact("001", 0)
