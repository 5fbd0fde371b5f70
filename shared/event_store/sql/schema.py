"""The schema of a program's database: missing tables are created, and tables of another version are found at the start."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, event, func, inspect, select, text

TABLES_LOCK = 1405
"""PostgreSQL's advisory lock, any number: while tables are created."""
MAY_CREATE = select(func.coalesce(func.has_schema_privilege(func.current_schema(), "CREATE"), False))
"""Whether this user may create tables where PostgreSQL would."""
MAY_CREATE_IN = text("SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = :name")
MAY_CREATE_SCHEMAS = select(func.has_database_privilege(func.current_database(), "CREATE"))
MAY_ALTER = text("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass(:name)")


Columns = Mapping[str, Collection[str]]
"""The names of columns by table."""


class TablesOutOfDate(Exception):  # noqa: N818 - the name is the finding
    """Tables that another version created lack columns: found at the start, not in the middle of a payment."""


def version_of(tables: MetaData) -> int:
    """The version that the tables of a service's projections declare, `MetaData(info={"version": 2})`; 1 where they declare none."""
    version: int = tables.info.get("version", 1)
    return version


def of_projections(version: int) -> str | None:
    """The schema on PostgreSQL in which the tables of a version of the projections lie; None: where all others lie."""
    return None if version == 1 else f"projections_{version}"


def find_first(engine: Engine, name: str | None) -> None:
    """Let PostgreSQL look for tables in a schema first, on each connection of an engine."""

    def set_search_path(driver: Any, _entry: object) -> None:
        driver.execute(f'SET search_path TO {name}, "$user", public')
        driver.commit()

    if name and engine.dialect.name == "postgresql":
        event.listen(engine, "connect", set_search_path)


def create_projections(connection: Connection, metadata: MetaData, tables: Sequence[Table], version: int) -> None:
    """Create missing tables of a version of the projections, on PostgreSQL from version 2 on in a schema of their own."""
    name = of_projections(version) if connection.dialect.name == "postgresql" else None
    if name is None:
        create_missing(connection, metadata, tables)
        return
    lock_tables(connection)
    if connection.execute(MAY_CREATE_SCHEMAS).scalar_one():
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {name}")
    connection.execution_options(schema_translate_map={None: name})
    create_missing(connection, metadata, tables, name)
    connection.execution_options(schema_translate_map={})


def create_missing(
    connection: Connection, metadata: MetaData, tables: Sequence[Table], schema: str | None = None
) -> None:
    """Create some of the tables where they are missing; where that is another role's right, they must be there."""
    lock_tables(connection)
    existing, hint = (
        existing_columns(connection, tables, schema),
        "; `tamdid database upgrade` creates tables as their owner",
    )
    if may_create(connection, schema):
        missing = [table for table in tables if table.name not in existing]
        metadata.create_all(connection, tables=missing, checkfirst=False)  # which would look for each table anew
        tables, hint = [table for table in tables if table.name in existing], ""
    require_columns(connection, tables, existing, hint)


def lock_tables(connection: Connection) -> None:
    """Exclude until the commit whoever else creates tables; SQLite's writer is alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(TABLES_LOCK)))


def may_create(connection: Connection, schema: str | None = None) -> bool:
    """Whether this user may create tables, in a schema or where PostgreSQL would."""
    if connection.dialect.name != "postgresql":
        return True
    if schema:
        return bool(connection.execute(MAY_CREATE_IN, {"name": schema}).scalar())
    return bool(connection.execute(MAY_CREATE).scalar_one())


def may_alter(connection: Connection, name: str) -> bool:
    """Whether this user may change a table that is there, as its owner."""
    return connection.dialect.name != "postgresql" or bool(connection.execute(MAY_ALTER, {"name": name}).scalar())


def require(connection: Connection, tables: Sequence[Table], hint: str = "", schema: str | None = None) -> None:
    """Raise `TablesOutOfDate` where columns of the tables are not there."""
    require_columns(connection, tables, existing_columns(connection, tables, schema), hint)


def require_columns(connection: Connection, tables: Sequence[Table], existing: Columns, hint: str) -> None:
    if lacking := columns_lacking(tables, existing):
        database = connection.engine.url.database
        raise TablesOutOfDate(f"{database} was made by another version; it lacks {', '.join(lacking)}{hint}")


def existing_columns(connection: Connection, tables: Sequence[Table], schema: str | None = None) -> Columns:
    """The names of the columns of those tables that are there."""
    reflected = inspect(connection).get_multi_columns(schema, filter_names=[table.name for table in tables])
    return {name: {column["name"] for column in columns} for (_, name), columns in reflected.items() if columns}


def columns_lacking(tables: Sequence[Table], existing: Columns) -> list[str]:
    """The columns that the tables should have and do not, or whose table is not there."""
    return [
        f"{table.name}.{column.name}"
        for table in tables
        for column in table.columns
        if column.name not in existing.get(table.name, ())
    ]
