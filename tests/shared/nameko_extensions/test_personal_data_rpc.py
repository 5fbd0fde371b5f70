"""The export of a member's rows: all of that member and of nobody else, without secrets, in plain JSON."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import Column, Date, Integer, MetaData, String, Table, Text, Uuid, insert

from shared.event_store.database import Database, Instant
from shared.nameko_extensions.personal_data_rpc import EXPORTED_MAX, export
from shared.personal_data import Declaration, Kind, by_member
from tests.support.servers.prepared_databases import Prepare

NOON = datetime(2026, 10, 7, 8, 30, tzinfo=UTC)
ID = UUID(int=7)
TABLES = MetaData()
CARDS = Table(
    "cards",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("member", String(12)),
    Column("card", Uuid),
    Column("token", Text),
    Column("form", Text),
    Column("at", Instant),
    Column("on", Date),
)
DECLARED = Declaration(
    (
        Kind("card_links", CARDS, by_member(CARDS), hidden=("token",)),
        Kind("import_reports", CARDS, None),
    ),
    (),
)


def put(database: Database, number: int, member: str, form: str = "{}") -> None:
    row = {
        "id": number,
        "member": member,
        "card": ID,
        "token": "secret",
        "form": form,
        "at": NOON,
        "on": date(2026, 10, 7),
    }
    database.write(lambda connection: connection.execute(insert(CARDS).values(row)).close())


def create_tables(of: Database) -> None:
    of.create_tables(TABLES)


@pytest.fixture
def prepare() -> Prepare:
    return create_tables


def test_a_members_rows_are_exported_without_secrets_and_with_what_their_texts_hold(database_url: str) -> None:
    database = Database(database_url)
    put(database, 1, "012345", '{"city": "اصفهان"}')
    put(database, 2, "012345", "{no JSON")
    put(database, 3, "012346")
    with database.read() as connection:
        (found,) = export(connection, DECLARED, "012345").kinds
    of_each = {"member": "012345", "card": str(ID), "at": "2026-10-07T08:30:00+00:00", "on": "2026-10-07"}
    assert found.rows == (
        {"id": 1, "form": {"city": "اصفهان"}, **of_each},
        {"id": 2, "form": "{no JSON", **of_each},
    )
    assert (found.kind, found.total) == ("card_links", 2)
    assert "secret" not in json.dumps(found.model_dump())
    database.close()


def test_very_many_rows_are_cut_and_counted(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    rows = [{"id": number, "member": "012345", "card": ID} for number in range(EXPORTED_MAX + 5)]
    database.write(lambda connection: connection.execute(insert(CARDS), rows).close())
    with database.read() as connection:
        (found,) = export(connection, DECLARED, "012345").kinds
    assert (len(found.rows), found.total) == (EXPORTED_MAX, EXPORTED_MAX + 5)
    database.close()
