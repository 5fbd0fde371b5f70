"""The tables of a version of a program's projections: made at the start, empty where it was not there before, and dropped where it is given up."""

from collections.abc import Sequence

from sqlalchemy import Connection, MetaData, delete

from shared.event_store import projection_versions
from shared.event_store.database import Database
from shared.event_store.projection_versions import LATE, VERSIONS
from shared.event_store.sql import schema


def prepare(database: Database, projections: MetaData, sources: Sequence[str]) -> None:
    """Make the tables of this version where they are not there, to be filled from the logs of the sources.

    On PostgreSQL each version has its own. A SQLite file has those of one version, which take the place of another's.
    Raises `TablesOutOfDate` where they are there, and made otherwise.
    """
    version = database.projections_version
    with database.engine.begin() as connection:
        schema.lock_tables(connection)
        found = projection_versions.registered(connection)
        is_first = not found and version == 1  # a database of 0.1.0, or a new one: its tables are those of version 1
        replaces = connection.dialect.name == "sqlite" and not is_first and found != {version}
        if replaces:
            projections.drop_all(connection)
            for table in (VERSIONS, LATE):
                connection.execute(delete(table))
        schema.create_projections(connection, projections, projections.sorted_tables, version)
        if not is_first and version not in found and not replaces:
            empty(connection, projections)
        projection_versions.register(connection, version, sources)


def empty(connection: Connection, projections: MetaData) -> None:
    """Delete all rows: what is left of the version's last time is as old as that."""
    for table in reversed(projections.sorted_tables):
        connection.execute(delete(table))
