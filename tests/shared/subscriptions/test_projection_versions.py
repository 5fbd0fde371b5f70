"""Two versions of a program's projections of a followed log: each has every applied event once and in its member's order, and reactions happen once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from shared.contract.envelope import Recorded
from shared.contract.seal import Delivery
from shared.event_store import projection_versions
from shared.event_store.database import Database
from shared.subscriptions import parking
from shared.subscriptions.follower import Follower
from shared.subscriptions.projection_versions import Projection
from shared.subscriptions.seal_check import SealBroken
from tests.support.projection_versions import (
    OF_VERSION_2,
    SEEN_2,
    first_version,
    other_version,
    see_more,
    statements_of,
)
from tests.support.sample_log import AT, SEEN, VIEWS, append, database, history, see

SOURCES = ["renewal"]


class Handler:
    """What a program does on an event: it reacts, and projects into the tables of its version."""

    def __init__(self, both: "Both", version: int) -> None:
        self.both = both
        self.see = see if version == 1 else see_more

    def apply(self, connection: Connection, recorded: Recorded) -> None:
        if recorded.position in self.both.failing:
            raise LookupError("a bug")
        self.both.reacted.append(recorded.position)
        self.see(connection, recorded)

    def project_all(self, connection: Connection, events: Sequence[Recorded]) -> None:
        for recorded in events:
            self.see(connection, recorded)


class Both:
    """Copies of two versions of a follower, and the log that they follow."""

    def __init__(self, url: str, source: Database) -> None:
        self.url = url
        self.source = source
        self.versions: dict[str, int] = {}
        self.failing: set[int] = set()
        self.reacted: list[int] = []
        self.is_silent = False
        self.seals_once = False
        """Whether the source answers up to its only seal, which is that of its last event."""
        self.old = self.follower(first_version(url, VIEWS, SOURCES), 1)
        self.new = self.follower(other_version(url, OF_VERSION_2, SOURCES), 2)

    def follower(self, own: Database, version: int) -> Follower:
        handler = Handler(self, version)
        projection = Projection(handler.project_all)
        return Follower(own, "renewal", handler.apply, self.pull, lambda _seconds: None, None, projection)

    def record(self, member: str, count: int = 1) -> None:
        append(self.source, member, self.versions.get(member, 0), count)
        self.versions[member] = self.versions.get(member, 0) + count

    def pull(self, after: int, limit: int) -> list[Delivery]:
        if self.is_silent:
            raise SealBroken("nobody may ask the source now")
        events = history(self.source, after)
        if self.seals_once:
            return [*(replace(one, is_sealed=None) for one in events[:-1]), *events[-1:]]
        return events[:limit]

    def seen(self, of: Follower) -> list[int]:
        table = SEEN if of.version.version == 1 else SEEN_2
        with of.database.read() as connection:
            return list(connection.execute(select(table.c.position).order_by(table.c.id)).scalars())

    def close(self) -> None:
        for one in (self.old.database, self.new.database):
            one.close()


@pytest.fixture
def prepare() -> None:
    """The tables are those of two versions."""


@pytest.fixture
def both(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    source = database(f"sqlite:///{tmp_path_factory.mktemp('source') / 'source.db'}")
    made = Both(database_url, source)
    yield made
    made.close()
    source.close()


def test_a_new_version_is_filled_while_the_old_one_follows(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection_versions, "PAGE_MAX", 2)
    both.record("001", 5)
    both.old.catch_up()
    both.new = both.follower(both.new.database, 2)
    assert both.new.version.left_to_fill == 5
    both.new.version.catch_up()
    both.record("002")
    both.old.catch_up()
    both.new.version.tick()
    assert both.new.version.left_to_fill == 0
    assert both.seen(both.new) == both.seen(both.old) == both.reacted == [1, 2, 3, 4, 5, 6]


def test_what_the_other_version_applied_is_projected_before_the_next_batch(both: Both) -> None:
    both.record("001", 2)
    both.old.catch_up()
    both.record("001")
    assert both.new.receive(history(both.source)) == 3
    assert both.seen(both.new) == [1, 2, 3]
    both.record("002")
    both.old.receive(history(both.source, 3))
    assert both.seen(both.old) == both.reacted == [1, 2, 3, 4]


def test_a_batch_that_was_begun_before_the_other_version_took_over_is_done_again(both: Both) -> None:
    """The other version has taken over without moving the checkpoint, to apply what was parked before."""
    both.failing = {1}
    both.record("001")
    both.record("002")
    both.old.catch_up()
    both.failing = set()
    both.record("001")
    with both.old.database.read() as connection:
        stale = [both.old._checkpoint(connection)]
    both.new.retry("renewal/001")
    read = both.old._checkpoint
    both.old._checkpoint = lambda connection: stale.pop() if stale else read(connection)  # type: ignore[method-assign]
    both.old.receive(history(both.source, 2))
    both.new.version.catch_up()
    assert stale == []
    assert both.seen(both.old) == both.seen(both.new) == [2, 1, 3]


@pytest.mark.parametrize("retrying", [1, 2])
def test_a_parked_event_is_projected_by_both_versions_once_it_is_applied(both: Both, retrying: int) -> None:
    both.failing = {1}
    both.record("001", 2)
    both.record("002")
    both.old.catch_up()
    both.new.version.catch_up()
    assert both.seen(both.old) == both.seen(both.new) == [3]
    both.failing = set()
    retried, other = (both.old, both.new) if retrying == 1 else (both.new, both.old)
    assert retried.retry("renewal/001") == 2
    both.record("001")
    other.receive(history(both.source, 3))
    retried.version.catch_up()
    assert both.seen(both.old) == both.seen(both.new) == [3, 1, 2, 4]
    assert both.reacted == [3, 1, 2, 4]


def test_a_dropped_event_is_projected_by_neither(both: Both) -> None:
    both.failing = {1}
    both.record("001")
    both.record("002")
    both.old.catch_up()

    def drop(connection: Connection) -> None:
        (parked,) = parking.list_parked(connection)
        assert parking.drop(connection, parked, "a test", "officer:modir", AT)

    both.old.database.write(drop)
    both.new.version.catch_up()
    assert both.seen(both.new) == [2]


def test_an_event_that_the_old_version_does_not_know_is_projected_by_both(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.record("001", 2)
    with monkeypatch.context() as old_copy:
        old_copy.setattr(Recorded, "is_known", property(lambda one: one.position != 1))
        both.old.catch_up()
    assert both.seen(both.old) == [2]
    monkeypatch.setattr("shared.subscriptions.unknown_events.upcasting.is_known", lambda _name, _version: True)
    both.new.catch_up()
    assert both.seen(both.new) == [2, 1]
    both.old.version.catch_up()
    assert both.seen(both.old) == [2, 1]


def test_a_version_passes_what_only_the_other_one_knows(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    both.record("001", 3)
    both.new.catch_up()
    with monkeypatch.context() as old_copy:
        old_copy.setattr(Recorded, "is_known", property(lambda one: one.position != 2))
        assert both.old.version.catch_up() == {2}
        both.old.version.take_over()
    assert both.seen(both.old) == [1, 3]
    both.new.version.take_over()
    both.old.version.take_over()
    assert both.seen(both.old) == [1, 3, 2]


def test_what_the_last_writer_did_not_know_is_projected_by_its_next_release(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a rollback the old version is the only one, and learns the type without a new version of its projections."""
    both.record("001", 3)
    both.new.catch_up()
    with monkeypatch.context() as old_copy:
        old_copy.setattr(Recorded, "is_known", property(lambda one: one.position != 2))
        both.old.catch_up()
        both.old.version.take_over()
        both.record("001")
        both.old.catch_up()
    assert both.seen(both.old) == [1, 3, 4]
    released = both.follower(both.old.database, 1)
    assert released.version.left_to_fill == 1
    released.catch_up()
    assert both.seen(released) == [1, 3, 4, 2]
    assert released.version.left_to_fill == 0
    both.is_silent = True
    released.version.tick()
    assert both.reacted == [1, 2, 3, 4]


