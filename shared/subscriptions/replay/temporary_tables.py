"""Temporary tables with the names of projections: on their connection, every unqualified statement goes to them, and no other one sees them.

PostgreSQL looks in `pg_temp` first, SQLite in `temp`. So whatever projects into the live tables fills these, unchanged, and when the
connection ends, for whatever reason, they are gone.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, MetaData, Table, event, text
from sqlalchemy.schema import CreateIndex, CreateTable

from shared.event_store.database import Database
from shared.event_store.sql import engines, schema
from shared.subscriptions.replay.gathered_rows import write_gathered

SCHEMA_OF = text("""
SELECT nspname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE pg_class.oid = to_regclass(:name)
""")
STATEMENT_SECONDS_MAX = 600
"""How long one statement may take: one compares whole tables."""
LOCK_TIMEOUT_MS = 2_000
"""How long the switch waits for a lock, and lets others wait behind it; then it gives up and is tried again."""


@contextmanager
def own_connection(database: Database) -> Iterator[Connection]:
    """A new connection, which ends with the block: nobody else ever gets it, with tables of the names of his own."""
    engine = engines.connect(database.engine.url.render_as_string(hide_password=False))
    schema.find_first(engine, schema.of_projections(database.projections_version))
    event.listen(engine, "before_cursor_execute", write_gathered)
    try:
        with engine.connect() as connection:
            only_temporary(connection)
            if connection.dialect.name == "postgresql":
                driver: Any = connection.connection.driver_connection
                driver.answer_seconds_max = STATEMENT_SECONDS_MAX
            yield connection
    finally:
        engine.dispose()


def only_temporary(connection: Connection) -> None:
    """Let following transactions write temporary tables alone: on SQLite they keep nobody from writing."""
    connection.execution_options(tamdid_reads=True)


def create(connection: Connection, tables: MetaData) -> Mapping[Table, Table]:
    """Create temporary tables, and return each with the live one of its name, wherever that lies."""
    with connection.begin():
        found = live_tables(tables, tuple(schema_of(connection, table) for table in tables.sorted_tables))
        for table in found:
            statement = str(CreateTable(table).compile(dialect=connection.dialect))
            connection.exec_driver_sql(statement.replace("CREATE TABLE", "CREATE TEMPORARY TABLE", 1))
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                connection.execute(CreateIndex(index))
    return found


@cache
def live_tables(tables: MetaData, schemas: tuple[str, ...]) -> Mapping[Table, Table]:
    """Each table with the one of its name in a schema: the same for each rebuild, so that statements with them are compiled once."""
    live = MetaData()
    return {
        table: table.to_metadata(live, schema=name) for table, name in zip(tables.sorted_tables, schemas, strict=True)
    }


def schema_of(connection: Connection, table: Table) -> str:
    """Where an unqualified name leads while there is no temporary table."""
    if connection.dialect.name == "sqlite":
        return "main"
    schema: str = connection.execute(SCHEMA_OF, {"name": table.name}).scalar_one()
    return schema


@contextmanager
def snapshot(connection: Connection, tables: MetaData) -> Iterator[None]:
    """A transaction whose statements all see the same moment, and which keeps nobody from writing."""
    is_postgresql = connection.dialect.name == "postgresql"
    if is_postgresql:
        with connection.begin():
            for table in tables.sorted_tables:
                connection.execute(text(f"ANALYZE {table.name}"))
        connection.execution_options(isolation_level="REPEATABLE READ")
    try:
        with connection.begin():
            yield
    finally:
        if is_postgresql:
            connection.execution_options(isolation_level="READ COMMITTED")


@contextmanager
def switching(database: Database, connection: Connection) -> Iterator[None]:
    """A transaction that writes the live tables, and waits for no lock for long."""
    with database.write_lock:
        connection.execution_options(tamdid_reads=False)
        try:
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
                yield
        finally:
            only_temporary(connection)
