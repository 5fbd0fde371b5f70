"""The tables of version 0.1.0: renewal's log and state."""

import sqlalchemy as sa

from shared.event_store.migrations import shared_tables
from shared.event_store.migrations.shared_tables import INSTANT

revision = "0001"
down_revision = None

TABLES = sa.MetaData()
shared_tables.log_0001(TABLES)
shared_tables.subscriptions_0001(TABLES)
shared_tables.reads_0001(TABLES)
shared_tables.personal_data_0001(TABLES)
sa.Table(
    "calendar_days",
    TABLES,
    sa.Column("province", sa.String(20), primary_key=True),
    sa.Column("on", sa.Date, primary_key=True),
    sa.Column("opens", sa.Time),
    sa.Column("closes", sa.Time),
    sa.Column("label", sa.String(120), nullable=False),
    sa.Column("seeded", sa.Boolean, nullable=False),
)
sa.Table(
    "declarations",
    TABLES,
    sa.Column("member", sa.String(12), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("submitted_at", INSTANT, nullable=False, index=True),
    sa.Column("form", sa.Text, nullable=False),
)
sa.Table(
    "drafts",
    TABLES,
    sa.Column("member", sa.String(12), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("fields", sa.Text, nullable=False),
    sa.Column("kept_at", INSTANT, nullable=False),
)
sa.Table(
    "notes",
    TABLES,
    sa.Column("note", sa.Uuid, primary_key=True),
    sa.Column("member", sa.String(12), index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("written_at", INSTANT, nullable=False, index=True),
)


def upgrade() -> None:
    shared_tables.create(TABLES)
    shared_tables.begin_log_0001()


def downgrade() -> None:
    raise shared_tables.DowngradeRefused("all tables")
