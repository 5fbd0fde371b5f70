"""One way to write: units that wait together share a commit, and each is accepted or refused on its own."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, event, insert, select
from sqlalchemy.exc import IntegrityError

from shared.event_store.database import Database, Instant, is_unavailable
from shared.event_store.sql import group_commit
from shared.event_store.sql.schema import TablesOutOfDate
from shared.observability import request_context
from shared.observability.request_context import RequestContext
from tests.support.servers.prepared_databases import Prepare

TABLES = MetaData()
NUMBERS = Table("numbers", TABLES, Column("number", Integer, primary_key=True))
MOMENTS = Table("moments", TABLES, Column("id", Integer, primary_key=True), Column("at", Instant))


def create_tables(of: Database) -> None:
    of.create_tables(TABLES)


@pytest.fixture
def prepare() -> Prepare:
    return create_tables


@pytest.fixture
def db(database_url: str) -> Database:
    return Database(database_url)


def put(number: int) -> object:
    return lambda connection: connection.execute(insert(NUMBERS).values(number=number)) and number


def numbers(db: Database) -> list[int]:
    with db.read() as connection:
        return sorted(connection.execute(select(NUMBERS.c.number)).scalars())


def test_units_that_wait_together_share_a_commit_and_fail_alone(db: Database) -> None:
    """Each runs in its caller's context, whoever commits: its log lines and its trace are those of its own request."""
    commits: list[int] = []
    event.listen(db.engine, "commit", lambda _connection: commits.append(1))
    entered, go_on = threading.Event(), threading.Event()
    outcomes: dict[int, object] = {}

    def slow(connection: Connection) -> None:
        entered.set()
        go_on.wait()
        connection.execute(insert(NUMBERS).values(number=0))

    def call(key: int, number: int) -> None:
        def work(connection: Connection) -> object:
            return put(number)(connection), request_context.present().program  # type: ignore[operator]

        request_context.enter(RequestContext(f"caller {key}"))
        try:
            outcomes[key] = db.write(work)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcomes[key] = type(error).__name__

    first = threading.Thread(target=lambda: db.write(slow))
    first.start()
    entered.wait()
    others = [threading.Thread(target=call, args=(key, number)) for key, number in enumerate([1, 2, 0, 3])]
    for other in others:
        other.start()
    while len(db._waiting) < len(others):
        threading.Event().wait(0.001)
    go_on.set()
    for thread in (first, *others):
        thread.join()
    assert outcomes == {0: (1, "caller 0"), 1: (2, "caller 1"), 2: "IntegrityError", 3: (3, "caller 3")}
    assert len(commits) == 2
    assert numbers(db) == [0, 1, 2, 3]


def test_a_commit_that_is_broken_off_for_one_is_the_databases_trouble_for_whoever_waits_for_it(db: Database) -> None:
    """It may have happened: a call is answered with `no_answer`, and a subscription parks nothing."""
    entered, go_on = threading.Event(), threading.Event()
    raised: list[BaseException] = []

    def slow(_connection: Connection) -> None:
        entered.set()
        go_on.wait()

    def end(_connection: Connection) -> None:
        raise KeyboardInterrupt

    def call(work: Callable[[Connection], object]) -> None:
        try:
            db.write(work)
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            raised.append(error)

    threads = [threading.Thread(target=call, args=(work,)) for work in (slow, put(1), end)]
    threads[0].start()
    entered.wait()
    for thread in threads[1:]:
        thread.start()
    while len(db._waiting) < 2:
        threading.Event().wait(0.001)
    go_on.set()
    for thread in threads:
        thread.join()
    ended, waited = sorted(raised, key=is_unavailable)
    assert isinstance(ended, KeyboardInterrupt)
    assert is_unavailable(waited)
    db.write(put(2))  # type: ignore[arg-type]
    assert numbers(db) == [2]


