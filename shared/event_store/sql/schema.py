"""The schema of a program's database: missing tables are created, and tables of another version are found at the start."""

from collections.abc import Sequence

from sqlalchemy import Connection, MetaData, Table, func, inspect, select

TABLES_LOCK = 1405
"""PostgreSQL's advisory lock, any number: while tables are created."""
MAY_CREATE = select(func.coalesce(func.has_schema_privilege(func.current_schema(), "CREATE"), False))
"""Whether this user may create tables where PostgreSQL would."""


class TablesOutOfDate(Exception):  # noqa: N818 - the name is the finding
    """Tables that another version created lack columns: found at the start, not in the middle of a payment."""


def create_missing(connection: Connection, metadata: MetaData, tables: Sequence[Table]) -> None:
    """Create some of the tables where they are missing; where that is another role's right, they must be there."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(TABLES_LOCK)))
    is_creator = may_create(connection)
    if is_creator:
        metadata.create_all(connection, tables=tables)
    require(connection, tables, "" if is_creator else "; `tamdid database upgrade` creates tables as their owner")


def may_create(connection: Connection) -> bool:
    """Whether this user may create tables."""
    return connection.dialect.name != "postgresql" or connection.execute(MAY_CREATE).scalar_one()


def require(connection: Connection, tables: Sequence[Table], hint: str = "") -> None:
    """Raise `TablesOutOfDate` where columns of the tables are not there."""
    if lacking := columns_lacking(connection, tables):
        database = connection.engine.url.database
        raise TablesOutOfDate(f"{database} was made by another version; it lacks {', '.join(lacking)}{hint}")


def columns_lacking(connection: Connection, tables: Sequence[Table]) -> list[str]:
    """The columns that the tables should have and do not, or whose table is not there."""
    reflected = inspect(connection).get_multi_columns(filter_names=[table.name for table in tables])
    existing = {name: {column["name"] for column in columns} for (_, name), columns in reflected.items()}
    return [
        f"{table.name}.{column.name}"
        for table in tables
        for column in table.columns
        if column.name not in existing.get(table.name, ())
    ]
