"""Which events rows are made of: each log up to a position, without those that are parked, dropped, unknown or late."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, select, union_all

from shared.event_store import projection_versions
from shared.event_store.projection_versions import LATE
from shared.event_store.sql import upsert
from shared.subscriptions import checkpoints
from shared.subscriptions.checkpoints import Checkpoint
from shared.subscriptions.projection_versions import NOT_APPLIED
from shared.subscriptions.replay.projections import Projections

LEFT_OUT = [select(table.c.source, table.c.position) for table in NOT_APPLIED]
"""To be read in one statement, so that an event on its way from one table to another is in one of them."""

Place = tuple[str, int]
"""A source and a position."""


class Coverage(NamedTuple):
    """The events that rows are made of."""

    positions: Mapping[str, int]
    left_out: frozenset[Place]


def of_live_rows(connection: Connection, projections: Projections, version: int) -> Coverage:
    """What the live rows of a version of the projections are made of now."""
    positions = {source: followed(connection, source, version) for source in projections.followed}
    if projections.log is not None:
        positions[projections.log.source] = own(connection, projections.log.source, version)
    late = select(LATE.c.source, LATE.c.position).where(LATE.c.version == version)
    found = connection.execute(union_all(*LEFT_OUT, late))
    return Coverage(positions, frozenset((source, at) for source, at in found if source in positions))


def own(connection: Connection, source: str, version: int) -> int:
    """Up to where a version has projected the program's own log."""
    head, writer = connection.execute(projection_versions.WRITER).one()
    return head if writer == version else projection_versions.covered(connection, version, source).position


def followed(connection: Connection, source: str, version: int) -> int:
    """Up to where a version has projected a source."""
    checkpoint = checkpoints.read(connection, source)
    if checkpoint.projections_version == version or checkpoint.position == 0:
        return checkpoint.position
    return projection_versions.covered(connection, version, source).position


def lock(connection: Connection, projections: Projections, version: int) -> Coverage:
    """What the live rows are made of until the commit: nobody writes them meanwhile."""
    projections.lock(connection)
    if projections.log is not None:
        connection.execute(projection_versions.LOCKED_WRITER)
        projection_versions.covered(connection, version, projections.log.source, locking=True)
    for source in projections.followed:
        # A row that is not there cannot be locked, and the first batch of its subscription would come in between.
        beginning = Checkpoint(projections_version=version)._asdict()
        upsert.add(connection, checkpoints.CHECKPOINTS, {"source": source, **beginning})
        checkpoints.lock(connection, source)
    return of_live_rows(connection, projections, version)
