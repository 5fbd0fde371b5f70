"""Runs a rebuild: fill temporary tables from the logs, compare them with the live ones, and give those the rows that differ.

The live tables serve meanwhile, and the subscriptions go on. Whatever breaks it off, at whatever moment, leaves them as they
were.
"""

import logging
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.exc import OperationalError

from shared.event_store.sql.engines import DEADLOCK, LOCK_HELD
from shared.event_store.sql.group_commit import MustRunAlone
from shared.observability.log_format import describe
from shared.subscriptions.replay import comparison, coverage, temporary_tables
from shared.subscriptions.replay.comparison import Differences
from shared.subscriptions.replay.fill import Fill, fill
from shared.subscriptions.replay.jobs import Cancelled, Job, Superseded
from shared.subscriptions.replay.projections import Pacing, Projections
from shared.subscriptions.replay.source_reader import Source

LOCK_PAUSE_SECONDS = 1.0

logger = logging.getLogger(__name__)


def run(job: Job, projections: Projections, sources: Sequence[Source], pause: Callable[[float], None]) -> None:
    """Run a recorded job to its end, which is recorded too; raises nothing."""
    try:
        outcome, error = rebuild(job, projections, sources, Pacing(pause, job.report)), ""
    except Superseded:
        logger.warning("rebuild %s was taken for lost, and has stopped", job.rebuild)
        return
    except Cancelled:
        outcome, error = "cancelled", ""
    except Exception as failure:
        logger.exception("rebuild %s has failed", job.rebuild)
        outcome, error = "failed", describe(failure)
    try:
        job.end(outcome, error)
    except Exception:
        logger.exception("how rebuild %s ended could not be recorded", job.rebuild)


def rebuild(job: Job, projections: Projections, sources: Sequence[Source], pacing: Pacing) -> str:
    """Fill, compare and, unless it is a check, replace what differs; how it ended."""
    with temporary_tables.own_connection(job.database) as connection:
        live_of = temporary_tables.create(connection, projections.tables)
        filled = fill(connection, projections, sources, pacing, job.database.projections_version)
        pacing.report("comparing", 0, 0)
        pacing.pause(0)
        while (differences := compare(connection, filled, live_of)) is None:
            filled.catch_up(connection)
            pacing.pause(0)
        job.report_differences(differences, filled.events)
        pacing.pause(0)
        if job.check:
            return "checked"
        while differences.counts and not has_switched(job, connection, filled, live_of):
            filled.catch_up(connection)
            pacing.report("switching", 0, 0)
    return "switched"


def compare(connection: Connection, filled: Fill, live_of: Mapping[Table, Table]) -> Differences | None:
    """Compare all rows as of one moment; None where more has been followed meanwhile than was pulled."""
    with temporary_tables.snapshot(connection, filled.projections.tables):
        live = coverage.of_live_rows(connection, filled.projections, filled.version)
        if not filled.can_finish(live):
            return None
        filled.finish(connection, live)
        return comparison.compare(connection, live_of)


def has_switched(job: Job, connection: Connection, filled: Fill, live_of: Mapping[Table, Table]) -> bool:
    """Exclude all others who write the live rows, and replace those that differ; False where it is to be tried again."""
    undo = filled.undo_finish()
    try:
        with temporary_tables.switching(job.database, connection):
            live = coverage.lock(connection, filled.projections, filled.version)
            if not filled.can_finish(live):
                return False
            filled.finish(connection, live)
            comparison.replace(connection, live_of)
            job.go_on(connection, status="switched", ended_at=job.now())
    except (MustRunAlone, OperationalError) as error:
        undo()
        if not is_locked_out(error):
            raise
        filled.pacing.pause(LOCK_PAUSE_SECONDS)
        return False
    return True


def is_locked_out(error: MustRunAlone | OperationalError) -> bool:
    """Whether PostgreSQL's lock did not come in time, or two have waited for each other."""
    cause = error.orig if isinstance(error, OperationalError) else error.__cause__
    return getattr(cause, "sqlstate", "") in (LOCK_HELD, DEADLOCK)
