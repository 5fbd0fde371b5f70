"""The record of the rebuilds: which one runs, how far it is, and how the last one ended."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    select,
    update,
)

from services.capacity.replay import shadow_tables
from services.capacity.replay.comparison import Differences
from services.capacity.tables.rows import TABLES
from shared.contract.capacity import answers, commands
from shared.contract.refusals import ID_TAKEN, Reason, Refused
from shared.event_store import upsert
from shared.event_store.database import Database, Instant

LOST_AFTER = timedelta(seconds=30)
"""A rebuild that says nothing for so long has lost its program, and another may start."""
ERROR_LENGTH_MAX = 500

T = TypeVar("T")

REBUILDS = Table(
    "capacity_rebuilds",
    TABLES,
    Column("rebuild", Uuid, primary_key=True),
    Column("check", Boolean, nullable=False),
    Column("started_by", String(60), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("status", String(20), nullable=False),
    Column("phase", String(20), nullable=False, default="reading"),
    Column("events", Integer, nullable=False, default=0),
    Column("events_total", Integer, nullable=False, default=0),
    Column("members", Integer, nullable=False, default=0),
    Column("members_total", Integer, nullable=False, default=0),
    Column("differences", Text, nullable=False, default="{}"),
    Column("first_differences", Text, nullable=False, default="[]"),
    Column("is_cancelled", Boolean, nullable=False, default=False),
    Column("error", Text, nullable=False, default=""),
)
RUNNING = REBUILDS.c.status == "running"
Index("one_capacity_rebuild_runs", REBUILDS.c.status, unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING)


class Cancelled(Exception):  # noqa: N818 - somebody wished it
    """The rebuild shall end, and leave everything as it was."""


class Superseded(Exception):  # noqa: N818 - a state of the world
    """It was taken for lost, and its tables are another's by now: it must not touch them."""


def start(connection: Connection, command: commands.RebuildCapacity) -> bool:
    """Put a rebuild on record with empty tables for it; False where this command has done so before."""
    known = connection.execute(select(REBUILDS.c.check).where(REBUILDS.c.rebuild == command.id)).first()
    if known is not None and known.check != command.check:
        raise Refused(Reason.CONFLICT, {"id": ID_TAKEN})
    if known is not None:
        return False
    lost = {"status": "lost", "ended_at": command.at}
    connection.execute(update(REBUILDS).where(RUNNING, REBUILDS.c.heard_at < command.at - LOST_AFTER).values(lost))
    if connection.execute(select(REBUILDS.c.rebuild).where(RUNNING)).first():
        raise Refused(Reason.REBUILD_RUNNING)
    row = {"check": command.check, "started_by": command.actor, "started_at": command.at, "heard_at": command.at}
    if not upsert.add(connection, REBUILDS, {"rebuild": command.id, "status": "running", **row}):
        raise Refused(Reason.REBUILD_RUNNING)
    shadow_tables.make(connection)
    return True


def cancel(connection: Connection) -> None:
    """Let the one that runs know that it shall end."""
    connection.execute(update(REBUILDS).where(RUNNING).values(is_cancelled=True))


def newest(connection: Connection, now: datetime) -> answers.Rebuild:
    """The newest rebuild; one that runs but has said nothing for long is lost."""
    found = connection.execute(select(REBUILDS).order_by(REBUILDS.c.started_at.desc()).limit(1)).mappings().first()
    if found is None:
        return answers.Rebuild(status="none")
    is_lost = found["status"] == "running" and found["heard_at"] < now - LOST_AFTER
    told = {name: json.loads(found[name]) for name in ("differences", "first_differences")}
    return answers.Rebuild.model_validate({**found, **told, "status": "lost" if is_lost else found["status"]})


def nothing(_connection: Connection) -> None:
    """A step that only tells how far the rebuild is."""


@dataclass(frozen=True)
class Job:
    """One rebuild as it runs: each of its writes tells how far it is, and is undone where it may not go on."""

    database: Database
    rebuild: UUID
    check: bool
    now: Callable[[], datetime]
    is_stopping: Callable[[], bool] = bool

    def step(self, work: Callable[[Connection], T], **told: Any) -> T:
        """Do a piece of work in a transaction; raises `Cancelled`, or `Superseded`."""

        def write(connection: Connection) -> T:
            mine = update(REBUILDS).where(REBUILDS.c.rebuild == self.rebuild, RUNNING)
            told_now = mine.values(heard_at=self.now(), **told).returning(REBUILDS.c.is_cancelled)
            is_cancelled = connection.execute(told_now).scalar_one_or_none()
            if is_cancelled is None:
                raise Superseded
            if is_cancelled or self.is_stopping():
                raise Cancelled
            return work(connection)

        return self.database.write(write)

    def tell(self, **told: Any) -> None:
        self.step(nothing, **told)

    def compared(self, differences: Differences, members: int) -> None:
        """Tell what a page of the comparison has added to."""
        self.tell(
            members=members,
            differences=json.dumps(differences.counts),
            first_differences=json.dumps([one.model_dump() for one in differences.first]),
        )

    def end(self, status: str, error: str = "") -> None:
        """Put the end on record, and drop what is left of the tables beside."""

        def write(connection: Connection) -> None:
            ended = {"status": status, "ended_at": self.now(), "error": error[:ERROR_LENGTH_MAX]}
            mine = update(REBUILDS).where(REBUILDS.c.rebuild == self.rebuild, RUNNING)
            if connection.execute(mine.values(ended)).rowcount == 1:
                shadow_tables.drop(connection)

        self.database.write(write)
