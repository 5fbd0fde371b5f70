"""Least privileges on PostgreSQL: tables that belong to another role than the program's own, which gets what their use needs (GRANT)."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import Engine, MetaData, Table, inspect

from shared.event_store.sql import schema

APPEND_ONLY = {"privileges": "SELECT, INSERT"}
"""For a table's `info`: rows that nobody changes."""
ONE_ROW = {"privileges": "SELECT, UPDATE"}
"""Rows that are there from the beginning."""
REPLACED = {"privileges": ""}
"""A table that the program creates itself, in its own schema: version 0.1.0 drops it and renames another, where it rebuilds."""
ANY_ROWS = "SELECT, INSERT, UPDATE, DELETE"


def create_tables_for(
    engine: Engine,
    role: str,
    tables: Sequence[MetaData],
    projections: Sequence[MetaData],
    others: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Create missing projections as the database's own user, and set what a program's role may do with each table; again changes nothing.

    `others` are privileges by table, for tables of no `MetaData` as far as there are any. Neither TRUNCATE nor any change of a table or trigger is ever among it: those are the owner's.
    """
    quote = engine.dialect.identifier_preparer.quote
    with engine.begin() as connection:
        for metadata in projections:
            kept = [table for table in metadata.sorted_tables if not is_replaced(table)]
            schema.create_projections(connection, metadata, kept, schema.version_of(metadata))
        connection.exec_driver_sql(f"GRANT TEMPORARY ON DATABASE {quote(str(engine.url.database))} TO {quote(role)}")
        for statement in grants(tables, quote(role)):
            connection.exec_driver_sql(statement)
        for name in set(others).intersection(inspect(connection).get_table_names()):
            connection.exec_driver_sql(f"GRANT {others[name]} ON {name} TO {quote(role)}")


def grants(tables: Sequence[MetaData], role: str) -> Iterator[str]:
    """The statements for a role; PostgreSQL looks for tables in the schema of the role's name first."""
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"  # of columns that number themselves
    for name in filter(None, (schema.of_projections(schema.version_of(one)) for one in tables)):
        yield f"GRANT USAGE ON SCHEMA {name} TO {role}"
        yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {name} TO {role}"
    placed = [(schema.of_projections(schema.version_of(one)) or "public", one.sorted_tables) for one in tables]
    for place, table in ((place, table) for place, of_one in placed for table in of_one):
        if not is_replaced(table):
            name = f"{place}.{table.name}"
            yield f"REVOKE ALL ON {name} FROM {role}"
            yield f"GRANT {table.info.get('privileges', ANY_ROWS)} ON {name} TO {role}"
        else:
            yield f"CREATE SCHEMA IF NOT EXISTS {role}"
            yield f"GRANT USAGE, CREATE ON SCHEMA {role} TO {role}"


def is_replaced(table: Table) -> bool:
    return table.info == REPLACED
