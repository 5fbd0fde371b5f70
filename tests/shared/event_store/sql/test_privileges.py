"""A role that owns no table finds those that its owner has created, and says how to create what is missing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text
from sqlalchemy.exc import ProgrammingError

from shared.event_store.database import Database
from shared.event_store.sql.privileges import APPEND_ONLY, REPLACED, create_tables_for
from shared.event_store.sql.schema import TablesOutOfDate
from tests.conftest import fresh_name
from tests.support.servers import servers

TABLES = MetaData()
KEPT = Table("kept", TABLES, Column("number", Integer, primary_key=True, autoincrement=False), info=APPEND_ONLY)
ANY = Table("any_rows", TABLES, Column("number", Integer, primary_key=True))
REBUILT = Table("rebuilt", TABLES, Column("number", Integer, primary_key=True), info=REPLACED)


@pytest.fixture
def name(postgres_server: servers.Postgres) -> Iterator[str]:
    """Of a database, and of the program's role in it."""
    name = fresh_name()
    postgres_server.create_owned_database(name)
    yield name
    postgres_server.drop_owned_database(name)


@pytest.fixture
def owner(postgres_server: servers.Postgres, name: str) -> Database:
    return Database(postgres_server.as_user(f"{name}_owner").database_url(name))


@pytest.fixture
def own(postgres_server: servers.Postgres, name: str) -> Database:
    return Database(postgres_server.as_user(name).database_url(name))


def test_without_its_owners_tables_a_program_says_which_command_creates_them(own: Database, name: str) -> None:
    with pytest.raises(TablesOutOfDate) as shown:
        own.create_tables(TABLES)
    assert str(shown.value) == (
        f"{name} was made by another version; it lacks any_rows.number, kept.number, rebuilt.number;"
        " `tamdid database upgrade` creates tables as their owner"
    )


def test_a_program_uses_each_table_as_its_kind_says(owner: Database, own: Database, name: str) -> None:
    for _ in range(2):  # the second time changes nothing
        create_tables_for(owner.engine, name, [TABLES], [TABLES])
        own.create_tables(TABLES)
    for table in (KEPT, REBUILT):
        own.write(lambda connection, table=table: connection.execute(insert(table).values(number=1)))  # type: ignore[misc]
    own.write(lambda connection: connection.execute(insert(ANY).values()))
    own.write(lambda connection: connection.execute(text("DELETE FROM any_rows")))
    own.write(lambda connection: connection.execute(text("ALTER TABLE rebuilt RENAME TO replaced")))
    for refused in ("DELETE FROM kept", "UPDATE kept SET number = 2", "TRUNCATE any_rows", "DROP TABLE any_rows"):
        with pytest.raises(ProgrammingError):
            own.write(lambda connection, statement=refused: connection.execute(text(statement)))  # type: ignore[misc]
    with own.read() as connection:
        assert connection.execute(select(KEPT.c.number)).scalars().all() == [1]


def test_what_an_earlier_version_granted_too_much_is_taken_back(owner: Database, own: Database, name: str) -> None:
    create_tables_for(owner.engine, name, [TABLES], [TABLES])
    owner.write(lambda connection: connection.execute(text(f"GRANT ALL ON kept TO {name}")))
    create_tables_for(owner.engine, name, [TABLES], [TABLES])
    with pytest.raises(ProgrammingError):
        own.write(lambda connection: connection.execute(text("DELETE FROM kept")))
