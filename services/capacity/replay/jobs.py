"""Replay jobs: which one runs, how far it is, and how the last one ended; each of a job's writes also reports its progress."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Update, select, update

from services.capacity.replay import shadow_tables
from services.capacity.replay.comparison import Differences
from services.capacity.tables.state import REBUILDS, RUNNING
from shared.contract.capacity import answers, commands
from shared.contract.refusals import ID_TAKEN, Reason, Refused
from shared.event_store.database import Database
from shared.event_store.sql import upsert

LOST_AFTER = timedelta(seconds=30)
"""A job that reports nothing for so long has lost its program, and another may start."""
ERROR_LENGTH_MAX = 500

T = TypeVar("T")


class Cancelled(Exception):  # noqa: N818 - no error: an admin's decision
    """The job shall end, and leave everything as it was."""


class Superseded(Exception):  # noqa: N818 - no error of this job
    """It was taken for lost, and its tables are another's by now: it must not touch them."""


def start(connection: Connection, command: commands.RebuildCapacity) -> bool:
    """Record a job with empty shadow tables; False where this command has done so before."""
    known = connection.execute(select(REBUILDS.c.check).where(REBUILDS.c.rebuild == command.id)).first()
    if known is not None and known.check != command.check:
        raise Refused(Reason.CONFLICT, {"id": ID_TAKEN})
    if known is not None:
        return False
    lost = {"status": "lost", "ended_at": command.at}
    connection.execute(update(REBUILDS).where(RUNNING, REBUILDS.c.reported_at < command.at - LOST_AFTER).values(lost))
    if connection.execute(select(REBUILDS.c.rebuild).where(RUNNING)).first():
        raise Refused(Reason.REBUILD_RUNNING)
    row = {"check": command.check, "started_by": command.actor, "started_at": command.at, "reported_at": command.at}
    if not upsert.add(connection, REBUILDS, {"rebuild": command.id, "status": "running", **row}):
        raise Refused(Reason.REBUILD_RUNNING)
    shadow_tables.create(connection)
    return True


def cancel(connection: Connection) -> None:
    """Mark the running job as cancelled; it ends at its next write."""
    connection.execute(update(REBUILDS).where(RUNNING).values(is_cancelled=True))


def newest(connection: Connection, now: datetime) -> answers.Rebuild:
    """The newest job; one that runs but has reported nothing for long is lost."""
    found = connection.execute(select(REBUILDS).order_by(REBUILDS.c.started_at.desc()).limit(1)).mappings().first()
    if found is None:
        return answers.Rebuild(status="none")
    is_lost = found["status"] == "running" and found["reported_at"] < now - LOST_AFTER
    parsed = {name: json.loads(found[name]) for name in ("differences", "first_differences")}
    return answers.Rebuild.model_validate({**found, **parsed, "status": "lost" if is_lost else found["status"]})


@dataclass(frozen=True)
class Job:
    """One replay as it runs: a write is undone where it may not go on."""

    database: Database
    rebuild: UUID
    check: bool
    now: Callable[[], datetime]
    is_stopping: Callable[[], bool] = bool

    def step(self, work: Callable[[Connection], T], **progress: Any) -> T:
        """Do a piece of work in a transaction; raises `Cancelled`, or `Superseded`."""

        def write(connection: Connection) -> T:
            report = self._update(reported_at=self.now(), **progress).returning(REBUILDS.c.is_cancelled)
            is_cancelled = connection.execute(report).scalar_one_or_none()
            if is_cancelled is None:
                raise Superseded
            if is_cancelled or self.is_stopping():
                raise Cancelled
            return work(connection)

        return self.database.write(write)

    def report(self, **progress: Any) -> None:
        """Report how far the job is, without other work."""
        self.step(lambda _connection: None, **progress)

    def report_differences(self, differences: Differences, members: int) -> None:
        """Report what was found in the members compared so far."""
        self.report(
            members=members,
            differences=json.dumps(differences.counts),
            first_differences=json.dumps([one.model_dump() for one in differences.first]),
        )

    def end(self, status: str, error: str = "") -> None:
        """Record the end, and drop what is left of the shadow tables."""

        def write(connection: Connection) -> None:
            ended = self._update(status=status, ended_at=self.now(), error=error[:ERROR_LENGTH_MAX])
            if connection.execute(ended).rowcount == 1:
                shadow_tables.drop(connection)

        self.database.write(write)

    def _update(self, **values: Any) -> Update:
        return update(REBUILDS).where(REBUILDS.c.rebuild == self.rebuild, RUNNING).values(values)
