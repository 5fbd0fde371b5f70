"""The tables of version 0.1.0: payment's log and state."""

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
shared_tables.personal_data_0001(TABLES)
sa.Table(
    "alerts",
    TABLES,
    sa.Column("kind", sa.String(30), primary_key=True),
    sa.Column("subject", sa.String(40), primary_key=True),
    sa.Column("attempt", sa.Uuid),
    sa.Column("member", sa.String(12), nullable=False),
    sa.Column("year", sa.Integer),
    sa.Column("province", sa.String(20), nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("first_at", INSTANT, nullable=False),
    sa.Column("last_at", INSTANT, nullable=False),
    sa.Index("alerts_by_time", "last_at"),
)
sa.Table(
    "bank_exchanges",
    TABLES,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("bank", sa.String(20), nullable=False),
    sa.Column("query", sa.String(30), nullable=False),
    sa.Column("authority", sa.String(40), nullable=False, index=True),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("is_usable", sa.Boolean, nullable=False),
    sa.Column("at", INSTANT, nullable=False, index=True),
)
sa.Table(
    "bank_health",
    TABLES,
    sa.Column("bank", sa.String(20), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("failing_since", INSTANT),
    sa.Column("answered_at", INSTANT),
    sa.Column("down_since", INSTANT),
)
sa.Table(
    "notes",
    TABLES,
    sa.Column("note", sa.Uuid, primary_key=True),
    sa.Column("member", sa.String(12), nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("written_at", INSTANT, nullable=False, index=True),
)
sa.Table(
    "statement_disputes",
    TABLES,
    sa.Column("statement", sa.String(64), primary_key=True),
    sa.Column("authority", sa.String(40), primary_key=True),
)
sa.Table(
    "statement_lines",
    TABLES,
    sa.Column("statement", sa.String(64), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("bank", sa.String(20), nullable=False),
    sa.Column("authority", sa.String(40), nullable=False),
    sa.Column("amount_rials", sa.BigInteger, nullable=False),
    sa.Column("fee_rials", sa.BigInteger, nullable=False),
    sa.Column("bank_reference", sa.String(100), nullable=False),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("paid_at", INSTANT, nullable=False),
    sa.Column("settlement", sa.String(60), nullable=False),
    sa.Index("statement_lines_of_day", "bank", "paid_at"),
    sa.Index("statement_lines_of_session", "authority"),
)
sa.Table(
    "statements",
    TABLES,
    sa.Column("statement", sa.String(64), primary_key=True),
    sa.Column("bank", sa.String(20), nullable=False),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("total_rials", sa.BigInteger, nullable=False),
    sa.Column("opened_by", sa.String(60), nullable=False),
    sa.Column("opened_at", INSTANT, nullable=False),
    sa.Column("counted_by", sa.String(60), nullable=False),
    sa.Column("counted_at", INSTANT),
    sa.Column("is_correction", sa.Boolean, nullable=False),
    sa.Column("corrects", sa.String(64), nullable=False),
    sa.Column("corrected_by", sa.String(64), nullable=False),
)
sa.Table(
    "bank_references",
    TABLES,
    sa.Column("bank", sa.String(20), primary_key=True),
    sa.Column("reference", sa.String(100), primary_key=True),
    sa.Column("attempt", sa.Uuid, nullable=False),
)


def upgrade() -> None:
    shared_tables.create(TABLES)
    shared_tables.begin_log_0001()


def downgrade() -> None:
    raise shared_tables.DowngradeRefused("all tables")
