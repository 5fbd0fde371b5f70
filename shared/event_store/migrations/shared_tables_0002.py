"""Revision 0002 of every program: epochs of logs and checkpoints, the registers of types that only some versions know, and rebuilds. Never changed again."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from shared.event_store.migrations import shared_tables
from shared.event_store.migrations.shared_tables import INSTANT

LATER_0002 = sa.MetaData()
UNKNOWN_EVENTS_0002 = sa.Table(
    "unknown_events",
    LATER_0002,
    sa.Column("source", sa.String(40), primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("type", sa.String(60), nullable=False),
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("recorded_at", INSTANT, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)
ORPHANED_EVENTS_0002 = sa.Table(
    "orphaned_events",
    LATER_0002,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("stream", sa.String(120), nullable=False),
    sa.Column("type", sa.String(60), nullable=False),
    sa.Column("recorded_at", INSTANT, nullable=False),
    sa.Column("correlation_id", sa.Uuid, nullable=False),
    sa.Column("source", sa.String(40), nullable=False),
    sa.Column("cause", sa.Uuid, nullable=False),
    sa.Column("found_by", sa.String(60), nullable=False),
    sa.Column("found_at", INSTANT, nullable=False),
    sa.Column("settled_by", sa.String(60), nullable=False, server_default=""),
    sa.Column("settled_at", INSTANT),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
)
RECONCILIATIONS_0002 = sa.Table(
    "reconciliations",
    LATER_0002,
    sa.Column("source", sa.String(40), primary_key=True),
    sa.Column("at", INSTANT, primary_key=True),
    sa.Column("by", sa.String(60), nullable=False),
    sa.Column("from_position", sa.BigInteger, nullable=False),
    sa.Column("from_epoch", sa.String(36), nullable=False),
    sa.Column("to_position", sa.BigInteger, nullable=False),
    sa.Column("to_epoch", sa.String(36), nullable=False),
)
PROJECTION_VERSIONS_0002 = sa.Table(
    "projection_versions",
    LATER_0002,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("source", sa.String(40), primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("chain", sa.String(64), nullable=False),
)
LATE_EVENTS_0002 = sa.Table(
    "late_events",
    LATER_0002,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("source", sa.String(40), primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.String(64), nullable=False),
)
OF_A_LOG_0002 = sa.MetaData()
EVENT_TYPES_0002 = sa.Table(
    "event_types",
    OF_A_LOG_0002,
    sa.Column("type", sa.String(60), primary_key=True),
    sa.Column("schema_version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("after", sa.BigInteger, nullable=False),
)
FORMER_EPOCHS_0002 = sa.Table(
    "former_epochs",
    OF_A_LOG_0002,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("epoch", sa.String(36), nullable=False),
    sa.Column("began_at", sa.BigInteger, nullable=False),
)

REBUILDS_0002 = sa.MetaData()
sa.Table(
    "rebuilds",
    REBUILDS_0002,
    sa.Column("rebuild", sa.Uuid, primary_key=True),
    sa.Column("check", sa.Boolean, nullable=False),
    sa.Column("started_by", sa.String(60), nullable=False),
    sa.Column("started_at", INSTANT, nullable=False),
    sa.Column("reported_at", INSTANT, nullable=False),
    sa.Column("ended_at", INSTANT),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("phase", sa.String(20), nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("events", sa.Integer, nullable=False),
    sa.Column("differences", sa.Text, nullable=False),
    sa.Column("first_differences", sa.Text, nullable=False),
    sa.Column("is_cancelled", sa.Boolean, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Index(
        "one_rebuild_runs",
        "status",
        unique=True,
        sqlite_where=sa.text("status = 'running'"),
        postgresql_where=sa.text("status = 'running'"),
    ),
)


def upgrade_subscriptions_0002() -> None:
    """The epoch and the last event of each checkpoint, what only a later version knows, and up to where each version of the projections goes."""
    op.add_column("checkpoints", sa.Column("epoch", sa.String(36), nullable=False, server_default=""))
    op.add_column("checkpoints", sa.Column("event_id", sa.Uuid))
    op.add_column("checkpoints", sa.Column("projections_version", sa.Integer, nullable=False, server_default="1"))
    shared_tables.create(LATER_0002)


def upgrade_log_0002() -> None:
    """The epoch of a log, and the register of its event types. A log of 0.1.0 begins its first one, as it would after a restore: then its followers know the next."""
    op.add_column("log_head", sa.Column("epoch", sa.String(36), nullable=False, server_default=""))
    op.add_column("log_head", sa.Column("epoch_began_at", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("log_head", sa.Column("projections_version", sa.Integer, nullable=False, server_default="1"))
    op.execute(f"UPDATE log_head SET epoch = '{uuid4()}', epoch_began_at = position")  # noqa: S608 - our own id
    shared_tables.create(OF_A_LOG_0002)
    op.execute("INSERT INTO former_epochs SELECT 1, '', 0 FROM log_head WHERE position > 0")


def upgrade_projections_0002() -> None:
    """The rebuilds of a program's projections."""
    shared_tables.create(REBUILDS_0002)


def downgrade_projections_0002() -> None:
    shared_tables.drop_empty("rebuilds")


def downgrade_subscriptions_0002() -> None:
    shared_tables.refuse_where("checkpoints")
    for table in LATER_0002.tables:
        if table != PROJECTION_VERSIONS_0002.name:  # all of version 1, or a checkpoint would be there
            shared_tables.drop_empty(table)
    op.drop_table("projection_versions")
    for column in ("projections_version", "event_id", "epoch"):
        op.drop_column("checkpoints", column)


def downgrade_log_0002() -> None:
    shared_tables.refuse_where("log_head", sa.column("position") > 0)
    for table in ("former_epochs", "event_types"):
        shared_tables.drop_empty(table)
    for column in ("projections_version", "epoch_began_at", "epoch"):
        op.drop_column("log_head", column)
