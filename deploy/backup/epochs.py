"""New epochs of restored logs, by which followers elsewhere notice that positions are used again."""

from pathlib import Path

from sqlalchemy import Connection, inspect

from shared.event_store.database import Database
from shared.event_store.epoch import begin_epoch
from shared.event_store.log import HEAD


def begin_epochs(folder: Path) -> None:
    """Begin a new epoch in the log of each database in a folder."""
    for file in folder.glob("*.db"):
        database = Database(f"sqlite:///{file.absolute()}")
        try:
            database.write(begin_where_there_is_one)
        finally:
            database.close()


def begin_where_there_is_one(connection: Connection) -> None:
    """A program may have no log, and a log of version 0.1.0 gets its first epoch when it is upgraded."""
    columns = inspect(connection).get_multi_columns(filter_names=[HEAD.name])
    if any(column["name"] == HEAD.c.epoch.name for of_table in columns.values() for column in of_table):
        begin_epoch(connection)