def test_where_nothing_is_projected_nobody_asks_the_source(both: Both) -> None:
    both.old.version.projection = both.new.version.projection = Projection()
    both.record("001")
    both.old.catch_up()
    both.is_silent = True
    both.new.version.take_over()
    both.is_silent = False
    both.record("001")
    both.new.receive(history(both.source, 1))
    assert both.reacted == [1, 2]


def test_a_version_stops_where_the_subscription_did_within_what_one_seal_covers(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.seals_once = True
    both.record("001", 3)
    both.failing = {2}
    with monkeypatch.context() as full:
        full.setattr(parking, "PARKED_MAX", 0)
        with pytest.raises(parking.SubscriptionFull):
            both.old.catch_up()
    both.new.version.catch_up()
    assert both.seen(both.new) == both.seen(both.old) == [1]
    both.failing = set()
    both.new.catch_up()
    both.old.version.catch_up()
    assert both.seen(both.new) == both.seen(both.old) == [1, 2, 3]


def test_a_source_that_has_other_events_now_is_an_alarm(both: Both) -> None:
    both.record("001", 2)
    both.old.catch_up()
    other = database(both.source.engine.url.render_as_string().replace("source.db", "other.db"))
    append(other, "009", 0, count=2)
    both.source = other
    with pytest.raises(SealBroken):
        both.new.version.catch_up()
    assert both.seen(both.new) == []
    other.close()


def test_a_batch_costs_no_statement_for_it(both: Both) -> None:
    both.record("001", 2)
    both.old.catch_up()
    both.record("001")
    both.old.receive(history(both.source, 2))
    both.record("001")
    batch = history(both.source, 3)
    with statements_of(both.old.database) as found:
        both.old.receive(batch)
    expected = [
        "SELECT checkpoints.position",
        "SELECT DISTINCT parked_events",
        "INSERT INTO seen",
        "UPDATE checkpoints",
    ]
    assert len(found) == len(expected), found
    assert [text[: len(start)] for text, start in zip(found, expected, strict=True)] == expected


STEPS = st.lists(
    st.tuples(st.sampled_from(["old", "new"]), st.sampled_from(["receive", "pull", "retry", "tick", "break", "mend"])),
    max_size=10,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS, page=st.sampled_from([1, 2, 200]))
def test_whoever_applies_each_version_has_every_event_once(both: Both, steps: list[tuple[str, str]], page: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(projection_versions, "PAGE_MAX", page)
        for number, (version, what) in enumerate(steps):
            one = both.old if version == "old" else both.new
            both.record(f"00{number % 3}")
            act(both, one, what)
            for caught_up in (both.old, both.new):
                caught_up.version.catch_up()
            require_right(both)


def act(both: Both, one: Follower, what: str) -> None:
    match what:
        case "receive":
            one.receive(history(both.source, max(0, one.checkpoint() - 1)))
        case "pull":
            one.catch_up()
        case "retry":
            for member in both.versions:
                one.retry(f"renewal/{member}")
        case "tick":
            one.version.tick()
        case "break":
            both.failing = {one.checkpoint() + 1}
        case _:
            both.failing = set()


def require_right(both: Both) -> None:
    with both.old.database.read() as connection:
        parked = {one.position for one in parking.list_parked(connection)}
    applied = [one for one in history(both.source)[: both.old.checkpoint()] if one.position not in parked]
    assert sorted(both.reacted) == [one.position for one in applied]
    member = {one.position: one.stream for one in applied}
    for follower in (both.old, both.new):
        seen = both.seen(follower)
        assert sorted(seen) == [one.position for one in applied]
        for stream in set(member.values()):
            assert [one for one in seen if member[one] == stream] == sorted(
                one for one in seen if member[one] == stream
            )
