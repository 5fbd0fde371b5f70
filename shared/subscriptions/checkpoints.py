"""The checkpoints of a program: up to which event it has applied each source, moved by compare-and-set in the transaction of the effect."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Uuid,
    bindparam,
    func,
    or_,
    select,
    update,
)

from shared.contract.seal import GENESIS
from shared.event_store import projection_versions
from shared.event_store.database import Instant
from shared.event_store.log import EPOCH_LENGTH
from shared.event_store.sql import upsert
from shared.event_store.sql.prepared import Prepared
from shared.event_store.sql.privileges import APPEND_ONLY

TABLES = projection_versions.TABLES
"""Every program with a database has these tables."""
CHECKPOINTS = Table(
    "checkpoints",
    TABLES,
    Column("source", String(40), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("chain", String(64), nullable=False),
    Column("epoch", String(EPOCH_LENGTH), nullable=False, server_default=""),
    Column("event_id", Uuid, nullable=True),
    Column("projections_version", Integer, nullable=False, server_default="1"),
    info={"privileges": "SELECT, INSERT, UPDATE"},
)
"""`chain` is the source's hash chain at the position, `epoch` that of its log; version 0.1.0 knows neither epoch nor event id.

`projections_version` is that of the last writer: see `shared.event_store.projection_versions`.
"""

RECONCILIATIONS = Table(
    "reconciliations",
    TABLES,
    Column("source", String(40), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("by", String(60), nullable=False),
    Column("from_position", BigInteger, nullable=False),
    Column("from_epoch", String(EPOCH_LENGTH), nullable=False),
    Column("to_position", BigInteger, nullable=False),
    Column("to_epoch", String(EPOCH_LENGTH), nullable=False),
    info=APPEND_ONLY,
)
"""Who has taken back what was followed of a source, from which position to which."""

TAKEN_BACK = "taken back"
"""The epoch of a checkpoint that was put back, until the source's log is read: no delivery has it, neither a former nor a present one."""

COLUMNS = [CHECKPOINTS.c[name] for name in ("position", "chain", "epoch", "event_id", "projections_version")]
OF_SOURCE = select(*COLUMNS).where(CHECKPOINTS.c.source == bindparam("of"))
READ, LOCK = Prepared(OF_SOURCE), Prepared(OF_SOURCE.with_for_update())
MOVE = Prepared(
    update(CHECKPOINTS)
    .where(CHECKPOINTS.c.source == bindparam("of"), CHECKPOINTS.c.position == bindparam("before"))
    .where(or_(CHECKPOINTS.c.projections_version == bindparam("to_projections_version"), CHECKPOINTS.c.position == 0))
    .values({column: bindparam(f"to_{column.name}") for column in COLUMNS})
)


class OtherVersionWrote(Exception):  # noqa: N818 - no error: the work is done again
    """Another version of the projections has moved the checkpoint: what it applied has to be projected first."""


class Checkpoint(NamedTuple):
    """The position of the last event applied or parked, with the source's hash chain there, its log's epoch and the event's id."""

    position: int = 0
    chain: str = GENESIS
    epoch: str = ""
    event_id: UUID | None = None
    projections_version: int = 1


class CheckpointMoved(Exception):  # noqa: N818 - no error: the batch is compared again
    """The compare-and-set failed, so the whole batch is undone."""


def read(connection: Connection, source: str) -> Checkpoint:
    """The checkpoint of a source; at the beginning of its log where there is none."""
    found = READ.first(connection, {"of": source})
    return Checkpoint(*found) if found else Checkpoint()


def lock(connection: Connection, source: str) -> None:
    """Wait for a copy that applies or retries now; a source without a checkpoint has nothing parked."""
    LOCK.rows(connection, {"of": source})


def move(connection: Connection, source: str, before: int, after: Checkpoint) -> bool:
    """Compare and set; False where another copy has moved it, or another version of the projections has taken it over."""
    if before == 0 and upsert.add(connection, CHECKPOINTS, {"source": source, **after._asdict()}):
        return True
    values = {f"to_{name}": value for name, value in after._asdict().items()}
    return MOVE.run(connection, {"of": source, "before": before, **values}) == 1


def put_back(connection: Connection, source: str, before: Checkpoint, to: Checkpoint) -> bool:
    """Compare with all but the event's id, and set in no epoch of the log; False where it has moved, or has been put back already."""
    compared = [CHECKPOINTS.c[name] == getattr(before, name) for name in ("position", "chain", "epoch")]
    putting = (
        update(CHECKPOINTS)
        .where(CHECKPOINTS.c.source == source, *compared)
        .values(to._replace(projections_version=before.projections_version, epoch=TAKEN_BACK)._asdict())
    )
    return connection.execute(putting).rowcount == 1


def epochs_followed(connection: Connection, source: str, checkpoint: Checkpoint) -> Sequence[str]:
    """The epoch of the log in which a checkpoint is; of one that was put back, the former one and that of the log it was compared with."""
    if checkpoint.epoch != TAKEN_BACK:
        return [checkpoint.epoch]
    both = select(RECONCILIATIONS.c.from_epoch, RECONCILIATIONS.c.to_epoch).where(RECONCILIATIONS.c.source == source)
    return connection.execute(both.order_by(RECONCILIATIONS.c.at.desc()).limit(1)).one()


def last_taken_back_at(connection: Connection, source: str) -> datetime | None:
    """When something of a source was last taken back."""
    query = select(func.max(RECONCILIATIONS.c.at)).where(RECONCILIATIONS.c.source == source)
    found: datetime | None = connection.execute(query).scalar_one()
    return found
