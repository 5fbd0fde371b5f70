"""Rebuilding beside the live tables: nothing is lost, nothing comes twice, and whatever breaks it off leaves no trace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from services.capacity import startup, subscriptions
from services.capacity.policies import registry
from services.capacity.projection import bulk_fill, read_model
from services.capacity.tables import projections
from services.capacity.tables.state import lock_projection
from shared.contract.envelope import Recorded
from shared.contract.refusals import Reason, Refused
from shared.contract.seal import GENESIS
from shared.contract.values import MemberClass
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.policies.capacity_policy import parse
from shared.subscriptions import checkpoints, parking, unknown_events
from shared.subscriptions.replay import fill, jobs, runner, source_reader, temporary_tables
from shared.subscriptions.replay.jobs import LOST_AFTER, Superseded
from tests.services.capacity.live import APPROVED, CONFIRMED, HISTORY, JOINED
from tests.services.capacity.replay.sources import NOW, World
from tests.services.capacity.sample_events import (
    MEMBER,
    TEXT,
    approved,
    changed,
    confirmed,
    enrolled,
    job,
    licence,
    on,
)

NUMBERS = ("0111111", "0222222", "0333333")
MOMENTS = range(1, 11)
"""How often a rebuild of these members, in parts of two, lets others go first."""


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def full(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Three members, in pages so small that each kind of page is needed several times."""
    monkeypatch.setattr(source_reader, "READ_EVENTS_MAX", 2)
    monkeypatch.setattr(fill, "READ_EVENTS_MAX", 2)
    monkeypatch.setattr(fill, "PROJECTED_AT_ONCE", 1)
    monkeypatch.setattr(bulk_fill, "DERIVED_AT_ONCE", 2)
    world.receive_all(*(one.model_copy(update={"member": number}) for number in NUMBERS for one in HISTORY))
    return world


def once(act: Callable[[], None], at: int = 1) -> Callable[[float], None]:
    """A pause in which something happens at the so-manieth time."""
    pauses = 0

    def pause(_seconds: float) -> None:
        nonlocal pauses
        pauses += 1
        if pauses == at:
            act()

    return pause


def test_a_rebuild_of_what_is_right_finds_nothing_and_changes_nothing(full: World, tmp_path: Path) -> None:
    before, checkpoints = full.live(), full.checkpoints()
    found = full.rebuild()
    assert (found.status, found.differences, found.error) == ("switched", {}, "")
    assert found.events == 9
    assert full.live() == before == full.replayed(tmp_path)
    assert full.checkpoints() == checkpoints


def test_rows_in_bulk_are_stored_as_single_rows_are(full: World) -> None:
    def stored() -> list[list[tuple[object, ...]]]:
        with full.database.read() as connection:
            tables = projections.PROJECTIONS.tables
            queries = [f"SELECT * FROM {name} ORDER BY 1, 2, 3" for name in tables]  # noqa: S608 - our own
            return [[tuple(row) for row in connection.exec_driver_sql(query)] for query in queries]

    before = stored()
    assert full.rebuild().status == "switched"
    assert stored() == before


def test_the_subscriptions_go_on_in_the_new_tables_and_another_rebuild_follows(full: World, tmp_path: Path) -> None:
    assert full.rebuild().status == "switched"
    full.receive_all(changed(on("1405/03/01"), licence(MemberClass.GRADE_1), member=NUMBERS[0]))
    full.now += timedelta(seconds=1)
    assert full.rebuild().differences == {}
    full.receive_all(changed(on("1405/03/02"), licence(MemberClass.GRADE_2), member=NUMBERS[1]))
    assert full.live() == full.replayed(tmp_path)


def test_a_rebuild_of_nothing_is_done_at_once(world: World) -> None:
    assert world.rebuild().status == "switched"
    world.receive_all(*HISTORY)
    assert len(world.live()["capacity_facts"]) == 3


