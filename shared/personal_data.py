"""Personal data of members: each service declares which rows are personal; erasure, export and retention follow from the declaration."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, PositiveInt
from sqlalchemy import Column, ColumnElement, Connection, Integer, MetaData, String, Table, delete, func, select, tuple_

from shared.event_store.command_handler import Records
from shared.event_store.database import Instant
from shared.policies import policy_files

RETENTION_FILE = Path(__file__).parent / "policies" / "retention.toml"
BATCH_MAX = 500
"""Rows that one transaction of the retention deletes at most."""
RUN_EVERY = timedelta(days=1)

TABLES = MetaData()
RETENTION_RUNS = Table(
    "retention_runs",
    TABLES,
    Column("kind", String(40), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("deleted", Integer, nullable=False),
)
"""What the retention has deleted of each kind, and when."""


@dataclass(frozen=True)
class Kind:
    """A kind of rows about members, in one table of a service."""

    name: str
    table: Table
    of_member: Callable[[str], ColumnElement[bool]] | None
    """The rows of a member, by number; None where they cannot be told apart."""
    kept: str = ""
    """Why an erasure leaves the rows, as a code of the group `kept_reason` of `shared/translations`; empty: it deletes them."""
    age: Column[datetime] | None = None
    """What the days in `retention.toml` count from; None for rows that stay until they are erased or end otherwise."""
    hidden: tuple[str, ...] = ()
    """Columns that no export shows: secrets and their hashes."""


def by_member(table: Table) -> Callable[[str], ColumnElement[bool]]:
    """The rows of a member in a table with their number."""
    return lambda member: table.c.member == member


@dataclass(frozen=True)
class Declaration:
    """What a service says of all its tables: the kinds of rows about members, and the tables without any."""

    kinds: tuple[Kind, ...]
    without_members: tuple[Table, ...]


class Retention(BaseModel):
    """The file of the retention: days by kind."""

    model_config = ConfigDict(extra="forbid")
    days: Mapping[str, PositiveInt]


@cache
def retention_days() -> Mapping[str, int]:
    """How many days the rows of each kind are stored; `PolicyError` where the file is wrong."""
    return policy_files.parse(Retention, RETENTION_FILE.read_text(encoding="utf-8"), RETENTION_FILE.name).days


def attach_tables(tables: MetaData) -> None:
    """Let a service's tables include those that every service keeps about personal data."""
    for table in TABLES.sorted_tables:
        table.to_metadata(tables)


def aging(declared: Declaration) -> Iterator[tuple[Kind, Column[datetime], int]]:
    """The kinds that the retention deletes, each with the column of its age and its days."""
    days = retention_days()
    return ((kind, kind.age, days[kind.name]) for kind in declared.kinds if kind.age is not None)


def is_retention_due(connection: Connection, at: datetime) -> bool:
    """Whether the last run was a day ago; the runs are recorded, so that restarts neither skip nor repeat one."""
    last = connection.execute(select(func.max(RETENTION_RUNS.c.at))).scalar()
    return last is None or at - last >= RUN_EVERY


def apply_retention(records: Records, declared: Declaration, at: datetime) -> None:
    """Delete what is older than its days, a bounded number of rows in each transaction, and record how many."""
    for kind, age, days in aging(declared):
        deleted = 0
        while count := records.write(lambda connection: delete_older(connection, kind.table, age, at, days)):  # noqa: B023
            deleted += count
        run = {"kind": kind.name, "at": at, "deleted": deleted}
        records.write(lambda connection: connection.execute(RETENTION_RUNS.insert().values(run)).close())  # noqa: B023


def delete_older(connection: Connection, table: Table, age: Column[datetime], at: datetime, days: int) -> int:
    """Delete some of the rows whose days are over; returns how many."""
    key = tuple(table.primary_key.columns)
    old = select(*key).where(age <= at - timedelta(days=days)).limit(BATCH_MAX)
    found = [tuple(row) for row in connection.execute(old)]
    if found:
        connection.execute(delete(table).where(tuple_(*key).in_(found)))
    return len(found)


@dataclass(frozen=True)
class Runs:
    """What the retention does with a kind: its days, the last run, and how many rows were deleted then and ever."""

    kind: str
    days: int
    last_at: datetime | None
    deleted: int
    deleted_ever: int


def retention_runs(connection: Connection, declared: Declaration) -> list[Runs]:
    """All kinds of a service with an age, as the retention has left them."""
    found = []
    for kind, _, days in aging(declared):
        own = RETENTION_RUNS.c.kind == kind.name
        ever = connection.execute(select(func.coalesce(func.sum(RETENTION_RUNS.c.deleted), 0)).where(own)).scalar_one()
        newest = select(RETENTION_RUNS).where(own).order_by(RETENTION_RUNS.c.at.desc()).limit(1)
        last = connection.execute(newest).one_or_none()
        found.append(Runs(kind.name, days, last.at if last else None, last.deleted if last else 0, int(ever)))
    return found
