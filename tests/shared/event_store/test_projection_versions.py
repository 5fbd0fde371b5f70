"""Two versions of a program's projections on one log: each has every event once, whoever appends, and each can be stopped and started."""

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, inspect, select, text, update

from shared.contract.envelope import Recorded
from shared.event_store import append_buffer, projection_tables, projection_versions
from shared.event_store.database import Database
from shared.event_store.log import HEAD, EventLog, VersionConflict
from shared.event_store.projection_versions import OwnLog
from tests.support import sample_log
from tests.support.projection_versions import (
    LOG_2,
    OF_VERSION_2,
    SEEN_2,
    first_version,
    other_version,
    own_log,
    statements_of,
)
from tests.support.sample_log import AT, LOG, SEEN, VIEWS, append, fact, metadata

OWN = ["renewal"]


class Both:
    """A program's database as copies of both versions have it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.old = first_version(url, VIEWS, OWN)
        self.new = other_version(url, OF_VERSION_2, OWN)
        self.own_1, self.own_2 = own_log(self.old, LOG), own_log(self.new, LOG_2)
        self.versions: dict[str, int] = {}

    def append(self, by: OwnLog, member: str, count: int = 1) -> None:
        append(by.database, member, self.versions.get(member, 0), count, by.log)
        self.versions[member] = self.versions.get(member, 0) + count

    def positions(self, of: OwnLog) -> list[int]:
        with of.database.read_as_it_is() as connection:
            table = SEEN if of is self.own_1 else SEEN_2
            return list(connection.execute(select(table.c.position).order_by(table.c.id)).scalars())

    @property
    def head(self) -> int:
        return sum(self.versions.values())

    def close(self) -> None:
        self.old.close()
        self.new.close()


@pytest.fixture
def both(database_url: str) -> Iterator[Both]:
    made = Both(database_url)
    yield made
    made.close()


def test_a_new_version_is_filled_while_the_old_one_goes_on(both: Both) -> None:
    both.append(both.own_1, "001", 3)
    left: list[int] = []
    both.own_2.catch_up(left.append)
    assert left == [3]
    both.append(both.own_1, "002")
    assert both.positions(both.own_2) == [1, 2, 3]
    both.own_2.catch_up()
    assert both.positions(both.own_2) == both.positions(both.own_1) == [1, 2, 3, 4]


def test_what_the_other_version_appended_is_projected_before_anything_is_decided(both: Both) -> None:
    both.append(both.own_1, "001", 2)
    known: list[list[int]] = []

    def decide(connection: Connection) -> None:
        known.append(list(connection.execute(select(SEEN_2.c.position)).scalars()))
        LOG_2.append(connection, "renewal/002", 0, [fact("002")], metadata(), AT)

    both.new.write(decide)
    both.versions["002"] = 1
    assert known[-1] == [1, 2], "the unit runs again once the other version's events are projected"
    assert both.positions(both.own_2) == [1, 2, 3]
    both.append(both.own_1, "001")
    assert both.positions(both.own_1) == [1, 2, 3, 4]


def test_a_version_conflict_is_still_one(both: Both) -> None:
    both.append(both.own_1, "001")
    with pytest.raises(VersionConflict):
        append(both.new, "001", 0, log=LOG_2)
    append(both.new, "001", 1, log=LOG_2)
    assert both.positions(both.own_2) == [1, 2]


def test_a_unit_that_is_refused_leaves_the_catching_up(both: Both) -> None:
    both.append(both.own_1, "001")
    both.own_2.catch_up()
    both.append(both.own_2, "001")
    both.append(both.own_1, "001")

    def refuse(connection: Connection) -> None:
        LOG_2.lock(connection)
        raise LookupError("not allowed")

    with pytest.raises(LookupError):
        both.new.write(refuse)
    assert both.positions(both.own_2) == [1, 2, 3]
    both.append(both.own_1, "001")
    both.append(both.own_2, "001")
    assert both.positions(both.own_1) == [1, 2, 3, 4]
    assert both.positions(both.own_2) == [1, 2, 3, 4, 5]


def test_a_writer_that_remembers_the_head_notices_who_took_over_without_an_append(both: Both) -> None:
    for _ in range(3):
        both.append(both.own_2, "001")  # by now this connection no longer asks for the head

    def only_lock(connection: Connection) -> None:
        LOG.lock(connection)

    both.old.write(only_lock)
    both.append(both.own_2, "001")
    both.append(both.own_1, "001")
    both.own_2.catch_up()
    assert both.positions(both.own_1) == both.positions(both.own_2) == [1, 2, 3, 4, 5]


def test_reactions_are_not_repeated_by_who_catches_up(both: Both) -> None:
    reacted: list[int] = []
    for own in (both.own_1, both.own_2):
        own.log = EventLog("renewal", own.log.project, lambda _connection, one: reacted.append(one.position))
    both.append(both.own_1, "001", 2)
    both.own_2.catch_up()
    both.append(both.own_2, "001")
    both.own_1.catch_up()
    assert reacted == [1, 2, 3]


@pytest.mark.parametrize("version", [1, 2])
def test_an_append_costs_no_statement_for_it(both: Both, version: int) -> None:
    own, table = (both.own_1, "seen") if version == 1 else (both.own_2, "seen")
    for _ in range(2):
        both.append(own, "001")
    with statements_of(own.database) as found:
        both.append(own, "001")
    if own.database.engine.dialect.name == "postgresql":
        expected = [f"INSERT INTO {table} ", "WITH free AS"]
    else:
        expected = ["SELECT position, projections_version FROM log_head", f"INSERT INTO {table} ",
                    "UPDATE log_head", "INSERT INTO events"]  # fmt: skip
    assert len(found) == len(expected), found
    assert all(text.startswith(start) for text, start in zip(found, expected, strict=True)), found


def test_nothing_is_asked_of_a_version_that_is_alone(database_url: str) -> None:
    database = first_version(database_url, VIEWS, OWN)
    append(database, "001", 0)
    own = own_log(database, LOG)
    assert own.behind() == 0
    with statements_of(database) as found:
        own.catch_up()
    assert found == []


def test_a_fill_that_was_killed_goes_on_where_it_was(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection_versions, "PAGE_MAX", 2)
    both.append(both.own_1, "001", 5)

    class Killed(BaseException):
        pass

    def kill(left: int) -> None:
        if left == 3:
            raise Killed

    with pytest.raises(Killed):
        both.own_2.catch_up(kill)
    assert both.positions(both.own_2) == [1, 2]
    both.new.close()
    both.append(both.own_1, "002")
    both.new = other_version(both.url, OF_VERSION_2, OWN)
    both.own_2 = own_log(both.new, LOG_2)
    both.own_2.catch_up()
    assert both.positions(both.own_2) == [1, 2, 3, 4, 5, 6]


def test_two_copies_that_fill_at_once_project_nothing_twice(both: Both) -> None:
    both.append(both.own_1, "001", 4)
    second = other_version(both.url, OF_VERSION_2, OWN)
    other = own_log(second, LOG_2)
    both.own_2.database.write(both.own_2._catch_up_page)
    other.database.write(other._catch_up_page)
    both.versions["002"] = 1
    append(second, "002", 0, log=LOG_2)
    both.own_2.database.write(both.own_2._catch_up_page)
    assert both.positions(both.own_2) == [1, 2, 3, 4, 5]
    second.close()


def test_a_version_that_was_given_up_and_comes_back_begins_anew(both: Both) -> None:
    both.append(both.own_1, "001", 2)
    both.append(both.own_2, "001")
    both.old.write(lambda connection: connection.execute(text("DELETE FROM projection_versions WHERE version = 1")))
    both.append(both.own_2, "001")
    if both.url.startswith("sqlite"):
        return  # there its tables are replaced: the next test
    projection_tables.prepare(both.old, VIEWS, OWN)
    assert both.positions(both.own_1) == []
    both.own_1.catch_up()
    both.append(both.own_1, "001")
    assert both.positions(both.own_1) == [1, 2, 3, 4, 5]


def test_a_sqlite_file_has_the_tables_of_the_version_that_started_last(sqlite_url: str) -> None:
    old = first_version(sqlite_url, VIEWS, OWN)
    append(old, "001", 0, count=2)
    old.close()
    new = Database(sqlite_url, 2)
    projection_tables.prepare(new, OF_VERSION_2, OWN)
    own_log(new, LOG_2).catch_up()
    append(new, "001", 2, log=LOG_2)
    with new.read() as connection:
        assert list(connection.execute(select(SEEN_2.c.position, SEEN_2.c.member))) == [
            (1, "001"), (2, "001"), (3, "001")]  # fmt: skip
    new.close()
    again = Database(sqlite_url, 2)
    projection_tables.prepare(again, OF_VERSION_2, OWN)
    with again.read() as connection:
        assert len(connection.execute(select(SEEN_2)).all()) == 3
    again.close()
    back = Database(sqlite_url)
    projection_tables.prepare(back, VIEWS, OWN)
    own = own_log(back, LOG)
    own.catch_up()
    append(back, "001", 3)
    with back.read() as connection:
        assert list(connection.execute(select(SEEN.c.position)).scalars()) == [1, 2, 3, 4]
        assert "member" not in {column["name"] for column in inspect(connection).get_columns("seen")}


def test_going_back_before_the_later_version_has_written_fills_the_tables_again(database_url: str) -> None:
    """On PostgreSQL the tables of 0.1.0 count as nobody's once a later version is there."""
    old = sample_log.database(database_url)
    append(old, "001", 0, count=2)
    old.close()
    for is_filled in (False, True):
        new = Database(database_url, 2)
        projection_tables.prepare(new, OF_VERSION_2, OWN)
        if is_filled:
            own_log(new, LOG_2).catch_up()
        new.close()
        back = Database(database_url)
        projection_tables.prepare(back, VIEWS, OWN)
        own_log(back, LOG).catch_up()
        with back.read() as connection:
            assert list(connection.execute(select(SEEN.c.position)).scalars()) == [1, 2]
        back.close()


