"""Prepared statements read and write what SQLAlchemy's own execution does, and fail as it does; rows are found by their key."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy import Boolean, Column, Date, Integer, MetaData, String, Table, Uuid, bindparam, insert, select
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from shared.event_store.database import Database, Instant
from shared.event_store.sql import by_key, upsert
from shared.event_store.sql.prepared import Prepared
from tests.support.servers.prepared_databases import Prepare

TABLES = MetaData()
SLIPS = Table(
    "slips",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("slip", Uuid, nullable=False, unique=True),
    Column("on", Date),
    Column("at", Instant, nullable=False),
    Column("is_paid", Boolean, nullable=False),
    Column("rials", Integer, nullable=False, default=7),
    Column("text", String(20)),
)
SLIP = UUID("0b0f6a0e-6f0b-4a4e-8f43-64d6f1a0b2c3")
AT = datetime(2026, 4, 21, 13, 0, 0, 123456, tzinfo=timezone(timedelta(hours=3, minutes=30)))
ROW = {"number": 1, "slip": SLIP, "on": AT.date(), "at": AT, "is_paid": True, "text": "۳۰ اسفند"}
READ = (1, SLIP, AT.date(), AT.astimezone(UTC), True, 7, "۳۰ اسفند")


@pytest.fixture
def prepare() -> Prepare:
    return lambda database: database.create_tables(TABLES)


@pytest.fixture
def db(database_url: str) -> Database:
    return Database(database_url)


def test_what_sqlalchemy_writes_is_read_and_the_other_way_round(db: Database) -> None:
    db.write(lambda connection: connection.execute(insert(SLIPS).values(ROW)).close())
    db.write(lambda connection: by_key.add(connection, SLIPS, {**ROW, "number": 2, "slip": UUID(int=2)}))
    with db.read() as connection:
        by_driver = by_key.find_all(connection, SLIPS, {"is_paid": True}, "number")
        assert [tuple(row) for row in connection.execute(select(SLIPS).order_by(SLIPS.c.number))] == by_driver
    assert by_driver == [READ, (2, UUID(int=2), *READ[2:])]
    assert by_driver[0].at.tzinfo is UTC


def test_a_key_that_the_database_gives_is_not_needed(db: Database) -> None:
    db.write(lambda connection: by_key.add(connection, SLIPS, {name: ROW[name] for name in ROW if name != "number"}))
    with db.read() as connection:
        assert by_key.find(connection, SLIPS, {"slip": SLIP}).number == 1


def test_a_row_is_changed_to_values_and_to_expressions_and_removed(db: Database) -> None:
    key = {"slip": SLIP}
    db.write(lambda connection: by_key.add(connection, SLIPS, ROW))
    assert db.write(lambda connection: by_key.change(connection, SLIPS, key, {"text": None, "is_paid": False}))
    assert db.write(lambda connection: by_key.change(connection, SLIPS, key, {"rials": SLIPS.c.rials + 1}))
    assert not db.write(lambda connection: by_key.change(connection, SLIPS, {"number": 2}, {"rials": 1}))
    with db.read() as connection:
        assert by_key.find(connection, SLIPS, key)[4:] == (False, 8, None)
    db.write(lambda connection: by_key.remove(connection, SLIPS, key))
    with db.read() as connection:
        assert by_key.find(connection, SLIPS, key) is None


def test_two_rows_of_one_key_are_an_error(db: Database) -> None:
    rows = [{**ROW, "number": number, "slip": UUID(int=number)} for number in (1, 2)]
    db.write(lambda connection: upsert.add_all(connection, SLIPS, rows))
    with db.read() as connection, pytest.raises(LookupError, match="2 rows of slips"):
        by_key.find(connection, SLIPS, {"is_paid": True})


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_the_rows_of_some_values_are_found_and_deleted(db: Database, count: int) -> None:
    rows = [{**ROW, "number": number, "slip": UUID(int=number)} for number in range(1, 8)]
    db.write(lambda connection: upsert.add_all(connection, SLIPS, rows))
    numbers = [*range(1, count + 1)]
    with db.read() as connection:
        found = by_key.find_among(connection, SLIPS, "number", numbers, "number")
    assert [row.number for row in found] == numbers
    keys = [(number, UUID(int=number)) for number in numbers]
    db.write(lambda connection: by_key.remove_each(connection, SLIPS, ("number", "slip"), keys))
    with db.read() as connection:
        left = by_key.find_all(connection, SLIPS, {"is_paid": True}, "number")
    assert [row.number for row in left] == [*range(count + 1, 8)]


def test_values_of_any_type_are_looked_for(db: Database) -> None:
    db.write(lambda connection: by_key.add(connection, SLIPS, ROW))
    with db.read() as connection:
        for column in ("slip", "on", "at", "is_paid"):
            assert len(by_key.find_among(connection, SLIPS, column, [ROW[column]])) == 1, column


def test_more_values_are_looked_for_than_a_statement_takes(db: Database) -> None:
    count = 33_000
    rows = [{**ROW, "number": number, "slip": UUID(int=number)} for number in (3, count, 1)]
    db.write(lambda connection: upsert.add_all(connection, SLIPS, rows))
    with db.read() as connection:
        found = by_key.find_among(connection, SLIPS, "number", [1, *range(count, 0, -1)], "number")
    assert [row.number for row in found] == [1, 3, count]


def test_an_error_of_the_driver_is_sqlalchemys_and_undoes_the_transaction(db: Database) -> None:
    def add_twice(connection: object) -> None:
        for number in (1, 2):
            by_key.add(connection, SLIPS, {**ROW, "number": number})  # type: ignore[arg-type]

    with pytest.raises(IntegrityError):
        db.write(add_twice)
    with db.read() as connection:
        assert by_key.find(connection, SLIPS, {"number": 1}) is None


def test_a_statement_that_differs_by_its_values_is_not_prepared(db: Database) -> None:
    some = Prepared(select(SLIPS).where(SLIPS.c.number.in_(bindparam("numbers", expanding=True))))
    with db.read() as connection, pytest.raises(ValueError, match="cannot be prepared"):
        some.rows(connection, {"numbers": [1]})


def test_nothing_is_run_outside_of_a_transaction(db: Database) -> None:
    with db.engine.connect() as connection:
        with pytest.raises(InvalidRequestError):
            by_key.add(connection, SLIPS, ROW)
        with connection.begin():
            assert by_key.find(connection, SLIPS, {"number": 1}) is None
