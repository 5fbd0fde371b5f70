"""The tables of a version of a program's projections: made at the start, empty where it was not there before, and dropped where it is given up."""

from collections.abc import Sequence

from sqlalchemy import Connection, MetaData, TableClause, column, delete, inspect, literal, select, table, update

from shared.event_store import projection_versions
from shared.event_store.database import Database
from shared.event_store.projection_versions import LATE, VERSIONS
from shared.event_store.sql import schema

NOBODY = 0
"""The version that has written last, where the tables of the one that did are empty."""


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
            for noted in (VERSIONS, LATE):
                connection.execute(delete(noted))
        schema.create_projections(connection, projections, projections.sorted_tables, version)
        if not is_first and version not in found:
            empty(connection, projections)
            forget_writer(connection, version)
        projection_versions.register(connection, version, sources)


def empty(connection: Connection, projections: MetaData) -> None:
    """Delete all rows: what is left of the version's last time is as old as that."""
    for one in reversed(projections.sorted_tables):
        connection.execute(delete(one))


def forget_writer(connection: Connection, version: int) -> None:
    """Where this version was the last to write, nobody was from now on: its rows are gone, and to be filled as any other's."""
    for rows in written(connection):
        was_last = (rows.c.position > 0, rows.c.projections_version == version)
        connection.execute(update(rows).where(*was_last).values(projections_version=NOBODY))


class StillInUse(schema.TablesOutOfDate):
    """Another version of the projections was the last to write, so this one is not in its place yet."""


def drop_others(database: Database, projections: MetaData) -> list[int]:
    """Drop the tables of all versions but the declared one, as their owner, and return which those were; raises `StillInUse`.

    A SQLite file has those of one version only.
    """
    version = schema.version_of(projections)
    with database.engine.begin() as connection:
        others = sorted(projection_versions.registered(connection) - {version})
        if not others or connection.dialect.name == "sqlite":
            return []
        require_written_last(connection, version)
        for other in others:
            if (name := schema.of_projections(other)) is not None:
                connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {name} CASCADE")
            else:
                for one in reversed(projections.sorted_tables):
                    connection.exec_driver_sql(f"DROP TABLE IF EXISTS public.{one.name}")
        for noted in (VERSIONS, LATE):
            connection.execute(delete(noted).where(noted.c.version != version))
    return others


def require_written_last(connection: Connection, version: int) -> None:
    """Raise `StillInUse` where another version has written the log or a subscription last."""
    for rows in written(connection):
        query = select(literal(1)).where(rows.c.position > 0, rows.c.projections_version != version).limit(1)
        if connection.execute(query).first():
            raise StillInUse(
                f"{connection.engine.url.database}: another version of the projections was the last to write ({rows.name}); start the "
                f"programs of version {version}, stop all others, and try again"
            )


def written(connection: Connection) -> list[TableClause]:
    """The tables with rows in which whoever writes last leaves its version, as far as the program has them."""
    schema_name = "public" if connection.dialect.name == "postgresql" else None
    existing = inspect(connection).get_table_names(schema_name)
    names = sorted({"log_head", "checkpoints"}.intersection(existing), reverse=True)
    return [table(name, column("position"), column("projections_version"), schema=schema_name) for name in names]
