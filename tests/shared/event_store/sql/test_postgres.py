"""A database that says nothing any more is given up in time, and the locks of a program that is gone with it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from shared.contract.envelope import Recorded
from shared.contract.seal import GENESIS
from shared.event_store import database as databases
from shared.event_store.database import Database, is_unavailable
from shared.event_store.log import EventLog
from shared.event_store.migrations import runner
from shared.event_store.seals import Seal
from shared.event_store.sql import by_key, engines, postgres, readers
from shared.event_store.sql.group_commit import Unit, run_together
from shared.messaging import relay_cursor
from shared.subscriptions import parking
from shared.subscriptions.follower import Follower
from tests.support import sample_log
from tests.support.servers.free_ports import free_port

TABLES = MetaData()
NUMBERS = Table("numbers", TABLES, Column("number", Integer, primary_key=True))
LIMIT_SECONDS = 0.3
COPIES = 4


@pytest.fixture
def db(postgres_url: str) -> Database:
    made = Database(postgres_url)
    made.create_tables(TABLES)
    return made


def test_an_answer_that_does_not_come_ends_the_connection(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres.Connection, "answer_seconds_max", LIMIT_SECONDS)
    with db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT pg_sleep(60)"))
    assert driver is not None
    assert driver.closed


class Ended(BaseException):
    """As eventlet ends a greenlet, or a wait."""


@pytest.mark.parametrize(
    "statement", [lambda connection: by_key.find(connection, sample_log.SEEN, {"id": 1}), sample_log.LOG.lock]
)
def test_a_statement_that_is_broken_off_raises_why_and_closes_its_connection(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, statement: Callable[[Connection], object]
) -> None:
    db = sample_log.database(postgres_url)
    drivers: list[Any] = []

    def end(_connection: object, sending: Iterator[object], *_limits: float) -> None:
        next(sending)
        raise Ended

    def work(connection: Connection) -> None:
        drivers.append(connection.connection.driver_connection)
        with monkeypatch.context() as broken:
            broken.setattr(postgres.Connection, "wait", end)
            statement(connection)

    with pytest.raises(Ended):
        db.write(work)
    assert [one.closed for one in drivers] == [True]
    sample_log.append(db, "0012345", 0)


def test_an_append_that_is_broken_off_raises_why_and_closes_its_connection(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the whole transaction, in autocommit, which cannot be ended while the answer may still come."""
    wait: Any = postgres.Connection.wait
    db, log = sample_log.database(postgres_url), EventLog("renewal", lambda _connection, _recorded: None)
    drivers: list[Any] = []

    def end(connection: Any, sending: Iterator[object], *limits: float) -> object:
        if not connection.autocommit:
            return wait(connection, sending, *limits)
        next(sending)
        raise Ended

    def work(connection: Connection) -> None:
        drivers.append(connection.connection.driver_connection)
        log.append(connection, "renewal/3", 0, [sample_log.fact("3")], sample_log.metadata(), sample_log.AT)
        monkeypatch.setattr(postgres.Connection, "wait", end)

    for member in ("1", "2"):  # from then on nobody else is known to write
        sample_log.append(db, member, 0, log=log)
    with pytest.raises(Ended):
        db.write(work)
    monkeypatch.undo()
    assert [one.closed for one in drivers] == [True]
    sample_log.append(db, "4", 0, log=log)


def by_several_servers(url: str, *ports: int) -> str:
    """The same database by a URL that names several servers."""
    parsed = make_url(url)
    hosts = tuple(f"{parsed.host}:{port}" for port in ports)
    return parsed.set(host=None, port=None, query={"host": hosts}).render_as_string(hide_password=False)


def test_of_several_servers_the_next_one_is_found_where_one_is_away(postgres_url: str) -> None:
    several = by_several_servers(postgres_url, free_port(), make_url(postgres_url).port or 0)
    with Database(several).read() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_of_several_servers_none_that_takes_no_writes_is_connected_to(postgres_url: str) -> None:
    """As a standby; this one is a primary whose sessions begin read-only."""
    port = make_url(postgres_url).port or 0
    with Database(postgres_url).engine.begin() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar()
        connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
    several = by_several_servers(postgres_url, port, port)
    for connect in (Database(several).engine.connect, runner.engine_for(several).connect):
        with pytest.raises(OperationalError, match="read-only") as refused, connect():
            pass
        assert is_unavailable(refused.value)


