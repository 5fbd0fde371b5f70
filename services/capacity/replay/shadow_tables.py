"""The shadow tables that a replay fills beside the live ones: created without indexes, dropped, or put in the live ones' place."""

from sqlalchemy import Connection, Index, MetaData, Table, text

from services.capacity.tables.projections import LIVE, Tables

SUFFIX = "_new"
LOCK_TIMEOUT_MS = 2_000
"""How long the switch waits for readers, and lets others wait behind it; then it gives up and is tried again."""


def shadow_of(live: Table, metadata: MetaData) -> Table:
    """The same columns under another name; indexes are created when the rows are there, which is cheaper."""
    shadow = live.to_metadata(metadata, name=live.name + SUFFIX)
    shadow.indexes.clear()
    return shadow


METADATA = MetaData()
SHADOW = Tables(*(shadow_of(live, METADATA) for live in LIVE))


def create(connection: Connection) -> None:
    """Create the tables empty, whatever an earlier replay that broke off has left."""
    METADATA.drop_all(connection)
    METADATA.create_all(connection)


def drop(connection: Connection) -> None:
    METADATA.drop_all(connection)


def create_indexes(connection: Connection, generation: str) -> None:
    """Create the indexes of the live tables here too; an index's name must be unique, so it ends with the replay's own."""
    for live, shadow in zip(LIVE, SHADOW, strict=True):
        for index in sorted(live.indexes, key=lambda index: str(index.name)):
            created = Index(f"{index.name}_{generation}", *(shadow.c[column.name] for column in index.columns))
            shadow.indexes.remove(created)  # it is this replay's, not of every table made from here on
            created.create(connection)
    if connection.dialect.name == "postgresql":
        for shadow in SHADOW:
            connection.execute(text(f"ANALYZE {shadow.name}"))


def switch(connection: Connection) -> None:
    """Put the shadow tables in the place of the live ones: a reader sees all of the old rows, or all of the new."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
    for live, shadow in zip(LIVE, SHADOW, strict=True):
        connection.execute(text(f"DROP TABLE {live.name}"))
        connection.execute(text(f"ALTER TABLE {shadow.name} RENAME TO {live.name}"))
