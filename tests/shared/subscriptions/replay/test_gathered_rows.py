"""Rows that are gathered in memory become the rows that are written one after another, and whoever reads meanwhile finds the same."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Connection, Date, Integer, MetaData, String, Table, Uuid, delete, event, select

from shared.contract.envelope import Recorded
from shared.event_store.database import Database, Instant
from shared.event_store.sql import by_key, upsert
from shared.subscriptions.replay import gathered_rows
from shared.subscriptions.replay.gathered_rows import at_once, gathering
from shared.subscriptions.replay.projections import CannotProject, one_by_one
from tests.services.notification import samples
from tests.support.servers.prepared_databases import Prepare

TABLES = MetaData()
SLIPS = Table(
    "slips",
    TABLES,
    Column("member", String(7), primary_key=True),
    Column("on", Date, primary_key=True),
    Column("slip", Uuid),
    Column("at", Instant),
    Column("is_paid", Boolean),
    Column("rials", Integer, nullable=False, default=7),
    Column("values", String(20)),
)
AT = datetime(2026, 4, 21, 13, 0, 0, 123456, tzinfo=UTC)
KEYS = [{"member": member, "on": date(2026, 4, day)} for member, day in (("1", 1), ("1", 2), ("2", 1))]
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "slip": st.uuids(),
        "at": st.none() | st.integers(0, 9).map(lambda hours: AT + timedelta(hours=hours)),
        "is_paid": st.booleans(),
        "rials": st.integers(0, 9),
        "values": st.none() | st.sampled_from(["", "۳۰ اسفند", "\\N\t"]),
    },
)
WHOLE = st.fixed_dictionaries({
    "slip": st.uuids(), "at": st.just(AT), "is_paid": st.booleans(), "rials": st.integers(0, 9), "values": st.just("?")
})  # fmt: skip
STEPS = st.tuples(
    st.sampled_from(["add", "change", "count", "delete", "find", "put", "read", "remove", "remove all"]),
    st.sampled_from(KEYS),
    (ROWS | WHOLE).filter(bool),
    ROWS,
)
Values = dict[str, Any]
Step = tuple[str, Values, Values, Values]


@pytest.fixture
def prepare() -> Prepare:
    return lambda database: database.create_tables(TABLES)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    database = Database(database_url)
    event.listen(database.engine, "before_cursor_execute", gathered_rows.write_gathered)
    with database.engine.connect() as connected:
        yield connected
    database.close()


def add(connection: Connection, key: Values, row: Values, _new: Values) -> None:
    if by_key.find(connection, SLIPS, key) is None:
        by_key.add(connection, SLIPS, {**key, **row})


def of_member(key: Values) -> Values:
    return {"member": key["member"]}


ACTS: Mapping[str, Callable[[Connection, Values, Values, Values], object]] = {
    "add": add,
    "put": lambda connection, *step: upsert.put(connection, SLIPS, *step),
    "change": lambda connection, key, row, _: by_key.change(connection, SLIPS, key, row) and None,
    "count": lambda connection, key, *_: by_key.change(connection, SLIPS, key, {"rials": SLIPS.c.rials + 1}),
    "remove": lambda connection, key, *_: by_key.remove(connection, SLIPS, key),
    "remove all": lambda connection, key, *_: by_key.remove(connection, SLIPS, of_member(key)),
    "find": lambda connection, key, *_: by_key.find(connection, SLIPS, key),
    "read": lambda connection, key, *_: by_key.find_all(connection, SLIPS, of_member(key), "on"),
    "delete": lambda connection, *_: connection.execute(delete(SLIPS).where(SLIPS.c.rials == 7)).close(),
}


def take(connection: Connection, steps: list[Step]) -> list[object]:
    """Do these things with the rows; what was found."""
    return [ACTS[act](connection, *step) or None for act, *step in steps]


def rows(connection: Connection) -> Sequence[Any]:
    return connection.execute(select(SLIPS).order_by(*SLIPS.primary_key)).all()


@given(st.lists(STEPS, max_size=4), st.lists(STEPS, min_size=4, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_they_are_the_same_rows(connection: Connection, before: list[Step], steps: list[Step]) -> None:
    def play(within: AbstractContextManager[None]) -> tuple[list[object], Sequence[Any]]:
        with connection.begin() as transaction:
            take(connection, before)
            with within:
                found = take(connection, steps)
            left = rows(connection)
            transaction.rollback()
        return found, left

    assert play(gathering(connection)) == play(nullcontext())


def test_many_writes_of_a_row_are_one_statement(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[tuple[str, int]] = []
    write = gathered_rows.GatheredRows._write

    def count(self: Any, table: Table, group: Any, of_group: list[Any]) -> None:
        written.append((group[0], len(of_group)))
        write(self, table, group, of_group)

    monkeypatch.setattr(gathered_rows.GatheredRows, "_write", count)
    with connection.begin(), gathering(connection):
        for key in KEYS:
            by_key.add(connection, SLIPS, key)
            for rials in range(5):
                by_key.change(connection, SLIPS, key, {"rials": rials})
                assert by_key.find(connection, SLIPS, key).rials == rials
    assert written == [("add", len(KEYS))]


def test_an_error_names_its_event_and_leaves_what_was_before(connection: Connection) -> None:
    """The second event's row is refused only when all are written."""

    def project(one: Connection, recorded: Recorded) -> None:
        rials = None if recorded.position == 2 else recorded.position
        by_key.add(one, SLIPS, {"member": str(recorded.position), "on": AT.date(), "rials": rials})

    events = [samples.recorded(samples.ENROLLED, position) for position in (1, 2, 3)]
    with pytest.raises(CannotProject, match="auth 2: IntegrityError"), connection.begin():
        at_once(one_by_one(project))(connection, events)
    with connection.begin():
        assert rows(connection) == []


def test_others_get_their_turn_in_between(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathered_rows, "IN_A_ROW", 2)
    done: list[object] = []
    events = [samples.recorded(samples.ENROLLED, position) for position in range(5)]
    with connection.begin():
        at_once(lambda _connection, some: done.append(len(some)), done.append)(connection, events)
    assert done == [2, 0, 2, 0, 1]
