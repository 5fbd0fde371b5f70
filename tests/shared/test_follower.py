"""Following: each event once and in order, whatever arrives, whoever else follows."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete

from shared import follower
from shared.contract.envelope import Recorded
from shared.database import Database
from shared.follower import Follower, Verdict, judge
from tests.shared.engine import SEEN, append, database, fact, history, see, seen


class Source:
    """Another's log, which can be asked for what is missing."""

    def __init__(self, url: str, count: int) -> None:
        self.db = database(url)
        append(self.db, "001", 0, count=count)
        self.log = history(self.db)
        self.asked = 0

    def pull(self, after: int, limit: int) -> Sequence[Recorded]:
        self.asked += 1
        return [one for one in self.log if one.position > after][:limit]


class Late(Follower):
    """A copy that read the checkpoint before another one moved it."""

    read_before = 0

    def _checkpoint(self, connection: Connection) -> int:  # noqa: ARG002 - it looked earlier
        return self.read_before


@pytest.fixture
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return Source(f"sqlite:///{tmp_path_factory.mktemp('source') / 'log.db'}", count=10)


def test_a_delivery_is_next_duplicate_or_ahead() -> None:
    assert [judge(5, position) for position in (4, 5, 6, 7)] == [
        Verdict.DUPLICATE,
        Verdict.DUPLICATE,
        Verdict.NEXT,
        Verdict.AHEAD,
    ]


def test_what_was_lost_on_the_way_is_pulled(database_url: str, source: Source) -> None:
    db = database(database_url)
    lane = Follower(db, "renewal", see, source.pull)
    lane.receive(source.log[:2])
    lane.receive(source.log[6:7])
    assert seen(db) == list(range(1, 11))
    assert lane.checkpoint() == 10


def test_duplicates_change_nothing(database_url: str, source: Source) -> None:
    db = database(database_url)
    lane = Follower(db, "renewal", see, source.pull)
    for _ in range(3):
        lane.receive(source.log[:4])
    assert seen(db) == [1, 2, 3, 4]
    assert source.asked == 0


def test_a_failing_handler_undoes_its_whole_batch_and_the_checkpoint(database_url: str, source: Source) -> None:
    db = database(database_url)
    broken = True

    def apply(connection: Connection, recorded: Recorded) -> None:
        see(connection, recorded)
        if broken and recorded.position == 3:
            raise LookupError("not yet")

    lane = Follower(db, "renewal", apply, source.pull)
    with pytest.raises(LookupError):
        lane.receive(source.log[:4])
    assert (lane.checkpoint(), seen(db)) == (0, [])
    broken = False
    lane.receive(source.log[:4])
    assert (lane.checkpoint(), seen(db)) == (4, [1, 2, 3, 4])


def test_two_copies_of_a_follower_count_each_event_once(database_url: str, source: Source) -> None:
    """The second copy moves the checkpoint while the first applies: the first one's work is undone."""
    db, other_db = database(database_url), database(database_url)
    other = Follower(other_db, "renewal", see, source.pull)
    lane = Follower(db, "renewal", see, source.pull)
    lane.receive(source.log[:1])
    stale = Late(db, "renewal", see, source.pull)
    stale.read_before = 1
    other.receive(source.log[1:4])
    assert stale._apply(source.log[1:3]) is Verdict.MISMATCH
    assert seen(db) == [1, 2, 3, 4]
    lane.receive(source.log[1:6])
    assert seen(db) == [1, 2, 3, 4, 5, 6]


def test_two_copies_that_both_start_from_nothing_count_each_event_once(database_url: str, source: Source) -> None:
    db = database(database_url)
    first = Follower(db, "renewal", see, source.pull)
    late = Late(db, "renewal", see, source.pull)
    first.receive(source.log[:2])
    assert late._apply(source.log[:2]) is Verdict.MISMATCH
    assert seen(db) == [1, 2]


def test_a_hole_in_the_source_is_an_alarm(database_url: str, source: Source) -> None:
    db = database(database_url)
    del source.log[4]
    lane = Follower(db, "renewal", see, source.pull)
    with pytest.raises(LookupError, match="hole after 4"):
        lane.catch_up()


def test_an_emptied_database_is_filled_again(database_url: str, source: Source) -> None:
    db = database(database_url)
    lane = Follower(db, "renewal", see, source.pull)
    lane.catch_up()

    def forget(connection: Connection) -> None:
        connection.execute(delete(SEEN))
        connection.execute(delete(follower.CHECKPOINTS))

    db.write(forget)
    assert lane.catch_up() == 10
    assert seen(db) == list(range(1, 11))


@given(deliveries=st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=6), max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_deliveries_in_any_order_apply_each_event_once(
    tmp_path_factory: pytest.TempPathFactory, source: Source, deliveries: list[list[int]]
) -> None:
    db: Database = database(f"sqlite:///{tmp_path_factory.mktemp('any') / 'view.db'}")
    lane = Follower(db, "renewal", see, source.pull)
    for batch in deliveries:
        lane.receive([source.log[index] for index in batch])
    lane.catch_up()
    assert seen(db) == list(range(1, 11))
    assert all(later == earlier + 1 for earlier, later in pairwise(seen(db)))
    db.close()


def test_the_facts_themselves_arrive(source: Source) -> None:
    assert source.log[0].event == fact("001", 0)
