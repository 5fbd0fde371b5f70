"""The tables of version 0.1.0: bank's log and state."""

import sqlalchemy as sa

from shared.event_store.migrations import shared_tables
from shared.event_store.migrations.shared_tables import INSTANT

revision = "0001"
down_revision = None

TABLES = sa.MetaData()
shared_tables.log_0001(TABLES)
shared_tables.subscriptions_0001(TABLES)
shared_tables.timers_0001(TABLES)
shared_tables.reads_0001(TABLES)
sa.Table(
    "sandbox_faults",
    TABLES,
    sa.Column("name", sa.String(30), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)
sa.Table(
    "sandbox_sales",
    TABLES,
    sa.Column("order_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("ref", sa.String(21), nullable=False, unique=True),
    sa.Column("reference", sa.BigInteger, nullable=False),
    sa.Column("amount_rials", sa.BigInteger, nullable=False),
    sa.Column("callback_url", sa.Text, nullable=False),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("created_at", INSTANT, nullable=False),
    sa.Column("paid_at", INSTANT),
)
sa.Table(
    "sandbox_session_faults",
    TABLES,
    sa.Column("authority", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(30), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)
sa.Table(
    "sandbox_sessions",
    TABLES,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("authority", sa.String(36), nullable=False, unique=True),
    sa.Column("merchant_id", sa.String(36), nullable=False),
    sa.Column("amount_rials", sa.BigInteger, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("callback_url", sa.Text, nullable=False),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("created_at", INSTANT, nullable=False),
    sa.Column("paid_at", INSTANT),
)


def upgrade() -> None:
    shared_tables.create(TABLES)
    shared_tables.begin_log_0001()


def downgrade() -> None:
    raise shared_tables.DowngradeRefused("all tables")
