"""The retention deletes old rows in bounded batches, once a day, and records what it has deleted."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Uuid, event, insert, select, update

from shared import personal_data
from shared.contract.operations import answers
from shared.event_store.command_handler import Records
from shared.event_store.database import Database, Instant
from shared.personal_data import BATCH_MAX, Declaration, Kind, by_member
from tests.support.servers.prepared_databases import Prepare

NOON = datetime(2026, 10, 7, 8, 30, tzinfo=UTC)
TABLES = MetaData()
DRAFTS = Table(
    "texts",
    TABLES,
    Column("id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("member", String(12)),
    Column("at", Instant),
)
personal_data.attach_tables(TABLES)
DECLARED = Declaration((Kind("drafts", DRAFTS, by_member(DRAFTS), age=DRAFTS.c.at),), ())
DAYS = timedelta(days=personal_data.retention_days()["drafts"])


def create_tables(of: Database) -> None:
    of.create_tables(TABLES)


@pytest.fixture
def prepare() -> Prepare:
    return create_tables


@pytest.fixture
def records(database_url: str) -> Iterator[Records]:
    database = Database(database_url)
    yield Records(database, None)
    database.close()


def put(records: Records, count: int, at: datetime) -> None:
    rows = [{"id": uuid4(), "number": number, "member": "012345", "at": at} for number in range(count)]
    records.write(lambda connection: connection.execute(insert(DRAFTS), rows).close())


def stored(records: Records) -> int:
    with records.read() as connection:
        return len(connection.execute(select(DRAFTS.c.id)).all())


def runs(records: Records) -> answers.RetainedKind:
    with records.read() as connection:
        (one,) = personal_data.retention_runs(connection, DECLARED)
    return one


def retained(last_at: datetime | None, deleted: int) -> answers.RetainedKind:
    return answers.RetainedKind(kind="drafts", days=DAYS.days, last_at=last_at, deleted=deleted, deleted_ever=deleted)


def test_all_that_is_old_is_deleted_and_counted_and_nothing_else(records: Records) -> None:
    put(records, 2 * BATCH_MAX + 1, NOON - DAYS)
    put(records, 3, NOON - DAYS + timedelta(seconds=1))
    personal_data.apply_retention(records, DECLARED, NOON)
    assert stored(records) == 3
    assert runs(records) == retained(NOON, 2 * BATCH_MAX + 1)


def test_one_transaction_deletes_a_bounded_number(records: Records) -> None:
    put(records, BATCH_MAX + 1, NOON - DAYS)
    deleted = records.write(
        lambda connection: personal_data.delete_older(connection, DRAFTS, DRAFTS.c.at, NOON, DAYS.days)
    )
    assert (deleted, stored(records)) == (BATCH_MAX, 1)


def test_what_is_written_again_while_old_rows_are_looked_for_stays(records: Records) -> None:
    """A member may save a draft of ninety days at this very moment, by another copy of the program."""
    put(records, 1, NOON - DAYS)

    def overtaken(connection: Connection) -> int:
        def write_again(own: Connection, _cursor: object, statement: str, *_: object) -> None:
            if statement.startswith("SELECT"):
                own.execute(update(DRAFTS).values(at=NOON))

        event.listen(connection, "after_cursor_execute", write_again)
        try:
            return personal_data.delete_older(connection, DRAFTS, DRAFTS.c.at, NOON, DAYS.days)
        finally:
            event.remove(connection, "after_cursor_execute", write_again)

    assert records.write(overtaken) == 0
    assert stored(records) == 1


def test_a_run_is_due_a_day_after_the_one_before_also_after_a_restart(records: Records) -> None:
    def is_due(at: datetime) -> bool:
        with records.read() as connection:
            return personal_data.is_retention_due(connection, at)

    assert is_due(NOON)
    personal_data.apply_retention(records, DECLARED, NOON)
    assert not is_due(NOON + timedelta(hours=23))
    assert is_due(NOON + timedelta(days=1))
    put(records, 1, NOON - DAYS)
    personal_data.apply_retention(records, DECLARED, NOON + timedelta(days=1))
    personal_data.apply_retention(records, DECLARED, NOON + timedelta(days=2))
    assert (runs(records).deleted, runs(records).deleted_ever) == (0, 1)


def test_before_the_first_run_nothing_is_reported_as_deleted(records: Records) -> None:
    assert runs(records) == retained(None, 0)
