"""New epochs of restored logs, by which followers elsewhere notice that positions are used again."""

from pathlib import Path

from sqlalchemy import Connection, inspect, make_url

from deploy.backup import auth_rows
from shared.event_store.database import Database
from shared.event_store.epoch import begin_epoch, epoch_of
from shared.event_store.log import HEAD


def begin_epochs(folder: Path) -> None:
    """Begin a new epoch in the log of each database in a folder."""
    for file in folder.glob("*.db"):
        database = Database(f"sqlite:///{file.absolute()}")
        try:
            database.write(begin_where_there_is_one)
        finally:
            database.close()


def begin_of_restored(program: str, owners_url: str, programs_url: str) -> int | None:
    """Begin the epoch of one restored database as its tables' owner, and let the program's role connect again, which the restore forbade.

    Sessions of auth end. Returns the position after which the epoch begins; None where the program has no log.
    """
    role = make_url(programs_url).username
    database = Database(owners_url)

    def begin(connection: Connection) -> int | None:
        has_log = begin_where_there_is_one(connection)
        if program == "auth":
            auth_rows.delete_sessions(connection)
        if role and connection.dialect.name == "postgresql":
            quote = connection.dialect.identifier_preparer.quote
            name = quote(str(connection.engine.url.database))
            connection.exec_driver_sql(f"GRANT CONNECT ON DATABASE {name} TO {quote(role)}")
        return epoch_of(connection).began_at if has_log else None

    try:
        return database.write(begin)
    finally:
        database.close()


def begin_where_there_is_one(connection: Connection) -> bool:
    """A program may have no log, and a log of version 0.1.0 gets its first epoch when it is upgraded: whether there was one to begin."""
    columns = inspect(connection).get_multi_columns(filter_names=[HEAD.name])
    has_epochs = any(column["name"] == HEAD.c.epoch.name for of_table in columns.values() for column in of_table)
    if has_epochs:
        begin_epoch(connection)
    return has_epochs
