"""Upsert: insert a row or change the one of its key, in a single statement that no other copy of a program can come between."""

from collections.abc import Mapping

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, object]


def put(connection: Connection, table: Table, key: Values, row: Values, new: Values | None = None) -> None:
    """Write the row of a key, or change it; `new` is written only where there was none."""
    insert = insert_into(connection, table).values({**key, **(new or {}), **row})
    changed = {name: insert.excluded[name] for name in row}
    connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=changed))


def add(connection: Connection, table: Table, row: Values) -> bool:
    """Insert a row unless one conflicts with it; False where one does, which stays as it is."""
    insert = insert_into(connection, table).values(dict(row)).on_conflict_do_nothing()
    return connection.execute(insert, execution_options={"preserve_rowcount": True}).rowcount == 1


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """The dialect's own insert: SQLAlchemy has no `ON CONFLICT` that is common to both."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
