"""A prepared database: the next test finds what `prepare` made, whatever the one before has done to it."""

from contextlib import closing

import pytest
import sqlalchemy
from sqlalchemy import Column, Integer, MetaData, Table, insert, select

from shared.event_store.database import Database
from tests.support import sample_log
from tests.support.servers.prepared_databases import Prepare, PreparedDatabases

TABLES = MetaData()
NUMBERS = Table("numbers", TABLES, Column("id", Integer, primary_key=True), Column("number", Integer))


def create_numbers(database: Database) -> None:
    database.create_tables(TABLES)
    database.write(lambda connection: connection.execute(insert(NUMBERS).values(number=7)))


def rows(url: str) -> list[tuple[int, ...]]:
    with closing(Database(url)) as database, database.read() as connection:
        return [tuple(row) for row in connection.execute(select(NUMBERS))]


def change(url: str, statement: str) -> None:
    with closing(Database(url)) as database:
        database.write(lambda connection: connection.execute(sqlalchemy.text(statement)))


@pytest.mark.parametrize("of_a_test", ["DELETE FROM numbers", "UPDATE numbers SET number = 8", "DROP TABLE numbers"])
def test_whatever_a_test_did_the_next_one_finds_what_was_prepared(
    prepared_databases: PreparedDatabases, of_a_test: str
) -> None:
    with prepared_databases.lent(create_numbers) as url:
        change(url, "INSERT INTO numbers (number) VALUES (9)")
        assert rows(url) == [(1, 7), (2, 9)]
        change(url, of_a_test)
    with prepared_databases.lent(create_numbers) as again:
        assert rows(again) == [(1, 7)]
        change(again, "INSERT INTO numbers (number) VALUES (9)")
        assert rows(again) == [(1, 7), (2, 9)]


@pytest.mark.parametrize(
    ("prepare", "row", "schema"),
    [
        (create_numbers, "INSERT INTO numbers (number) VALUES (9)", "ALTER TABLE numbers ALTER number SET NOT NULL"),
        (sample_log.create_tables, "UPDATE log_head SET position = 9", "ALTER TABLE events DISABLE TRIGGER ALL"),
    ],
)
def test_only_a_database_whose_schema_a_test_has_changed_is_made_anew(
    prepared_databases: PreparedDatabases, prepare: Prepare, row: str, schema: str
) -> None:
    with prepared_databases.lent(prepare) as first:
        change(first, row)
    with prepared_databases.lent(prepare) as second:
        change(second, schema)
    with prepared_databases.lent(prepare) as third:
        assert third != second == first


def test_a_database_in_which_there_were_temporary_tables_is_lent_again(prepared_databases: PreparedDatabases) -> None:
    with prepared_databases.lent(create_numbers) as first:
        left_open = Database(first).engine.connect()
        left_open.execute(sqlalchemy.text("CREATE TEMPORARY TABLE numbers (number integer)"))
        left_open.commit()
    with prepared_databases.lent(create_numbers) as again:
        assert again == first
        assert rows(again) == [(1, 7)]
    left_open.invalidate()
    left_open.close()


def test_an_open_transaction_of_a_test_does_not_hold_up_the_next_one(prepared_databases: PreparedDatabases) -> None:
    with prepared_databases.lent(create_numbers) as url:
        left_open = Database(url).engine.connect()
        left_open.execute(sqlalchemy.text("UPDATE numbers SET number = 8"))
    with prepared_databases.lent(create_numbers) as again:
        assert rows(again) == [(1, 7)]
    left_open.invalidate()
    left_open.close()


@pytest.fixture
def prepare() -> object:
    return create_numbers


def test_tests_on_each_kind_of_database_find_it(database_url: str) -> None:
    assert rows(database_url) == [(1, 7)]
