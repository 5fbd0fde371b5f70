"""Personal data of members: each service declares which rows are personal; erasure, export and retention follow from the declaration."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, PositiveInt
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql

from shared.contract.operations import answers
from shared.event_store.command_handler import Records
from shared.event_store.database import Instant
from shared.event_store.sql import by_key, upsert
from shared.event_store.sql.prepared import Prepared
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
ERASURES = Table(
    "erasures",
    TABLES,
    Column("member", String(12), primary_key=True),
    Column("erased_at", Instant, nullable=False),
    Column("rows", Text, nullable=False),
    Column("is_overwritten", Boolean, nullable=False),
)
"""The members whose personal data is erased, with the number of rows by kind; while one is here, no text about them is stored again."""
ERASURE_LOCK = 1407
"""With a member's hash, PostgreSQL's advisory locks: who stores a text about a member and who erases it wait for each other."""
EACH_MEMBER = func.unnest(bindparam("members", type_=postgresql.ARRAY(String))).column_valued("member")
EXCLUDE = Prepared(select(func.pg_advisory_xact_lock_shared(ERASURE_LOCK, func.hashtext(EACH_MEMBER))))


@dataclass(frozen=True)
class Kind:
    """A kind of rows about members, in one table of a service."""

    name: str
    table: Table
    of_member: Callable[[str], ColumnElement[bool]] | None
    """The rows of a member, by number; None where one is about several."""
    kept: str = ""
    """Why an erasure leaves the rows, as a code of the group `kept_reason` of `shared/translations`; empty: it deletes them."""
    age: Column[datetime] | None = None
    """What the days in `retention.toml` count from; None for rows that stay until they are erased or end otherwise."""
    hidden: tuple[str, ...] = ()
    """Columns that no export shows: secrets and their hashes."""
    erase_otherwise: Callable[[Connection, str], int] | None = None
    """How an erasure changes rows that are about several members; returns how many."""


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
    """Delete some of the rows whose days are over; returns how many. One that is written again meanwhile stays."""
    key, is_old = tuple(table.primary_key.columns), age <= at - timedelta(days=days)
    found = [tuple(row) for row in connection.execute(select(*key).where(is_old).limit(BATCH_MAX))]
    if not found:
        return 0
    return connection.execute(delete(table).where(tuple_(*key).in_(found), is_old)).rowcount


def retention_runs(connection: Connection, declared: Declaration) -> tuple[answers.RetainedKind, ...]:
    """All kinds of a service with an age, as the retention has left them."""
    found = []
    for kind, _, days in aging(declared):
        own = select(RETENTION_RUNS).where(RETENTION_RUNS.c.kind == kind.name)
        runs = connection.execute(own.order_by(RETENTION_RUNS.c.at)).all()
        last_at, deleted = (runs[-1].at, runs[-1].deleted) if runs else (None, 0)
        found.append(
            answers.RetainedKind(
                kind=kind.name,
                days=days,
                last_at=last_at,
                deleted=deleted,
                deleted_ever=sum(run.deleted for run in runs),
            )
        )
    return tuple(found)


def erased_among(connection: Connection, members: Collection[str]) -> set[str]:
    """Those whose personal data is erased. An erasure at this very moment waits for this transaction, or this one for it."""
    exclude_erasures(connection, members)
    return {row.member for row in by_key.find_among(connection, ERASURES, "member", members)}


def is_erased(connection: Connection, member: str) -> bool:
    """Whether nothing about a member may be stored any more that an erasure would delete."""
    exclude_erasures(connection, [member])
    return by_key.find(connection, ERASURES, {"member": member}) is not None


def exclude_erasures(connection: Connection, members: Collection[str]) -> None:
    """Let an erasure of these members wait until this transaction ends."""
    if connection.dialect.name == "postgresql":
        EXCLUDE.rows(connection, {"members": sorted(members)})


def erase(connection: Connection, declared: Declaration, member: str, at: datetime) -> None:
    """Delete a member's personal rows, and count them and those that stay; again, it deletes what has come back since."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(ERASURE_LOCK, func.hashtext(member))))
    before = connection.execute(select(ERASURES.c.rows).where(ERASURES.c.member == member)).scalar()
    counted: dict[str, int] = json.loads(before) if before else {}
    for kind in declared.kinds:
        if kind.kept:
            counted[kind.name] = count(connection, kind, member)
        else:
            counted[kind.name] = counted.get(kind.name, 0) + erase_kind(connection, kind, member)
    row = {"erased_at": at, "rows": json.dumps(counted), "is_overwritten": False}
    upsert.put(connection, ERASURES, {"member": member}, row)


def count(connection: Connection, kind: Kind, member: str) -> int:
    if kind.of_member is None:
        return 0
    query = select(func.count()).select_from(kind.table).where(kind.of_member(member))
    return connection.execute(query).scalar_one()


def erase_kind(connection: Connection, kind: Kind, member: str) -> int:
    if kind.erase_otherwise is not None:
        return kind.erase_otherwise(connection, member)
    found = count(connection, kind, member)
    if found and kind.of_member is not None:
        connection.execute(delete(kind.table).where(kind.of_member(member)))
    return found


def overwrite(records: Records) -> None:
    """Where an erasure was, let no file keep what it has deleted; while somebody reads, it is tried again later."""
    waiting = ~ERASURES.c.is_overwritten
    with records.read() as connection:
        is_waiting = connection.execute(select(ERASURES.c.member).where(waiting).limit(1)).first() is not None
    if is_waiting and records.database.empty_write_ahead_log():
        records.write(
            lambda connection: connection.execute(update(ERASURES).where(waiting).values(is_overwritten=True)).close()
        )


def erasure_report(connection: Connection, declared: Declaration, member: str) -> answers.ErasureReport:
    """What was erased of a member, and what was left and why."""
    row = connection.execute(select(ERASURES).where(ERASURES.c.member == member)).one_or_none()
    counted: dict[str, int] = json.loads(row.rows) if row else {}
    kinds = [
        answers.ErasedKind(kind=kind.name, rows=counted[kind.name], kept=kind.kept)
        for kind in declared.kinds
        if counted.get(kind.name)
    ]
    return answers.ErasureReport(
        erased_at=row.erased_at if row else None,
        kinds=tuple(kinds),
        is_overwritten=bool(row and row.is_overwritten),
    )
