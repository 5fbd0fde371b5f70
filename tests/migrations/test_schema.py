"""After all revisions a database is what the tables of today say, from an empty one and from the sample of each release, and no row is lost."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, column, inspect, select, text
from sqlalchemy import table as quoted_table

from deploy import databases
from deploy.databases import STORES
from shared.event_store.database import Database
from shared.event_store.migrations.revisions import VERSION_TABLE
from shared.event_store.sql.schema import TablesOutOfDate
from tests.migrations.schema_text import schema_text

SAMPLES = sorted((Path(__file__).parent / "data").iterdir())
PROGRAMS = sorted(STORES)
OF_RELEASES = [
    (folder, program) for folder in SAMPLES for program in PROGRAMS if (folder / f"{program}.sqlite.sql").exists()
]
"""A program that came later is in no earlier release."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.close()


def look(database: Database, work: Callable[[Connection], Any]) -> Any:
    with database.engine.begin() as connection:
        return work(connection)


def load(database: Database, folder: Path, program: str) -> None:
    """Fill an empty database with a release's sample."""
    dialect = database.engine.dialect.name
    content = (folder / f"{program}.{dialect}.sql").read_text(encoding="utf-8")
    raw: Any = database.engine.raw_connection().driver_connection
    if dialect == "sqlite":
        raw.executescript(content)
    else:
        raw.execute(content)
        raw.execute("SET search_path TO DEFAULT")
        raw.commit()
    database.engine.dispose()


def rows(connection: Connection, columns: dict[str, list[str]]) -> dict[str, list[str]]:
    """Every row of some tables, as far as the columns go that a release had."""
    found: dict[str, list[str]] = {}
    for table, names in columns.items():
        query: Any = select(*map(column, names)).select_from(quoted_table(table))
        found[table] = sorted(map(str, connection.execute(query)))
    return found


def columns_of(connection: Connection, tables: list[str]) -> dict[str, list[str]]:
    inspector = inspect(connection)
    return {
        table: [one["name"] for one in inspector.get_columns(table)] for table in tables if inspector.has_table(table)
    }


def of_today(database: Database, program: str, tables: list[str]) -> dict[str, list[str]]:
    """What the tables of today would be, in a transaction that is undone."""
    with database.engine.connect() as connection, connection.begin() as transaction:
        for table in reversed([*schema_text(connection), VERSION_TABLE]):
            connection.execute(text(f"DROP TABLE IF EXISTS {table} CASCADE" if database.engine.dialect.name == "postgresql" else f"DROP TABLE IF EXISTS {table}"))  # fmt: skip
        for metadata in STORES[program].migrated:
            metadata.create_all(connection)
        found = schema_text(connection)
        transaction.rollback()
    return {name: found[name] for name in tables}


def migrated_tables(program: str) -> list[str]:
    return sorted(table.name for metadata in STORES[program].migrated for table in metadata.sorted_tables)


@pytest.mark.parametrize("program", PROGRAMS)
def test_from_an_empty_database_the_revisions_make_the_tables_of_today(program: str, database: Database) -> None:
    databases.migrate(program, database.engine.url.render_as_string(hide_password=False))
    made = look(database, schema_text)
    made.pop("capacity_rebuilds", None)  # programs of 0.1.0 use it, which may run beside those of today
    assert made == of_today(database, program, migrated_tables(program))


@pytest.mark.parametrize(
    ("release", "program"), OF_RELEASES, ids=lambda value: value.name if isinstance(value, Path) else value
)
def test_the_sample_of_a_release_becomes_a_database_of_today_with_every_row(
    program: str, release: Path, database: Database
) -> None:
    load(database, release, program)
    columns = look(database, lambda connection: columns_of(connection, migrated_tables(program)))
    before = look(database, lambda connection: rows(connection, columns))
    assert sum(map(len, before.values())) > 3
    url = database.engine.url.render_as_string(hide_password=False)
    ran: list[str] = []
    databases.migrate(program, url, ran.append)
    assert "r0001_tables_of_0_1_0" not in ran
    made = look(database, schema_text)
    assert {name: made[name] for name in migrated_tables(program)} == of_today(
        database, program, migrated_tables(program)
    )
    assert look(database, lambda connection: rows(connection, columns)) == before
    assert databases.find(program, url).state.pending == ()


@pytest.mark.parametrize("program", ["auth", "bank", "payment", "renewal"])
def test_a_log_of_0_1_0_begins_an_epoch(program: str, database: Database) -> None:
    """Without one its followers would take up the first that they see, which may be that of a restore."""
    load(database, next(one for one in SAMPLES if one.name == "0.1.0"), program)
    databases.migrate(program, database.engine.url.render_as_string(hide_password=False))
    head = look(database, lambda connection: connection.execute(text("SELECT * FROM log_head")).mappings().one())
    assert (len(UUID(head["epoch"]).bytes), head["epoch_began_at"]) == (16, head["position"])


def test_a_half_made_database_without_revisions_is_refused_by_name(database: Database) -> None:
    look(database, lambda connection: connection.execute(text("CREATE TABLE checkpoints (source VARCHAR(40))")))
    url = database.engine.url.render_as_string(hide_password=False)
    with pytest.raises(TablesOutOfDate, match=re.escape("no whole database of 0.1.0")):
        databases.migrate("auth", url)
    assert look(database, schema_text).keys() == {"checkpoints"}
