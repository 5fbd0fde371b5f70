"""The log's promises, each on SQLite and on PostgreSQL."""

import threading
from itertools import islice
from uuid import uuid4, uuid5

import pytest
from psycopg.errors import UndefinedTable
from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from shared.contract.envelope import Recorded
from shared.event_store import log
from shared.event_store.database import is_unavailable
from shared.event_store.log import EventLog, VersionConflict
from tests.support import sample_log
from tests.support.sample_log import AT, LOG, SEEN, append, database, fact, history, metadata, seen
from tests.support.servers.prepared_databases import Prepare


@pytest.fixture
def prepare() -> Prepare:
    return sample_log.create_tables


def test_positions_count_without_holes_across_streams(database_url: str) -> None:
    db = database(database_url)
    append(db, "001", 0, count=2)
    append(db, "002", 0)
    append(db, "001", 2)
    assert [(one.position, one.stream, one.version) for one in history(db)] == [
        (1, "renewal/001", 1),
        (2, "renewal/001", 2),
        (3, "renewal/002", 1),
        (4, "renewal/001", 3),
    ]


def test_what_is_read_is_what_was_appended(database_url: str) -> None:
    db = database(database_url)
    (recorded,) = append(db, "001", 0)
    with db.read() as connection:
        assert LOG.read(connection, 0, 10) == [recorded]
    assert history(db)[0].event == fact("001")


def test_the_ids_follow_from_the_cause_and_the_stream() -> None:
    cause, ids = uuid4(), log.event_ids(uuid4(), "renewal/001")
    assert list(islice(log.event_ids(cause, "renewal/001"), 12)) == [
        uuid5(cause, f"renewal/001#{index}") for index in range(12)
    ]
    assert next(ids) != uuid5(cause, "renewal/001#0")


def test_a_stale_version_is_a_conflict_and_leaves_no_trace(database_url: str) -> None:
    db = database(database_url)
    append(db, "001", 0)
    with pytest.raises(VersionConflict):
        append(db, "001", 0)
    append(db, "001", 1)
    assert [one.position for one in history(db)] == [1, 2]
    assert seen(db) == [1, 2]


def test_an_event_is_projected_and_reacted_to_before_the_next_one(database_url: str) -> None:
    db = database(database_url)
    reacted: list[tuple[int, list[int]]] = []

    def react(connection: Connection, recorded: Recorded) -> None:
        reacted.append((recorded.position, list(connection.execute(select(SEEN.c.position)).scalars())))

    append(db, "001", 0, count=2, log=EventLog("renewal", LOG.project, react))
    assert reacted == [(1, [1]), (2, [1, 2])]


def test_a_reaction_that_fails_undoes_the_append(database_url: str) -> None:
    db = database(database_url)

    def react(_connection: Connection, _recorded: Recorded) -> None:
        raise LookupError("the reference counts already")

    with pytest.raises(LookupError):
        append(db, "001", 0, log=EventLog("renewal", LOG.project, react))
    assert history(db) == []
    assert seen(db) == []


def test_a_rollback_gives_its_positions_back(database_url: str) -> None:
    db = database(database_url)
    append(db, "001", 0)

    def fails(connection: object) -> None:
        LOG.append(connection, "renewal/002", 0, [fact("002")], metadata(), AT)  # type: ignore[arg-type]
        raise RuntimeError("after the append")

    with pytest.raises(RuntimeError):
        db.write(fails)
    (recorded,) = append(db, "003", 0)
    assert recorded.position == 2
    assert seen(db) == [1, 2]


def test_trouble_with_the_log_s_own_statements_is_the_database_s_trouble(sqlite_url: str) -> None:
    """Whoever hears of it must not take it for a handler's: a subscription would park what works in a moment."""
    db = database(sqlite_url)
    db.write(lambda connection: connection.execute(text("PRAGMA query_only = ON")))
    with pytest.raises(OperationalError) as trouble:
        append(db, "001", 0)
    assert is_unavailable(trouble.value)


def test_a_missing_table_is_a_fault_and_no_trouble_that_passes(database_url: str) -> None:
    db = database(database_url)
    db.write(lambda connection: connection.execute(text("ALTER TABLE events RENAME TO gone")))
    with pytest.raises((DBAPIError, UndefinedTable)) as fault:
        append(db, "001", 0)
    assert not is_unavailable(fault.value)


def test_the_same_cause_cannot_append_twice(database_url: str) -> None:
    db = database(database_url)
    cause = uuid4()
    db.write(lambda connection: LOG.append(connection, "renewal/001", 0, [fact("001")], metadata(cause), AT))
    with pytest.raises(VersionConflict):
        db.write(lambda connection: LOG.append(connection, "renewal/001", 1, [fact("001")], metadata(cause), AT))
    assert len(history(db)) == 1


@pytest.mark.parametrize("statement", [update(log.EVENTS).values(type="Other"), delete(log.EVENTS)])
def test_facts_are_neither_changed_nor_deleted(database_url: str, statement: object) -> None:
    db = database(database_url)
    append(db, "001", 0)
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        db.write(lambda connection: connection.execute(statement))  # type: ignore[call-overload]
    assert len(history(db)) == 1


def test_reading_goes_on_after_a_position_up_to_a_limit(database_url: str) -> None:
    db = database(database_url)
    append(db, "001", 0, count=5)
    with db.read() as connection:
        assert [one.position for one in LOG.read(connection, 2, 2)] == [3, 4]
        assert LOG.head(connection) == 5


def test_no_reader_passes_an_event_that_commits_later(database_url: str) -> None:
    """Eight writers append while a reader follows by position: it must see every position, in order, the first time."""
    reader = database(database_url)
    writers, each = 8, 25
    done = threading.Event()
    read: list[int] = []

    def follow() -> None:
        while True:
            finished = done.is_set()
            batch = [one.position for one in history(reader, after=read[-1] if read else 0)]
            read.extend(batch)
            if finished and not batch:
                return

    def write(number: int) -> None:
        own = database(database_url)
        for version in range(each):
            append(own, f"{number:03}", version)
        own.close()

    following = threading.Thread(target=follow)
    following.start()
    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    following.join()
    assert read == list(range(1, writers * each + 1))


def test_the_counter_cannot_have_a_second_row(database_url: str) -> None:
    db = database(database_url)
    with pytest.raises(DBAPIError):
        db.write(lambda connection: connection.execute(text("INSERT INTO log_head (id, position) VALUES (2, 0)")))