def spoil(connection: Connection) -> None:
    facts, lines, summaries = projections.FACTS, projections.LINES, projections.SUMMARIES
    connection.execute(update(lines).where(lines.c.member == NUMBERS[0], lines.c.line == 2).values(units=1))
    connection.execute(update(lines).where(lines.c.member == NUMBERS[1], lines.c.line == 1).values(line=9))
    connection.execute(delete(summaries).where(summaries.c.member == NUMBERS[1]))
    connection.execute(update(summaries).where(summaries.c.member == NUMBERS[2]).values(year=1399, fields="[]"))
    connection.execute(update(facts).where(facts.c.source == "payment", facts.c.position == 3).values(province="fars"))


NAMED = {
    ("capacity_lines", f"{NUMBERS[0]}/1405/2", "other"),
    ("capacity_lines", f"{NUMBERS[1]}/1405/1", "missing"),
    ("capacity_lines", f"{NUMBERS[1]}/1405/9", "extra"),
    ("capacity_summary", f"{NUMBERS[1]}/1405", "missing"),
    ("capacity_summary", f"{NUMBERS[2]}/1405", "missing"),
    ("capacity_summary", f"{NUMBERS[2]}/1399", "extra"),
    ("capacity_facts", "payment/3", "other"),
}


def test_a_check_names_what_is_wrong_and_changes_nothing(full: World) -> None:
    full.database.write(spoil)
    spoilt, checkpoints = full.live(), full.checkpoints()
    found = full.rebuild(check=True)
    assert found.status == "checked"
    assert found.differences == {"capacity_facts": 1, "capacity_lines": 3, "capacity_summary": 3}
    assert {(one.table, one.key, one.kind) for one in found.first_differences} == NAMED
    assert (full.live(), full.checkpoints()) == (spoilt, checkpoints)


def test_what_is_wrong_is_repaired(full: World, tmp_path: Path) -> None:
    right = full.live()
    full.database.write(spoil)
    found = full.rebuild()
    assert (found.status, sum(found.differences.values())) == ("switched", 7)
    assert full.live() == right == full.replayed(tmp_path)


def test_differences_are_counted_beyond_those_that_are_named(full: World) -> None:
    full.database.write(lambda connection: connection.execute(delete(projections.LINES)))
    found = full.rebuild(check=True)
    assert found.differences == {"capacity_lines": 12}
    assert len(found.first_differences) == 10


@pytest.mark.parametrize("at", MOMENTS)
def test_what_is_recorded_meanwhile_is_neither_lost_nor_doubled(full: World, tmp_path: Path, at: int) -> None:
    """Whatever the moment, and whether the subscriptions hear of it before the rebuild does or after the switch."""

    def meanwhile() -> None:
        full.receive_all(enrolled(JOINED, member="0000001"), changed(on("1405/03/01"), licence(), member=NUMBERS[2]))
        full.record(approved(APPROVED, job(), member="0000001"), confirmed(CONFIRMED, member="0000001"))

    found = full.rebuild(pause=once(meanwhile, at))
    assert (found.status, found.differences) == ("switched", {})
    full.follow()
    assert full.live() == full.replayed(tmp_path)


def test_a_check_compares_what_both_have_heard(full: World) -> None:
    full.record(changed(on("1405/03/01"), licence(MemberClass.GRADE_1), member=NUMBERS[2]), enrolled(JOINED))
    before = full.live()
    assert full.rebuild(check=True).differences == {}
    full.database.write(lambda connection: connection.execute(update(projections.LINES).values(units=1)))
    full.now += timedelta(seconds=1)
    assert full.rebuild(check=True).differences == {"capacity_lines": 12}
    assert len(full.live()["capacity_facts"]) == len(before["capacity_facts"])


def test_a_rebuild_goes_no_further_than_the_subscriptions(full: World) -> None:
    """What else they do on an event is done once, when they apply it."""
    full.database.write(spoil)
    full.record(enrolled(JOINED), *HISTORY[1:])
    assert full.rebuild().status == "switched"
    assert full.checkpoints() == {"auth": 3, "renewal": 3, "payment": 3}
    assert len(full.live()["capacity_facts"]) == 9
    full.follow()
    assert len(full.live()["capacity_facts"]) == 12