def test_a_new_database_may_begin_with_a_later_version(database_url: str) -> None:
    database = Database(database_url)
    first_version(database_url, VIEWS, OWN).close()
    database.close()
    new = other_version(database_url, OF_VERSION_2, OWN)
    own_log(new, LOG_2).catch_up()
    append(new, "001", 0, log=LOG_2)
    with new.read() as connection:
        assert connection.execute(select(HEAD.c.projections_version)).scalar_one() == 2
        assert list(connection.execute(select(SEEN_2.c.position)).scalars()) == [1]


def test_an_own_event_that_an_old_copy_does_not_know_is_projected_by_the_one_that_does(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.append(both.own_2, "001", 2)
    with monkeypatch.context() as old_copy:
        old_copy.setattr(Recorded, "is_known", property(lambda one: one.position != 2))
        both.own_1.catch_up()
    assert both.positions(both.own_1) == [1]
    both.own_1.project_known()
    both.own_1.project_known()
    assert both.positions(both.own_1) == [1, 2]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["1a", "1b", "2a", "2b"]), st.sampled_from(["append", "append", "tick", "restart", "lock"])
    ),
    max_size=14,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS, page=st.sampled_from([1, 3, 200]))
def test_whoever_appends_each_version_has_every_event_once(both: Both, steps: list[tuple[str, str]], page: int) -> None:
    """Copies of both versions in any order, on one log through all examples; after each step each version is the replay of the log, once it has caught up."""
    copies = {"1a": both.own_1, "2a": both.own_2}
    copies["1b"] = own_log(Database(both.url), LOG)
    copies["2b"] = own_log(other_version(both.url, OF_VERSION_2, OWN), LOG_2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(projection_versions, "PAGE_MAX", page)
        for copy, what in steps:
            own = copies[copy]
            match what:
                case "append":
                    both.append(own, copy)
                case "tick":
                    own.catch_up()
                case "lock":
                    own.database.write(partial(own.log.lock))
                case _:
                    own.database.close()
                    own.database._writer = None
            for caught_up in (copies["1b"], copies["2b"]):
                caught_up.catch_up()
            everything = list(range(1, both.head + 1))
            assert both.positions(both.own_1) == everything
            assert both.positions(both.own_2) == everything
    copies["1b"].database.close()
    copies["2b"].database.close()


def append_fifteen(number: int, own: OwnLog) -> None:
    for version in range(15):
        while not appended(own, str(number), version):
            own.catch_up()


def appended(own: OwnLog, member: str, version: int) -> bool:
    try:
        append(own.database, member, version, log=own.log)
    except VersionConflict:
        return False
    return True


def test_copies_of_both_versions_at_once_lose_and_double_nothing(postgres_url: str) -> None:
    both = Both(postgres_url)
    copies = [both.own_1, both.own_2, own_log(Database(postgres_url), LOG), own_log(Database(postgres_url, 2), LOG_2)]

    threads = [threading.Thread(target=append_fifteen, args=one) for one in enumerate(copies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    both.own_1.catch_up()
    both.own_2.catch_up()
    assert both.positions(both.own_1) == both.positions(both.own_2) == list(range(1, 61))
    for own in copies:
        own.database.close()


def test_a_copy_that_knows_of_another_version_reads_what_that_one_wrote(both: Both) -> None:
    both.own_1.catch_up()
    both.own_2.catch_up()
    both.append(both.own_1, "001")
    with both.new.read() as connection:
        assert list(connection.execute(select(SEEN_2.c.position)).scalars()) == [1]
    both.append(both.own_2, "001")
    found: list[int] = []
    both.old.write(lambda connection: found.extend(connection.execute(select(SEEN.c.position)).scalars()))
    assert found == [1, 2], "also a write that appends nothing begins with what the other version wrote"


def forget_to_catch_up(patch: pytest.MonkeyPatch) -> None:
    def take_over(own: OwnLog, connection: Connection) -> None:
        connection.execute(update(HEAD).values(projections_version=own.version))

    patch.setattr(OwnLog, "take_over", take_over)


def react_again(patch: pytest.MonkeyPatch) -> None:
    project_page = OwnLog._project_page

    def project_and_react(own: OwnLog, connection: Connection, after: int) -> int:
        for recorded in own.log.read(connection, after, projection_versions.PAGE_MAX):
            own.log.react(connection, recorded)
        return project_page(own, connection, after)

    patch.setattr(OwnLog, "_project_page", project_and_react)


def record_nothing_of_the_other(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(projection_versions, "cover_other", lambda *_: None)


def look_for_no_other_writer(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(append_buffer.AppendBuffer, "_head", lambda buffer: buffer.driver.execute(HEAD_ALONE).fetchone()[0])


HEAD_ALONE = "SELECT position FROM log_head"
REMOVED = [forget_to_catch_up, react_again, record_nothing_of_the_other, look_for_no_other_writer]


def alternate(url: str) -> bool:
    """Whether, after both versions have appended in turn, each has every event once, and each event was reacted to once."""
    both = Both(url)
    reacted: list[int] = []
    for own in (both.own_1, both.own_2):
        own.log = EventLog("renewal", own.log.project, lambda _connection, one: reacted.append(one.position))
    for own in (both.own_1, both.own_1, both.own_2, both.own_1, both.own_2, both.own_1):
        both.append(own, "001")
    found = both.positions(both.own_1), both.positions(both.own_2)
    both.close()
    return found == ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5]) and reacted == [1, 2, 3, 4, 5, 6]


def test_the_versions_are_right_with_every_fence(sqlite_url: str) -> None:
    assert alternate(sqlite_url)


@pytest.mark.parametrize("remove", REMOVED)
def test_each_fence_is_missed_when_it_is_gone(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, remove: Callable[[pytest.MonkeyPatch], None]
) -> None:
    remove(monkeypatch)
    assert not alternate(sqlite_url)
