"""A row is written or changed in one statement, also while another copy writes the same one."""

from functools import partial

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, select

from shared.event_store.database import Database
from shared.event_store.sql import upsert
from tests.support.servers.prepared_databases import Prepare
from tests.support.waiting import behind

TABLES = MetaData()
DRAFTS = Table(
    "drafts",
    TABLES,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("text", String(20), nullable=False),
    Column("since", Integer, nullable=False, default=0),
)
KEY = {"member": "0012345", "year": 1403}


def create_tables(of: Database) -> None:
    of.create_tables(TABLES)


@pytest.fixture
def prepare() -> Prepare:
    return create_tables


@pytest.fixture
def db(database_url: str) -> Database:
    return Database(database_url)


@pytest.fixture
def copies(postgres_url: str) -> tuple[Database, Database]:
    first, second = Database(postgres_url), Database(postgres_url)
    return first, second


def rows(db: Database) -> list[tuple[object, ...]]:
    with db.read() as connection:
        return [tuple(row) for row in connection.execute(select(DRAFTS))]


def test_a_row_is_made_and_then_changed(db: Database) -> None:
    for kept in ("۳۰ اسفند", "۱ فروردین"):
        db.write(partial(upsert.put, table=DRAFTS, key=KEY, row={"text": kept}))
    assert rows(db) == [("0012345", 1403, "۱ فروردین", 0)]


def test_what_is_only_for_a_new_row_stays(db: Database) -> None:
    for since in (1, 2):
        db.write(partial(upsert.put, table=DRAFTS, key=KEY, row={"text": "ل"}, new={"since": since}))
    assert rows(db) == [("0012345", 1403, "ل", 1)]


def test_a_row_that_is_there_is_not_added_again(db: Database) -> None:
    added = [db.write(partial(upsert.add, table=DRAFTS, row={**KEY, "text": kept})) for kept in ("یک", "دو")]
    assert added == [True, False]
    assert rows(db) == [("0012345", 1403, "یک", 0)]


def test_two_copies_write_the_same_row_and_the_later_write_wins(copies: tuple[Database, Database]) -> None:
    first, second = copies
    with behind(
        first,
        lambda connection: upsert.put(connection, DRAFTS, KEY, {"text": "یک"}),
        lambda: second.write(lambda connection: upsert.put(connection, DRAFTS, KEY, {"text": "دو"})),
    ) as outcome:
        outcome.result()
    assert rows(first) == [("0012345", 1403, "دو", 0)]


def test_two_copies_add_the_same_row_and_one_of_them_has(copies: tuple[Database, Database]) -> None:
    first, second = copies
    with behind(
        first,
        lambda connection: upsert.add(connection, DRAFTS, {**KEY, "text": "یک"}),
        lambda: second.write(lambda connection: upsert.add(connection, DRAFTS, {**KEY, "text": "دو"})),
    ) as outcome:
        assert outcome.result() is False
    assert rows(first) == [("0012345", 1403, "یک", 0)]
