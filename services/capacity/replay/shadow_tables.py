"""The tables that a rebuild fills beside the live ones: made without their indexes, dropped, or put in the live ones' place."""

from sqlalchemy import Connection, Index, MetaData, Table, text

from services.capacity.tables.rows import LIVE, Tables

SUFFIX = "_new"
LOCK_TIMEOUT_MS = 2_000
"""How long the switch waits for those who read, and lets others wait behind it; then it steps back and tries again."""


def table_beside(live: Table, metadata: MetaData) -> Table:
    """The same columns under another name; indexes are made when the rows are there, which is cheaper."""
    made = live.to_metadata(metadata, name=live.name + SUFFIX)
    made.indexes.clear()
    return made


METADATA = MetaData()
NEW = Tables(*(table_beside(live, METADATA) for live in LIVE))


def make(connection: Connection) -> None:
    """Make the tables empty, whatever an earlier rebuild that broke off has left."""
    METADATA.drop_all(connection)
    METADATA.create_all(connection)


def drop(connection: Connection) -> None:
    METADATA.drop_all(connection)


def index(connection: Connection, generation: str) -> None:
    """Make the indexes of the live tables here too; an index's name is its alone, so it ends with the rebuild's own."""
    for live, new in zip(LIVE, NEW, strict=True):
        for one in sorted(live.indexes, key=lambda index: str(index.name)):
            made = Index(f"{one.name}_{generation}", *(new.c[column.name] for column in one.columns))
            new.indexes.remove(made)  # it is this rebuild's, not of every table made from here on
            made.create(connection)
    if connection.dialect.name == "postgresql":
        for new in NEW:
            connection.execute(text(f"ANALYZE {new.name}"))


def switch(connection: Connection) -> None:
    """Put the new tables in the place of the live ones: whoever reads sees all of the old rows, or all of the new."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
    for live, new in zip(LIVE, NEW, strict=True):
        connection.execute(text(f"DROP TABLE {live.name}"))
        connection.execute(text(f"ALTER TABLE {new.name} RENAME TO {live.name}"))
