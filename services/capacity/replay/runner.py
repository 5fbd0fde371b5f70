"""A rebuild: read every event again from its source into tables beside the live ones, compare, switch.

The live tables serve meanwhile and the lanes go on. Whatever breaks it off, at whatever moment, leaves them as they were.
"""

import logging
from collections.abc import Callable, Sequence

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from services.capacity.projection import projector
from services.capacity.replay import comparison, shadow_tables
from services.capacity.replay.comparison import Behind, Differences, Members
from services.capacity.replay.jobs import Cancelled, Job, Superseded
from services.capacity.replay.shadow_fill import Filling
from services.capacity.replay.source_reader import Reader, Source
from shared.event_store import upsert
from shared.subscriptions import follower

COMPARED_AT_ONCE = 1_000
"""Members whose rows are compared in one moment."""
LOCKED_OUT = {"55P03", "40P01"}
"""PostgreSQL's codes for a lock that did not come in time, and for two that waited for each other."""
LOCK_PAUSE_SECONDS = 1.0

logger = logging.getLogger(__name__)


def run(job: Job, sources: Sequence[Source], pause: Callable[[float], None]) -> None:
    """Run a rebuild that is on record to its end, which is put on record; raises nothing."""
    try:
        outcome, error = rebuild(job, Filling(job, Reader(sources, pause), pause)), ""
    except Superseded:
        logger.warning("rebuild %s was taken for lost, and has stopped", job.rebuild)
        return
    except Cancelled:
        outcome, error = "cancelled", ""
    except Exception as failure:
        logger.exception("rebuild %s has failed", job.rebuild)
        outcome, error = "failed", follower.describe(failure)
    try:
        job.end(outcome, error)
    except Exception:
        logger.exception("how rebuild %s ended could not be put on record", job.rebuild)


def rebuild(job: Job, filling: Filling) -> str:
    """Fill, compare and, unless it is a check, switch; how it ended."""
    filling.read_all()
    filling.derive_all()
    compare(job, filling)
    if job.check:
        return "checked"
    job.tell(phase="switching")
    while not has_switched(job, filling):
        filling.pause(0)
    return "switched"


def compare(job: Job, filling: Filling) -> None:
    """Hold all rows against the live ones, some members at a time."""
    filling.catch_up()
    job.tell(phase="comparing", members=0)
    differences, compared = Differences(), 0
    for members, count in filling.members(COMPARED_AT_ONCE):
        while not has_compared(job, filling, members, differences):
            filling.catch_up()
        compared += count
        job.compared(differences, compared)
        filling.pause(0)


def has_compared(job: Job, filling: Filling, members: Members, differences: Differences) -> bool:
    """Compare some members, unless a lane has heard more than the new tables have."""
    try:
        with comparison.one_moment(job.database) as connection:
            comparison.compare(connection, filling.heard, members, differences)
    except Behind:
        return False
    return True


def has_switched(job: Job, filling: Filling) -> bool:
    """Take what has come since and then the writers' turn, and switch, unless something came in between."""
    filling.catch_up()
    try:
        job.step(lambda connection: switch(connection, filling), status="switched", ended_at=job.now())
    except Behind:
        return False
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") not in LOCKED_OUT:
            raise
        filling.pause(LOCK_PAUSE_SECONDS)  # somebody reads for long, such as a backup
        return False
    return True


def switch(connection: Connection, filling: Filling) -> None:
    """Put the new tables in the place of the live ones, and the lanes behind what those have heard."""
    projector.take_turn(connection)
    if not filling.heard.covers(comparison.heard_live(connection, filling.heard.positions, hold=True)):
        raise Behind
    shadow_tables.switch(connection)
    for source, position in filling.heard.positions.items():
        if position:
            upsert.put(connection, follower.CHECKPOINTS, {"source": source}, {"position": position})
