"""The rows that no event can give back: the recorded policies, the runs of the replay, and the lock of the projection."""

from sqlalchemy import (
    DDL,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    event,
    select,
)

from services.capacity.tables.projections import PROJECTIONS
from shared import personal_data
from shared.event_store.database import Instant
from shared.event_store.sql.privileges import ONE_ROW
from shared.recorded_reads import READS

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
REBUILDS = Table(
    "capacity_rebuilds",
    STATE,
    Column("rebuild", Uuid, primary_key=True),
    Column("check", Boolean, nullable=False),
    Column("started_by", String(60), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("reported_at", Instant, nullable=False),
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
READS.to_metadata(STATE)
RUNNING = REBUILDS.c.status == "running"
Index("one_capacity_rebuild_runs", REBUILDS.c.status, unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING)
LOCK = Table("capacity_lock", STATE, Column("id", Integer, CheckConstraint("id = 1"), primary_key=True), info=ONE_ROW)
"""One row, locked by whichever transaction writes the projection."""
event.listen(LOCK, "after_create", DDL("INSERT INTO capacity_lock (id) VALUES (1)"))
personal_data.attach_tables(STATE)


def lock_projection(connection: Connection) -> None:
    """Let one subscription at a time write the projection, across all copies of this program.

    Two that derive the same member's rows side by side would each miss the fact that the other has not committed.
    """
    connection.execute(select(LOCK.c.id).with_for_update())
