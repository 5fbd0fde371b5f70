"""A rebuild of renewal's projections, of its own log and auth's, while both are written: what is right stays, what was spoilt is mended."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, delete, insert, update

from services.renewal import subscriptions
from services.renewal.service import LOG, RenewalService
from services.renewal.tables import DRAFTS, MEMBERS, PROJECTIONS, RENEWALS, TABLES
from shared.contract.envelope import Metadata, Recorded
from shared.contract.operations.rebuild_answers import Rebuild
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.subscriptions import checkpoints, parking
from shared.subscriptions.follower import Follower
from shared.subscriptions.replay import fill, jobs, runner, source_reader
from tests.services.capacity.replay.sources import Log
from tests.services.renewal.samples import AT
from tests.services.renewal.test_replay import BEGIN, ENDS, EVERY_STEP, STEPS, Story
from tests.support.replay import rows_of

MOMENTS = range(1, 24)
"""How often a rebuild of these events, one at a time, lets others go first, and some more."""


class World(Story):
    """Renewal's records, with auth's log and the subscription that follows it."""

    def __init__(self, database: Database) -> None:
        super().__init__(Records(database, LOG))
        self.database = database
        self.auth = Log("auth")
        self.now = AT
        self.fails_at: set[int] = set()

    def follow(self, event: Any, stream: str) -> None:
        """Auth records; `catch_up` is what renewal does then."""
        about = ("auth", len(self.auth.events) + 1, stream, len(self.auth.events) + 1, uuid4(), type(event).__name__)
        cause = {"correlation_id": str(uuid4()), "causation_id": str(uuid4())}
        metadata = Metadata.model_validate(cause)
        self.auth.events.append(Recorded(*about, event.model_dump_json(), metadata, AT))
        self.catch_up()

    def catch_up(self) -> None:
        self.subscription().catch_up()

    def subscription(self) -> Follower:
        return Follower(self.database, "auth", self.apply, self.auth.pull, lambda _seconds: None)

    def apply(self, connection: Connection, recorded: Recorded) -> None:
        if recorded.position in self.fails_at:
            raise LookupError("not yet")
        subscriptions.on_auth_event(connection, recorded)

    def take(self, *steps: tuple[str, str]) -> None:
        for step, member in steps:
            STEPS[step](self, member)

    def rebuild(self, check: bool = False, pause: Callable[[float], None] = lambda _seconds: None) -> Rebuild:
        self.now += timedelta(seconds=1)
        number = uuid4()
        self.database.write(lambda one: jobs.start(one, number, "officer:root", self.now, check=check))
        job = jobs.Job(self.database, number, check, lambda: self.now)
        runner.run(job, RenewalService.projections, [self.auth], pause)
        with self.database.read() as connection:
            return jobs.newest(connection, self.now)

    def live(self) -> Any:
        with self.database.read() as connection:
            return rows_of(connection, PROJECTIONS)


@pytest.fixture
def prepare() -> None:
    """A rebuild replaces tables."""


@pytest.fixture
def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(fill, "PROJECTED_AT_ONCE", 1)
    monkeypatch.setattr(source_reader, "READ_EVENTS_MAX", 2)
    database = Database(database_url)
    database.create_tables(log.TABLES, checkpoints.TABLES, parking.TABLES, *TABLES)
    made = World(database)
    made.take(*BEGIN, *EVERY_STEP)
    yield made
    database.close()


def once(act: Callable[[], None], at: int) -> Callable[[float], None]:
    pauses = iter(range(1, 1_000))
    return lambda _seconds: act() if next(pauses) == at else None


def spoil(connection: Connection) -> None:
    connection.execute(update(RENEWALS).where(RENEWALS.c.member == "0123456").values(status="withdrawn"))
    connection.execute(delete(MEMBERS).where(MEMBERS.c.member == "0123457"))
    connection.execute(insert(MEMBERS).values(member="0999999", province="fars", licence="{}"))


NAMED = [
    ("members", "0123457", "missing"),
    ("members", "0999999", "extra"),
    ("renewals", "0123456/1405", "other"),
]


def test_what_is_right_stays_as_it_is(world: World) -> None:
    before = world.live()
    for check in (True, False):
        found = world.rebuild(check)
        assert (found.status, found.differences, found.error) == ("checked" if check else "switched", {}, "")
    assert world.live() == before


def test_what_is_spoilt_is_named_by_a_check_and_mended_by_a_rebuild(world: World) -> None:
    right = world.live()
    world.database.write(spoil)
    spoilt = world.live()
    checked = world.rebuild(check=True)
    assert sorted((one.table, one.key, one.kind) for one in checked.first_differences) == NAMED
    assert checked.differences == {"members": 2, "renewals": 1}
    assert world.live() == spoilt
    assert world.rebuild().status == "switched"
    assert world.live() == right


@pytest.mark.parametrize("at", MOMENTS)
def test_commands_and_events_go_on_meanwhile(world: World, at: int) -> None:
    """A member who is erased or removed meanwhile stays so, and what was spoilt is mended."""
    world.database.write(spoil)
    assert world.rebuild(pause=once(lambda: world.take(*ENDS), at)).status == "switched"
    assert world.rebuild(check=True).differences == {}


@pytest.mark.parametrize("at", MOMENTS)
def test_one_that_is_cancelled_leaves_no_trace(world: World, at: int) -> None:
    world.database.write(spoil)
    before = world.live()
    found = world.rebuild(pause=once(lambda: world.database.write(jobs.cancel), at))
    assert found.status in ("cancelled", "switched")
    assert (world.live() == before) == (found.status == "cancelled")
    assert world.rebuild().status == "switched"


class Killed(BaseException):
    """The end of the process."""


@pytest.mark.parametrize("at", [1, 5, 12])
def test_a_process_that_is_killed_leaves_no_trace(world: World, at: int) -> None:
    def kill() -> None:
        raise Killed

    world.database.write(spoil)
    before = world.live()
    with pytest.raises(Killed):
        world.rebuild(pause=once(kill, at))
    assert world.live() == before
    world.now += jobs.LOST_AFTER
    assert world.rebuild().status == "switched"
    assert world.rebuild(check=True).differences == {}


def test_what_is_parked_or_dropped_is_left_out_and_what_is_retried_comes_back(world: World) -> None:
    world.fails_at = {len(world.auth.events) + 1, len(world.auth.events) + 2}
    world.take(("changed", "0123456"), ("changed", "0123457"), ("removed", "0123456"))
    with world.database.read() as connection:
        first, second, _ = parking.list_parked(connection)
    world.database.write(lambda one: parking.drop(one, second, "it was recorded twice", "officer:root", AT))
    assert world.rebuild(check=True).differences == {}
    world.fails_at.clear()
    assert world.subscription().retry(first.partition_key) == 2
    assert world.rebuild(check=True).differences == {}
    before = world.live()
    world.database.write(spoil)
    world.rebuild()
    assert world.live() == before


def test_state_is_not_touched(world: World) -> None:
    """A replay of a removal deletes no draft that was typed since."""
    world.take(("removed", "0123456"), ("enrolled", "0123456"), ("types", "0123456"))
    world.database.write(spoil)
    assert world.rebuild().status == "switched"
    with world.database.read() as connection:
        assert connection.execute(DRAFTS.select()).all() != []


def test_a_source_that_has_lost_what_was_followed_is_named(world: World) -> None:
    followed, events = len(world.auth.events), world.auth.events[:-1]
    world.auth = Log("auth")
    world.auth.events += events
    error = f"LookupError: the log of auth ends at {followed - 1}, its subscription is at {followed}"
    assert world.rebuild().error == error
