"""Runs a replay: read every event again from its source into shadow tables, compare them with the live ones, switch.

The live tables serve meanwhile and the subscriptions go on. Whatever breaks it off, at whatever moment, leaves them as they
were.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from services.capacity.replay import comparison, shadow_tables
from services.capacity.replay.comparison import Behind, Differences, MemberRange
from services.capacity.replay.jobs import Cancelled, Job, Superseded
from services.capacity.replay.shadow_fill import ShadowFill
from services.capacity.replay.source_reader import Source, SourceReader
from services.capacity.tables.state import lock_projection
from shared.event_store.sql import upsert
from shared.log_format import describe
from shared.subscriptions import unknown_events
from shared.subscriptions.checkpoints import CHECKPOINTS

COMPARED_AT_ONCE = 1_000
"""Members whose rows are compared in one moment."""
LOCKED_OUT = {"55P03", "40P01"}
"""PostgreSQL's codes for a lock that did not come in time, and for two that waited for each other."""
LOCK_PAUSE_SECONDS = 1.0

logger = logging.getLogger(__name__)


def run(job: Job, sources: Sequence[Source], pause: Callable[[float], None]) -> None:
    """Run a recorded job to its end, which is recorded too; raises nothing."""
    try:
        outcome, error = replay(job, ShadowFill(job, SourceReader(sources, pause), pause)), ""
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


def replay(job: Job, fill: ShadowFill) -> str:
    """Fill, compare and, unless it is a check, switch; how it ended."""
    fill.read_all()
    fill.derive_all()
    compare(job, fill)
    if job.check:
        return "checked"
    job.report(phase="switching")
    while not has_switched(job, fill):
        fill.pause(0)
    return "switched"


def compare(job: Job, fill: ShadowFill) -> None:
    """Compare all rows with the live ones, some members at a time."""
    fill.catch_up()
    job.report(phase="comparing", members=0)
    differences, compared = Differences(), 0
    for members, count in fill.members(COMPARED_AT_ONCE):
        while not has_compared(job, fill, members, differences):
            fill.catch_up()
        compared += count
        job.report_differences(differences, compared)
        fill.pause(0)


def has_compared(job: Job, fill: ShadowFill, members: MemberRange, differences: Differences) -> bool:
    """Compare some members, unless a subscription has gone further than the shadow tables."""
    try:
        with comparison.snapshot(job.database) as connection:
            comparison.compare(connection, fill.coverage, members, differences)
    except Behind:
        return False
    return True


def has_switched(job: Job, fill: ShadowFill) -> bool:
    """Catch up, lock the projection, and switch, unless something came in between."""
    fill.catch_up()
    try:
        job.step(partial(switch, fill=fill), status="switched", ended_at=job.now())
    except Behind:
        return False
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") not in LOCKED_OUT:
            raise
        fill.pause(LOCK_PAUSE_SECONDS)  # somebody reads for long, such as a backup
        return False
    return True


def switch(connection: Connection, fill: ShadowFill) -> None:
    """Put the shadow tables in the place of the live ones, and each subscription's checkpoint behind what they cover."""
    lock_projection(connection)
    if not fill.coverage.includes(comparison.live_coverage(connection, fill.coverage.positions, lock=True)):
        raise Behind
    shadow_tables.switch(connection)
    for source, position in fill.coverage.positions.items():
        if position:
            here = {"position": position, "chain": fill.reader.chains[source], "event_id": None}
            upsert.put(connection, CHECKPOINTS, {"source": source}, here)
    for event in fill.unknown:
        unknown_events.note(connection, event)
