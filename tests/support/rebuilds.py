"""Rebuilds of any program's projections in a test: with a clock that the test moves, and with live rows that are spoilt."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Column, Connection, Date, MetaData, String, Table, Uuid, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.contract.operations.rebuild_answers import Rebuild
from shared.event_store.database import Database
from shared.subscriptions.replay import jobs, runner
from shared.subscriptions.replay.projections import Projections
from shared.subscriptions.replay.source_reader import Source
from tests.support.replay import Rows, rows_of


class Killed(BaseException):
    """The end of the process."""


def pause_not(_seconds: float) -> None:
    """A rebuild that lets nobody go first."""


def once(act: Callable[[], None], at: int) -> Callable[[float], None]:
    """A pause in which something happens at the so-manieth time."""
    pauses = iter(range(1, 10_000))
    return lambda _seconds: act() if next(pauses) == at else None


class Rebuilds:
    """A program's database, of which projections are made again."""

    def __init__(self, database: Database, declared: Projections, sources: Sequence[Source], now: datetime) -> None:
        self.database, self.declared, self.sources, self.now = database, declared, sources, now

    def rebuild(self, check: bool = False, pause: Callable[[float], None] = pause_not) -> Rebuild:
        """Run one to its end, or to wherever `pause` ends it."""
        self.now += timedelta(seconds=1)
        number = uuid4()
        self.database.write(lambda one: jobs.start(one, number, "officer:root", self.now, check=check))
        job = jobs.Job(self.database, number, check, lambda: self.now)
        runner.run(job, self.declared, self.sources, pause)
        with self.database.read() as connection:
            return jobs.newest(connection, self.now)

    def cancel(self) -> None:
        self.database.write(jobs.cancel)

    def lose(self) -> None:
        """The program is gone for so long that its job counts as lost."""
        self.now += jobs.LOST_AFTER

    def live(self) -> Rows:
        with self.database.read() as connection:
            return rows_of(connection, self.declared.tables)


def add_rows(connection: Connection, projections: MetaData) -> dict[str, int]:
    """Put a row into each table that has any, which no event gives; returns how many by table."""
    added = Counter[str]()
    for table in projections.sorted_tables:
        found = connection.execute(select(table).order_by(*table.primary_key).limit(1)).mappings().first()
        if found is not None:
            *_, last = table.primary_key
            savepoint = connection.begin_nested()
            try:
                connection.execute(insert(table).values({**found, last.name: another(last)}))
            except IntegrityError:
                savepoint.rollback()
            else:
                savepoint.commit()
                added[table.name] += 1
    return dict(added)


def another(key: Column[Any]) -> object:
    """A key that no row of a test has."""
    if isinstance(key.type, Uuid):
        return uuid4()
    if isinstance(key.type, Date):
        return date(2099, 9, 9)
    return "999" if isinstance(key.type, String) else 999


def spoil(connection: Connection, projections: MetaData) -> dict[str, int]:
    """Delete the first row of each table, change the last one and add one; returns how many rows are wrong by table."""
    wrong = Counter[str]()
    for table in projections.sorted_tables:
        keys = [tuple(row) for row in connection.execute(select(*table.primary_key).order_by(*table.primary_key))]
        texts = [one.name for one in table.columns if isinstance(one.type, String) and not one.primary_key]
        if keys:
            connection.execute(delete(table).where(*is_row(table, keys[0])))
            wrong[table.name] += 1
        if keys[1:] and texts:
            connection.execute(update(table).where(*is_row(table, keys[-1])).values({texts[0]: "?"}))
            wrong[table.name] += 1
    return dict(wrong + Counter(add_rows(connection, projections)))


def is_row(table: Table, key: Sequence[object]) -> list[Any]:
    return [column == value for column, value in zip(table.primary_key, key, strict=True)]
