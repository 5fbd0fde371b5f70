"""The tables of version 0.1.0: capacity's state."""

import sqlalchemy as sa
from alembic import op

from shared.event_store.migrations import shared_tables
from shared.event_store.migrations.shared_tables import INSTANT

revision = "0001"
down_revision = None

TABLES = sa.MetaData()
shared_tables.subscriptions_0001(TABLES)
shared_tables.reads_0001(TABLES)
shared_tables.personal_data_0001(TABLES)
sa.Table(
    "capacity_lock",
    TABLES,
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True),
)
sa.Table(
    "capacity_policies",
    TABLES,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("recorded_at", INSTANT, nullable=False),
)
sa.Table(
    "capacity_rebuilds",
    TABLES,
    sa.Column("rebuild", sa.Uuid, primary_key=True),
    sa.Column("check", sa.Boolean, nullable=False),
    sa.Column("started_by", sa.String(60), nullable=False),
    sa.Column("started_at", INSTANT, nullable=False),
    sa.Column("reported_at", INSTANT, nullable=False),
    sa.Column("ended_at", INSTANT),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("phase", sa.String(20), nullable=False),
    sa.Column("events", sa.Integer, nullable=False),
    sa.Column("events_total", sa.Integer, nullable=False),
    sa.Column("members", sa.Integer, nullable=False),
    sa.Column("members_total", sa.Integer, nullable=False),
    sa.Column("differences", sa.Text, nullable=False),
    sa.Column("first_differences", sa.Text, nullable=False),
    sa.Column("is_cancelled", sa.Boolean, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Index(
        "one_capacity_rebuild_runs",
        "status",
        unique=True,
        sqlite_where=sa.text("status = 'running'"),
        postgresql_where=sa.text("status = 'running'"),
    ),
)


def upgrade() -> None:
    shared_tables.create(TABLES)
    op.execute("INSERT INTO capacity_lock (id) VALUES (1)")


def downgrade() -> None:
    raise shared_tables.DowngradeRefused("all tables")
