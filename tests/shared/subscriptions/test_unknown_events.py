"""Events that only a later version knows: passed and noted, and applied once by the version that knows them."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Connection, delete, select

from shared.contract.base import Event
from shared.contract.envelope import Recorded
from shared.contract.refusals import Reason, Refused
from shared.contract.seal import Delivery
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.subscriptions import parking, unknown_events
from shared.subscriptions.follower import Follower
from shared.subscriptions.seal_check import SealBroken
from tests.support import later_version
from tests.support.later_version import RenewalReopened, RenewalWithdrawn
from tests.support.sample_log import AT, database, fact, history, metadata, see, seen

UNSEEN = EventLog("renewal", lambda _connection, _recorded: None)


@pytest.fixture
def made(database_url: str) -> Iterator[Database]:
    made = database(database_url)
    yield made
    made.close()


class Source:
    """A log in the same database, which may be silent, or answer with another event."""

    def __init__(self, made: Database) -> None:
        self.made = made
        self.is_silent = False
        self.digest = ""
        self.pulls = 0

    def record(self, *events: Event, member: str = "001") -> None:
        stream = f"renewal/{member}"

        def append(connection: Connection) -> None:
            version = sum(one.stream == stream for one in UNSEEN.read(connection, 0, 100))
            UNSEEN.append(connection, stream, version, events, metadata(), AT)

        self.made.write(append)

    def pull(self, after: int, limit: int) -> Sequence[Delivery]:
        self.pulls += 1
        if self.is_silent:
            raise Refused(Reason.NO_ANSWER)
        found = history(self.made, after)[:limit]
        return [replace(one, digest=self.digest) for one in found] if self.digest else found


class Handler:
    """Sees each event, and fails at some positions."""

    def __init__(self) -> None:
        self.fails_at: set[int] = set()

    def __call__(self, connection: Connection, recorded: Recorded) -> None:
        assert type(recorded.event) is not Event, "an unknown event reaches no handler"
        if recorded.position in self.fails_at:
            raise LookupError("the province of a member is not known")
        see(connection, recorded)


@pytest.fixture
def source(made: Database) -> Source:
    """Of three events the second is of a type, and the third of a version, that this program does not know."""
    source = Source(made)
    source.record(fact("001"), RenewalReopened(member="001"), RenewalWithdrawn(member="001"), fact("001", 1))
    return source


def copy_of(source: Source, handler: Handler | None = None) -> Follower:
    """A copy of the program that has just started."""
    return Follower(source.made, "renewal", handler or Handler(), source.pull, lambda _seconds: None)


def noted(made: Database) -> list[tuple[int, str, int]]:
    with made.read() as connection:
        rows = connection.execute(select(unknown_events.UNKNOWN).order_by("position"))
        return [(row.position, row.type, row.schema_version) for row in rows]


def parked(made: Database) -> list[tuple[int, str]]:
    with made.read() as connection:
        return [(one.position, one.error.partition(":")[0]) for one in parking.list_parked(connection)]


def test_what_is_not_known_is_passed_and_noted(source: Source, caplog: pytest.LogCaptureFixture) -> None:
    old = copy_of(source)
    source.record(RenewalReopened(member="001"))
    old.catch_up()
    assert (old.checkpoint(), seen(source.made)) == (5, [1, 4])
    assert noted(source.made) == [(2, "RenewalReopened", 1), (3, "RenewalWithdrawn", 2), (5, "RenewalReopened", 1)]
    lines = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert lines == [
        f"renewal: {kind} is passed and noted: only a later version knows it"
        for kind in ("RenewalReopened (version 1)", "RenewalWithdrawn (version 2)")
    ]


def test_the_same_version_started_again_leaves_it_noted(source: Source) -> None:
    copy_of(source).catch_up()
    again = copy_of(source)
    again.catch_up()
    again.receive(history(source.made))
    assert (seen(source.made), len(noted(source.made))) == ([1, 4], 2)


@pytest.mark.parametrize("how", ["pulled", "delivered"])
def test_the_version_that_knows_it_applies_it_before_anything_new(source: Source, how: str) -> None:
    copy_of(source).catch_up()
    source.record(fact("002"), member="002")
    with later_version.running():
        new = copy_of(source)
        new.catch_up() if how == "pulled" else new.receive(history(source.made, 4))
    assert (seen(source.made), noted(source.made)) == ([1, 4, 2, 3, 5], [])


def test_what_an_old_copy_passes_meanwhile_is_applied_by_the_new_one(source: Source) -> None:
    old = copy_of(source)
    with later_version.running():
        new = copy_of(source)
        for _ in range(2):
            new.catch_up()
    source.record(RenewalReopened(member="001"))
    old.receive(history(source.made, 4))
    source.record(fact("001", 2), fact("001", 3))
    with later_version.running():
        new.receive(history(source.made, 5)[:1])
        new.receive(history(source.made, 6))
    assert (seen(source.made), noted(source.made)) == ([1, 2, 3, 4, 6, 5, 7], [])


def test_while_the_source_is_silent_nothing_new_is_applied_either(source: Source) -> None:
    copy_of(source).catch_up()
    source.record(fact("002"), member="002")
    source.is_silent = True
    with later_version.running():
        new = copy_of(source)
        with pytest.raises(Refused):
            new.receive(history(source.made, 4))
        assert (new.checkpoint(), len(noted(source.made))) == (4, 2)
        source.is_silent = False
        new.receive(history(source.made, 4))
    assert seen(source.made) == [1, 4, 2, 3, 5]


@pytest.mark.parametrize("answer", ["another event", "none"])
def test_only_the_very_event_that_was_noted_is_applied(source: Source, answer: str) -> None:
    old = copy_of(source)
    old.catch_up()
    source.digest = "0" * 64
    with later_version.running():
        new = copy_of(source)
        new.pull = source.pull if answer == "another event" else lambda _after, _limit: []
        with pytest.raises(SealBroken, match="renewal 2 is not the event that was parked or noted"):
            new.catch_up()
    assert (seen(source.made), len(noted(source.made))) == ([1, 4], 2)


def test_one_whose_handler_fails_is_parked_with_what_follows_of_its_member(source: Source) -> None:
    copy_of(source).catch_up()
    source.record(fact("001", 2))
    source.record(fact("002"), member="002")
    handler = Handler()
    handler.fails_at = {2}
    with later_version.running():
        copy_of(source, handler).catch_up()
        assert (seen(source.made), noted(source.made)) == ([1, 4, 6], [])
        assert parked(source.made) == [(2, "LookupError"), (3, ""), (5, "")]
        handler.fails_at.clear()
        copy_of(source, handler).retry("renewal/001")
    assert (seen(source.made), parked(source.made)) == ([1, 4, 6, 2, 3, 5], [])


def test_one_that_cannot_be_parked_either_stays_noted(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_of(source).catch_up()
    monkeypatch.setattr(parking, "PARKED_MAX", 0)
    handler = Handler()
    handler.fails_at = {3}
    with later_version.running():
        new = copy_of(source, handler)
        with pytest.raises(parking.SubscriptionFull):
            new.catch_up()
    assert (seen(source.made), noted(source.made)) == ([1, 4, 2], [(3, "RenewalWithdrawn", 2)])


def test_a_parked_event_that_is_not_known_any_more_stays_parked(source: Source) -> None:
    handler = Handler()
    handler.fails_at = {2}
    with later_version.running():
        copy_of(source, handler).catch_up()
    handler.fails_at.clear()
    assert copy_of(source, handler).retry("renewal/001") == 0
    assert parked(source.made) == [(2, "UnknownEvent"), (3, ""), (4, "")]
    with later_version.running():
        assert copy_of(source, handler).retry("renewal/001") == 3
    assert seen(source.made) == [1, 2, 3, 4]


def test_two_copies_that_apply_the_same_note_apply_it_once(source: Source) -> None:
    copy_of(source).catch_up()
    with later_version.running():
        first, second = copy_of(source), copy_of(source)
        second.pull = overtaken(partial(first.catch_up), source)
        second.catch_up()
    assert (seen(source.made), noted(source.made)) == ([1, 4, 2, 3], [])


def overtaken(by: partial[int], source: Source) -> Callable[[int, int], Sequence[Delivery]]:
    """A source whose first answer takes so long that another copy does everything meanwhile."""
    waiting = [by]

    def pull(after: int, limit: int) -> Sequence[Delivery]:
        if waiting:
            waiting.pop()()
        return source.pull(after, limit)

    return pull


def test_no_note_means_no_pull(source: Source) -> None:
    copy_of(source).catch_up()
    source.made.write(lambda connection: connection.execute(delete(unknown_events.UNKNOWN)).close())
    source.pulls = 0
    with later_version.running():
        copy_of(source).receive(history(source.made))
    assert source.pulls == 0