def test_whoever_writes_next_gets_a_new_connection(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as short:
        short.setattr(postgres.Connection, "answer_seconds_max", LIMIT_SECONDS)
        with pytest.raises(OperationalError):
            db.write(lambda connection: connection.execute(text("SELECT pg_sleep(60)")))
    db.write(lambda connection: connection.execute(insert(NUMBERS).values(number=1)))
    with db.read() as connection:
        assert connection.execute(select(NUMBERS.c.number)).scalars().all() == [1]


def test_a_session_silent_within_a_transaction_loses_its_locks(
    db: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(postgres.SETTINGS, "options", "-c idle_in_transaction_session_timeout=100ms")
    with Database(postgres_url).engine.connect() as silent:
        silent.execute(insert(NUMBERS).values(number=7))
        db.write(lambda connection: connection.execute(insert(NUMBERS).values(number=7)))
        with pytest.raises(DBAPIError) as shown:
            silent.execute(select(NUMBERS))
    assert is_unavailable(shown.value)


def test_the_server_applies_the_session_settings(db: Database) -> None:
    with db.read() as connection:
        shown = {name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in postgres.SERVER_SIDE}
    assert shown["idle_in_transaction_session_timeout"] == f"{postgres.IDLE_IN_TRANSACTION_SECONDS_MAX}s"
    assert shown["tcp_keepalives_idle"] == str(postgres.KEEPALIVE_IDLE_SECONDS)


def test_copies_that_start_at_once_make_the_tables_once(postgres_url: str) -> None:
    copies = [Database(postgres_url) for _ in range(COPIES)]
    together, failures = threading.Barrier(COPIES), list[Exception]()

    def start(copy: Database) -> None:
        together.wait()
        try:
            copy.create_tables(TABLES)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            failures.append(error)

    threads = [threading.Thread(target=start, args=(copy,)) for copy in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_copies_that_start_at_once_take_turns(postgres_url: str) -> None:
    first, second = Database(postgres_url), Database(postgres_url)
    order: list[str] = []

    def follow() -> None:
        with second.startup_lock():
            order.append("second")

    with first.startup_lock():
        thread = threading.Thread(target=follow)
        thread.start()
        thread.join(LIMIT_SECONDS)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


END_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def end_sessions(url: str) -> None:
    """As an administrator does it, or a restart of the server."""
    with Database(url).engine.connect() as connection:
        assert connection.execute(END_OTHERS).scalars().all()


def add(number: int) -> object:
    return lambda connection: connection.execute(insert(NUMBERS).values(number=number))


def select_numbers(connection: Connection) -> list[int]:
    return sorted(connection.execute(select(NUMBERS.c.number)).scalars())


def numbers(db: Database) -> list[int]:
    with db.read() as connection:
        return select_numbers(connection)


@pytest.mark.parametrize("use", [numbers, lambda db: db.write(select_numbers)])
def test_of_the_connections_that_have_rested_one_alone_is_tried(
    db: Database, monkeypatch: pytest.MonkeyPatch, use: Callable[[Database], object]
) -> None:
    """Where the first does not answer: for each other one, whoever waits would wait as long again."""
    use(db)
    with ExitStack() as stack:
        for taken in (db.read(), db.read(), db.engine.begin()):
            stack.enter_context(taken)
    tried: list[object] = []

    def responds(driver: object) -> bool:
        tried.append(driver)
        return len(tried) > 1

    monkeypatch.setattr(postgres, "responds", responds)
    for module in (databases, postgres, readers):
        monkeypatch.setattr(module, "monotonic", lambda: time.monotonic() + 3600)
    use(db)
    assert len(tried) == 1
    db.close()


@pytest.mark.parametrize("rest_seconds", [0, 3600])
def test_whoever_writes_after_the_session_was_ended_does_not_notice(
    db: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch, rest_seconds: float
) -> None:
    """Also where it had not rested for so long that it would have been tried before."""
    monkeypatch.setattr(engines, "IDLE_SECONDS", rest_seconds)
    for number in range(3):
        db.write(add(number))  # type: ignore[arg-type]
        end_sessions(postgres_url)
    db.write_unflushed(add(3))  # type: ignore[arg-type]
    assert numbers(db) == [0, 1, 2, 3]


@pytest.mark.parametrize("rest_seconds", [0, 3600])
def test_an_append_after_the_session_was_ended_goes_on_where_the_log_ends(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, rest_seconds: float
) -> None:
    monkeypatch.setattr(engines, "IDLE_SECONDS", rest_seconds)
    db = sample_log.database(postgres_url)
    for version in range(3):
        sample_log.append(db, "0012345", version)
        end_sessions(postgres_url)
    assert [one.position for one in sample_log.history(db)] == [1, 2, 3]


def test_a_session_that_ends_within_a_unit_ends_nothing_else(db: Database, postgres_url: str) -> None:
    tries: list[int] = []

    def work(connection: Connection) -> None:
        connection.execute(insert(NUMBERS).values(number=7))
        tries.append(len(tries))
        if len(tries) == 1:
            end_sessions(postgres_url)
            connection.execute(insert(NUMBERS).values(number=8))

    db.write(work)
    assert (numbers(db), tries) == ([7], [0, 1])


def test_a_session_that_ends_among_units_that_run_each_by_itself_is_no_bug_of_the_next(
    db: Database, postgres_url: str
) -> None:
    def refused(_: Connection) -> None:
        raise LookupError("a unit of its own accord")

    def ended(connection: Connection) -> None:
        end_sessions(postgres_url)
        connection.execute(insert(NUMBERS).values(number=8))

    units = [Unit(refused), Unit(ended), Unit(add(9))]  # type: ignore[arg-type]
    with db.engine.connect() as connection, pytest.raises(DBAPIError) as shown:
        run_together(units, connection)
    assert is_unavailable(shown.value)
    assert numbers(db) == []


def test_a_unit_that_waited_long_for_a_lost_session_gets_the_error(
    db: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "RETRY_WITHIN_SECONDS", 0)
    monkeypatch.setattr(engines, "IDLE_SECONDS", 3600)
    db.write(add(1))  # type: ignore[arg-type]
    end_sessions(postgres_url)
    with pytest.raises(DBAPIError) as shown:
        db.write(add(2))  # type: ignore[arg-type]
    assert is_unavailable(shown.value)


def test_a_reader_and_a_relay_whose_sessions_were_ended_while_they_rested_go_on(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "IDLE_SECONDS", 0)
    db = sample_log.database(postgres_url)
    sample_log.append(db, "0012345", 0, count=2)
    for left in (2, 1):
        end_sessions(postgres_url)
        with relay_cursor.next_batch(db, sample_log.LOG, limit=1) as turn:
            assert turn is not None
            turn.publish_confirmed(Seal(turn.events[-1].position, GENESIS, ""))
        end_sessions(postgres_url)
        assert len(sample_log.history(db)) == 2
        assert left


@pytest.mark.parametrize("rest_seconds", [0, 3600])
def test_a_subscription_whose_sessions_are_ended_goes_on_and_parks_nothing(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, rest_seconds: float
) -> None:
    """Before an event, and while its handler writes."""
    monkeypatch.setattr(engines, "IDLE_SECONDS", rest_seconds)
    db = sample_log.database(postgres_url)
    for version in range(3):
        sample_log.append(db, "0012345", version, log=EventLog("renewal", lambda _connection, _recorded: None))
    log = sample_log.history(db)
    ended: list[int] = []

    def apply(connection: Connection, recorded: Recorded) -> None:
        if recorded.position == 2 and not ended:
            ended.append(recorded.position)
            end_sessions(postgres_url)
        sample_log.see(connection, recorded)

    subscription = Follower(db, "renewal", apply, lambda after, limit: log[after : after + limit], lambda _: None)
    for one in log:
        if one.position != 2:
            end_sessions(postgres_url)
        subscription.receive([one])
    with db.read() as connection:
        assert parking.list_parked(connection) == []
    assert (subscription.checkpoint(), sample_log.seen(db), ended) == (3, [1, 2, 3], [2])


DEADLOCKS = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def test_copies_that_append_at_once_do_not_wait_for_each_other_in_a_circle(postgres_url: str) -> None:
    """A copy that was alone until now has projected a position that the other, who has locked the counter, projects too."""

    def see(connection: Connection, recorded: Recorded) -> None:
        row = {"id": recorded.position, "source": "", "position": recorded.position, "stream": recorded.stream}
        connection.execute(insert(sample_log.SEEN).values(row))

    log = EventLog("renewal", see)
    first, second = sample_log.database(postgres_url), sample_log.database(postgres_url)
    for version in range(3):  # from the third on, a copy knows that it is alone
        sample_log.append(first, "0000001", version, log=log)
    other = threading.Thread(target=sample_log.append, args=(second, "0000002", 0), kwargs={"log": log})

    def work(connection: Connection) -> None:
        log.append(connection, "renewal/0000001", 3, [sample_log.fact("0000001")], sample_log.metadata(), sample_log.AT)
        if other.ident is None:
            other.start()
            with Database(postgres_url).engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watching:
                while not watching.execute(WAITING).scalar_one():
                    time.sleep(0.01)

    first.write(work)
    other.join()
    assert sample_log.seen(first) == [1, 2, 3, 4, 5]
    with first.read() as connection:
        assert connection.execute(DEADLOCKS).scalar_one() == 0