def test_a_subscription_that_read_its_checkpoint_before_the_switch_applies_nothing(full: World, tmp_path: Path) -> None:
    full.record(enrolled(JOINED))
    subscription = full.subscription("auth")
    before = subscription.checkpoint()
    assert full.rebuild().status == "switched"
    subscription.receive(full.source("auth").deliveries[before:])
    assert full.live() == full.replayed(tmp_path)


def test_a_rebuild_that_is_cancelled_leaves_no_trace(full: World) -> None:
    full.database.write(spoil)
    before, checkpoints = full.live(), full.checkpoints()
    for at in MOMENTS:
        full.now += timedelta(seconds=1)
        found = full.rebuild(pause=once(full.cancel, at))
        assert (found.status, found.ended_at) == ("cancelled", full.now)
        assert (full.live(), full.checkpoints()) == (before, checkpoints)
        full.now += timedelta(seconds=1)
    assert full.rebuild(pause=once(full.cancel, 99)).status == "switched"


def test_a_program_that_stops_cancels_its_rebuild(full: World) -> None:
    job = full.start()
    stopping = jobs.Job(job.database, job.rebuild, job.check, job.now, is_stopping=lambda: True)
    assert full.run(stopping).status == "cancelled"


class Crash(BaseException):
    """The end of the program, at once."""


def crash() -> None:
    raise Crash


def test_a_crash_at_any_moment_leaves_the_live_rows_and_the_next_start_tidies_up(full: World, tmp_path: Path) -> None:
    full.database.write(spoil)
    before, checkpoints = full.live(), full.checkpoints()
    for at in MOMENTS:
        first = full.start()
        with pytest.raises(Crash):
            full.run(first, once(crash, at))
        assert (full.live(), full.checkpoints()) == (before, checkpoints)
        assert full.newest().status == "running"
        full.now += LOST_AFTER + timedelta(seconds=1)
        assert full.newest().status == "lost"
    assert full.rebuild().status == "switched"
    assert full.live() == full.replayed(tmp_path)


def test_one_that_was_taken_for_lost_touches_nothing_any_more(full: World) -> None:
    slow = full.start()
    full.now += LOST_AFTER + timedelta(seconds=1)
    other = full.start()
    assert full.run(slow).rebuild == other.rebuild
    with pytest.raises(Superseded):
        slow.report("reading", 0, 0)
    assert full.run(other).status == "switched"


def test_one_rebuild_runs_at_a_time_and_the_same_command_starts_nothing_again(full: World) -> None:
    running = full.start(rebuild=UUID(int=7))
    with pytest.raises(Refused) as refused:
        full.start()
    assert refused.value.reason is Reason.REBUILD_RUNNING
    with pytest.raises(AssertionError):
        full.start(rebuild=UUID(int=7))
    assert full.run(running).status == "switched"


class Moody:
    """A handler that fails for some events."""

    def __init__(self, *fails_at: tuple[str, int]) -> None:
        self.fails_at = set(fails_at)

    def __call__(self, connection: Connection, recorded: Recorded) -> None:
        if (recorded.source, recorded.position) in self.fails_at:
            raise LookupError("not yet")
        subscriptions.on_event(connection, recorded)


@pytest.fixture
def moody(full: World) -> Moody:
    full.apply = made = Moody(("renewal", 4))
    return made


@pytest.mark.usefixtures("moody")
def test_what_is_parked_stays_parked(full: World) -> None:
    full.receive_all(*HISTORY)
    before = full.live()
    found = full.rebuild()
    assert (found.status, found.differences) == ("switched", {})
    assert full.live() == before
    assert full.parked() == [("renewal", 4)]


def test_what_is_parked_can_be_retried_after_a_rebuild(full: World, moody: Moody, tmp_path: Path) -> None:
    full.receive_all(*HISTORY)
    assert full.rebuild().status == "switched"
    moody.fails_at.clear()
    assert full.subscription("renewal").retry("member/1") == 1
    assert full.live() == full.replayed(tmp_path)


@pytest.mark.parametrize("at", MOMENTS)
@pytest.mark.usefixtures("moody")
def test_what_is_parked_meanwhile_is_taken_out_again(full: World, at: int) -> None:
    full.record(*HISTORY)
    found = full.rebuild(pause=once(full.follow, at))
    assert (found.status, found.differences) == ("switched", {})
    assert full.parked() == [("renewal", 4)]
    assert [row[2] for row in full.live()["capacity_facts"] if row[:2] == ("renewal", 4)] == []
    assert [row[0] for row in full.live()["capacity_summary"]] == list(NUMBERS)