class BrokenOff:
    """A lock at which whoever waits for it is broken off, as eventlet ends a greenlet."""

    def __enter__(self) -> None:
        raise KeyboardInterrupt

    def __exit__(self, *_error: object) -> None: ...


def test_what_is_broken_off_before_its_turn_nobody_does_later(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(db, "write_lock", BrokenOff())
        with pytest.raises(KeyboardInterrupt):
            db.write(put(1))  # type: ignore[arg-type]
    db.write(put(2))  # type: ignore[arg-type]
    assert numbers(db) == [2]


def test_a_failed_unit_leaves_nothing_and_the_next_one_works(db: Database) -> None:
    def fails(connection: Connection) -> None:
        connection.execute(insert(NUMBERS).values(number=1))
        raise LookupError("no")

    with pytest.raises(LookupError):
        db.write(fails)
    db.write(put(2))  # type: ignore[arg-type]
    assert numbers(db) == [2]


def test_a_commit_that_fails_leaves_no_transaction_open(db: Database) -> None:
    failures = iter([LookupError("the disk is full")])

    def fail_once(_connection: Connection) -> None:
        for failure in failures:
            raise failure

    event.listen(db.engine, "commit", fail_once)
    with pytest.raises(LookupError):
        db.write(put(1))  # type: ignore[arg-type]
    db.write(put(2))  # type: ignore[arg-type]
    assert numbers(db) == [2]


def test_waking_comes_after_the_commit_of_events_alone(db: Database) -> None:
    seen: list[list[int]] = []
    db.on_append(lambda _seconds: seen.append(numbers(db)))
    db.write(put(7))  # type: ignore[arg-type]
    assert not seen
    db.write(lambda connection: connection.info.update({group_commit.APPENDED: True}))
    db.write(put(8))  # type: ignore[arg-type]
    assert seen == [[7]]


def test_an_instant_keeps_its_moment_and_needs_its_zone(db: Database) -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    at = datetime(2025, 3, 20, 23, 59, 59, 123456, tzinfo=tehran)
    db.write(lambda connection: connection.execute(insert(MOMENTS).values(id=1, at=at)))
    with db.read() as connection:
        read = connection.execute(select(MOMENTS.c.at)).scalar_one()
    assert read == at
    assert read.tzinfo is UTC
    with pytest.raises(Exception, match="needs its zone"):
        db.write(lambda connection: connection.execute(insert(MOMENTS).values(id=2, at=at.replace(tzinfo=None))))


def test_tables_of_another_version_are_refused_at_the_start(db: Database) -> None:
    grown = MetaData()
    Table(NUMBERS.name, grown, Column("number", Integer, primary_key=True), Column("reason", Integer))
    db.write(put(1))  # type: ignore[arg-type]
    with pytest.raises(TablesOutOfDate, match=f"lacks {NUMBERS.name}.reason"):
        db.create_tables(grown)
    assert numbers(db) == [1]


def test_what_was_jotted_down_is_there_and_all_else_is_flushed_as_ever(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/jotted.db")
    db.create_tables(TABLES)
    db.write_unflushed(put(1))  # type: ignore[arg-type]
    full = 2
    assert db.write(lambda connection: connection.exec_driver_sql("PRAGMA synchronous").scalar()) == full
    with pytest.raises(IntegrityError):
        db.write_unflushed(put(1))  # type: ignore[arg-type]
    assert db.write(lambda connection: connection.exec_driver_sql("PRAGMA synchronous").scalar()) == full
    assert numbers(db) == [1]


def test_an_unflushed_write_raises_its_own_error_while_another_version_writes_too(db: Database) -> None:
    def fails(connection: Connection) -> None:
        connection.execute(insert(NUMBERS).values(number=1))
        raise LookupError("no")

    db.has_other_versions, db.catch_up = True, lambda _connection: None
    with pytest.raises(LookupError):
        db.write_unflushed(fails)
    assert numbers(db) == []
