"""Rebuild jobs: which one runs, how far it is, and how the last one ended; each report asks whether it was cancelled."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    func,
    select,
    update,
)

from shared.contract.operations import rebuild_answers
from shared.contract.refusals import ID_TAKEN, Reason, Refused
from shared.event_store.database import Database, Instant
from shared.event_store.sql import upsert
from shared.subscriptions.replay.comparison import Differences

LOST_AFTER = timedelta(seconds=30)
"""A job that reports nothing for so long has lost its program, and another may start."""
ERROR_LENGTH_MAX = 500

REBUILDS = Table(
    "rebuilds",
    MetaData(),
    Column("rebuild", Uuid, primary_key=True),
    Column("check", Boolean, nullable=False),
    Column("started_by", String(60), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("reported_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("status", String(20), nullable=False),
    Column("phase", String(20), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("differences", Text, nullable=False),
    Column("first_differences", Text, nullable=False),
    Column("is_cancelled", Boolean, nullable=False),
    Column("error", Text, nullable=False),
)
"""Copied by `to_metadata` into the state of each program with projections."""
RUNNING = REBUILDS.c.status == "running"
Index("one_rebuild_runs", REBUILDS.c.status, unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING)


class Cancelled(Exception):  # noqa: N818 - no error: an admin's decision
    """The job shall end, and leave everything as it was."""


class Superseded(Exception):  # noqa: N818 - no error of this job
    """It was taken for lost, and another may run: it must change nothing."""


class AwaitsRebuild(Exception):  # noqa: N818 - a state that an operator ends
    """Rows still hold events that were taken back: one that has the position of such an event in the present log cannot be applied beside it."""


def require_rebuilt(connection: Connection, since: datetime | None) -> None:
    """`AwaitsRebuild` where no rebuild has ended that began since then."""
    rebuilt = select(func.max(REBUILDS.c.started_at)).where(REBUILDS.c.status == "switched")
    if since and (connection.execute(rebuilt).scalar_one() or datetime.min.replace(tzinfo=UTC)) < since:
        raise AwaitsRebuild(
            "rows hold what was taken back of the source; it is followed after tamdid projections rebuild"
        )


def start(connection: Connection, rebuild: UUID, by: str, at: datetime, *, check: bool = False) -> bool:
    """Record a job; False where one with this id was recorded before. `Refused` where another one runs."""
    known = connection.execute(select(REBUILDS.c.check).where(REBUILDS.c.rebuild == rebuild)).first()
    if known is not None and known.check != check:
        raise Refused(Reason.CONFLICT, {"id": ID_TAKEN})
    if known is not None:
        return False
    lost = {"status": "lost", "ended_at": at}
    connection.execute(update(REBUILDS).where(RUNNING, REBUILDS.c.reported_at < at - LOST_AFTER).values(lost))
    row = {
        "rebuild": rebuild,
        "check": check,
        "started_by": by,
        "started_at": at,
        "reported_at": at,
        "status": "running",
        "phase": "reading",
        **dict.fromkeys(("done", "total", "events"), 0),
        "differences": "{}",
        "first_differences": "[]",
        "is_cancelled": False,
        "error": "",
    }
    if not upsert.add(connection, REBUILDS, row):
        raise Refused(Reason.REBUILD_RUNNING)
    return True


def cancel(connection: Connection) -> None:
    """Mark the running job as cancelled; it ends at its next report."""
    connection.execute(update(REBUILDS).where(RUNNING).values(is_cancelled=True))


def newest(connection: Connection, now: datetime) -> rebuild_answers.Rebuild:
    """The newest job; one that runs but has reported nothing for long is lost."""
    found = connection.execute(select(REBUILDS).order_by(REBUILDS.c.started_at.desc()).limit(1)).mappings().first()
    if found is None:
        return rebuild_answers.Rebuild(status="none")
    is_lost = found["status"] == "running" and found["reported_at"] < now - LOST_AFTER
    parsed = {name: json.loads(found[name]) for name in ("differences", "first_differences")}
    return rebuild_answers.Rebuild.model_validate({**found, **parsed, "status": "lost" if is_lost else found["status"]})


@dataclass(frozen=True)
class Job:
    """One rebuild as it runs: whatever it reports or changes is undone where it may not go on."""

    database: Database
    rebuild: UUID
    check: bool
    now: Callable[[], datetime]
    is_stopping: Callable[[], bool] = bool

    def report(self, phase: str, done: int, total: int, **more: Any) -> None:
        """Report how far the job is; raises `Cancelled` or `Superseded`. A power cut may undo it: then the job is over as well."""
        progress = {"phase": phase, "done": done, "total": total, **more}
        self.database.write_unflushed(lambda connection: self.go_on(connection, **progress))

    def report_differences(self, differences: Differences, events: int) -> None:
        first = json.dumps([one.model_dump() for one in differences.first])
        found = {"differences": json.dumps(differences.counts), "first_differences": first, "events": events}
        self.report("switching", 0, 0, **found)

    def go_on(self, connection: Connection, **values: Any) -> None:
        """Write something of the job in a transaction, which is to be undone where this raises."""
        of_this = update(REBUILDS).where(REBUILDS.c.rebuild == self.rebuild, RUNNING)
        written = of_this.values(reported_at=self.now(), **values).returning(REBUILDS.c.is_cancelled)
        is_cancelled = connection.execute(written).scalar_one_or_none()
        if is_cancelled is None:
            raise Superseded
        if is_cancelled or self.is_stopping():
            raise Cancelled

    def end(self, status: str, error: str = "") -> None:
        """Record the end, unless it has been."""
        ended = {"status": status, "ended_at": self.now(), "error": error[:ERROR_LENGTH_MAX]}
        of_this = update(REBUILDS).where(REBUILDS.c.rebuild == self.rebuild, RUNNING).values(ended)
        self.database.write(lambda connection: connection.execute(of_this).close())