@pytest.mark.parametrize("at", MOMENTS)
def test_what_is_released_meanwhile_comes_back(full: World, moody: Moody, tmp_path: Path, at: int) -> None:
    full.receive_all(*HISTORY)
    moody.fails_at.clear()

    def retry() -> None:
        assert full.subscription("renewal").retry("member/1") == 1

    found = full.rebuild(pause=once(retry, at))
    assert (found.status, found.differences) == ("switched", {})
    assert full.live() == full.replayed(tmp_path)


@pytest.mark.usefixtures("moody")
def test_what_was_dropped_does_not_come_back(full: World) -> None:
    full.receive_all(*HISTORY)
    with full.database.read() as connection:
        (one,) = parking.list_parked(connection)
    full.database.write(lambda connection: parking.drop(connection, one, "it was approved twice", "officer:root", NOW))
    before = full.live()
    assert full.rebuild().differences == {}
    assert full.live() == before


@pytest.mark.parametrize(
    ("data", "phase", "error"),
    [
        ("{", "reading", "ValueError"),
        ("{}", "reading", "KeyError: 'member'"),
        ("[]", "reading", "TypeError"),
        (
            '{"member": "0333333", "year": 1405, "province": "isfahan", "approved_at": "2026-04-21T06:30:00Z"}',
            "deriving",
            "ValidationError",
        ),
    ],
)
def test_an_event_that_cannot_be_read_is_named_and_the_live_rows_stay(
    full: World, data: str, phase: str, error: str
) -> None:
    before = full.live()
    log = full.source("renewal").events
    log[2] = replace(log[2], data=data)
    found = full.rebuild()
    assert (found.status, found.phase) == ("failed", phase)
    assert found.error.startswith(f"Unreadable: renewal 3: {error}")
    assert full.live() == before


def test_a_hole_in_a_log_is_an_alarm(full: World) -> None:
    del full.source("auth").events[1]
    assert full.rebuild().error == "LookupError: the log of auth has a hole after 1"


def test_a_log_that_has_lost_its_end_is_an_alarm(full: World) -> None:
    del full.source("auth").events[2]
    assert full.rebuild().error == "LookupError: the log of auth ends at 2, its subscription is at 3"


def test_a_source_that_is_silent_for_a_while_is_waited_for(full: World) -> None:
    silences = [Refused(Reason.NO_ANSWER), Refused(Reason.NO_ANSWER)]

    def maybe_silent() -> None:
        if silences:
            raise silences.pop()

    full.source("renewal").before_pull = maybe_silent
    assert full.rebuild().status == "switched"
    assert silences == []


def test_a_source_that_stays_silent_fails_the_rebuild(full: World) -> None:
    def silent() -> None:
        raise Refused(Reason.NO_ANSWER)

    full.source("renewal").before_pull = silent
    assert full.rebuild().error == "LookupError: renewal does not answer"


def test_a_writer_in_the_way_is_waited_for_a_moment_at_a_time(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporary_tables, "LOCK_TIMEOUT_MS", 50)
    world = World(Database(postgres_url))
    world.receive_all(*HISTORY)
    world.database.write(lambda one: one.execute(update(projections.LINES).values(units=1)).close())
    other = Database(postgres_url)
    waits: list[float] = []
    with other.engine.connect() as subscription:
        subscription.begin()
        lock_projection(subscription)

        def pause(seconds: float) -> None:
            if seconds:
                waits.append(seconds)
                subscription.rollback()

        assert world.rebuild(pause=pause).status == "switched"
    assert waits == [runner.LOCK_PAUSE_SECONDS]
    assert world.live() == world.replayed(tmp_path)


