"""The rows that no event can give back: the recorded policies, the rebuilds, and the lock of the projection."""

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    event,
    select,
)

from services.capacity.tables.projections import PROJECTIONS
from shared import personal_data
from shared.event_store.database import Instant
from shared.event_store.sql.prepared import Prepared
from shared.event_store.sql.privileges import ONE_ROW
from shared.recorded_reads import READS
from shared.subscriptions.replay.jobs import REBUILDS

STATE = MetaData()
TABLES = (STATE, PROJECTIONS)

POLICIES = Table(
    "capacity_policies",
    STATE,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("policy", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
"""The first text of each year. Its corrections are events of renewal (`PolicyAmended`), and lie with the other facts."""
READS.to_metadata(STATE)
REBUILDS.to_metadata(STATE)
LOCK = Table("capacity_lock", STATE, Column("id", Integer, CheckConstraint("id = 1"), primary_key=True), info=ONE_ROW)
"""One row, locked by whichever transaction writes the projection."""
event.listen(LOCK, "after_create", DDL("INSERT INTO capacity_lock (id) VALUES (1)"))
LOCKED = Prepared(select(LOCK.c.id).with_for_update())
personal_data.attach_tables(STATE)


def lock_projection(connection: Connection) -> None:
    """Let one subscription at a time write the projection, across all copies of this program.

    Two that derive the same member's rows side by side would each miss the fact that the other has not committed.
    """
    LOCKED.rows(connection)