def test_a_switch_does_not_wait_for_whoever_reads(postgres_url: str) -> None:
    """Such as a backup, which goes on with what it has seen."""
    world = World(Database(postgres_url))
    world.receive_all(*HISTORY)
    right = world.live()
    world.database.write(lambda one: one.execute(update(projections.LINES).values(units=1)).close())
    with Database(postgres_url).engine.connect() as backup:
        backup.execution_options(isolation_level="REPEATABLE READ")
        units = select(projections.LINES.c.units).distinct()
        assert backup.execute(units).scalars().all() == [1]
        assert world.rebuild().status == "switched"
        assert backup.execute(units).scalars().all() == [1]
    assert world.live() == right


def test_a_check_does_not_wait_for_a_writer(postgres_url: str) -> None:
    world = World(Database(postgres_url))
    world.receive_all(*HISTORY)
    other = Database(postgres_url)
    with other.engine.connect() as subscription, subscription.begin():
        lock_projection(subscription)
        world.database.write(lambda connection: connection.execute(text("SET lock_timeout = '100ms'")))
        assert world.rebuild(check=True).status == "checked"


def test_the_policy_of_a_new_year_is_applied_to_what_was_heard_before(world: World) -> None:
    world.receive_all(enrolled(JOINED), approved(on("1406/02/01"), year=1406), confirmed(on("1406/02/02"), year=1406))
    assert world.live()["capacity_summary"] == []
    later = parse(TEXT.replace("year = 1405", "year = 1406"))
    world.database.write(lambda connection: registry.record(connection, [later], NOW))
    assert world.rebuild().differences == {"capacity_lines": 2, "capacity_summary": 1}
    with world.database.read() as connection:
        assert read_model.capacity(connection, MEMBER, 1406, on("1406/03/01")).ceiling_units == 72000


def test_rows_of_members_that_no_source_knows_are_extra(full: World) -> None:
    row = {"source": "auth", "position": 999, "member": "9999999", "year": 0, "province": "fars", "type": "x"}
    full.database.write(
        lambda connection: connection.execute(insert(projections.FACTS).values(**row, data="{}", at=NOW)).close()
    )
    found = full.rebuild()
    assert [(one.key, one.kind) for one in found.first_differences] == [("auth/999", "extra")]
    assert len(full.live()["capacity_facts"]) == 9


def test_the_checkpoints_of_other_subscriptions_stay(full: World) -> None:
    other = {"source": "bank", "position": 5, "chain": GENESIS}
    full.database.write(lambda connection: connection.execute(insert(checkpoints.CHECKPOINTS).values(other)).close())
    assert full.rebuild().status == "switched"
    with full.database.read() as connection:
        assert ("bank", 5, GENESIS, "", None, 1) in connection.execute(select(checkpoints.CHECKPOINTS)).all()


def test_what_only_a_later_version_knows_is_left_out(full: World) -> None:
    before = full.source("renewal").events[-1]
    full.source("renewal").events.append(replace(before, position=before.position + 1, type="RenewalReopened"))
    full.follow()
    assert full.rebuild(check=True).differences == {}
    full.database.write(
        lambda one: one.execute(delete(unknown_events.UNKNOWN)).close()
    )  # the later version has applied it
    full.now += timedelta(seconds=1)
    assert full.rebuild().error == (
        "CannotProject: renewal 4: only a later version of this program knows RenewalReopened"
    )


def test_a_policy_that_is_recorded_meanwhile_cancels_the_rebuild(full: World) -> None:
    """Its rows would lack what the policy gives."""
    later = parse(TEXT.replace("year = 1405", "year = 1406"))
    full.database.write(spoil)
    spoilt = full.live()

    def meanwhile() -> None:
        startup.record_and_derive(Records(full.database, None), [later], NOW)

    assert full.rebuild(pause=once(meanwhile, 3)).status == "cancelled"
    assert full.live() == spoilt


@pytest.mark.parametrize("at", MOMENTS)
def test_what_a_subscription_applies_while_rows_are_wrong_stays(full: World, tmp_path: Path, at: int) -> None:
    full.database.write(spoil)
    full.record(enrolled(JOINED, member="0000001"), changed(on("1405/03/01"), licence(), member=NUMBERS[2]))
    assert full.rebuild(pause=once(full.follow, at)).status == "switched"
    full.follow()
    assert full.live() == full.replayed(tmp_path)
