"""The tables of notification's log and state."""

import sqlalchemy as sa

from shared.event_store.migrations import shared_tables, shared_tables_0002
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
    "choices",
    TABLES,
    sa.Column("person", sa.String(60), primary_key=True),
    sa.Column("member", sa.String(12), nullable=False, index=True),
    sa.Column("ways", sa.Text, nullable=False),
    sa.Column("wants_reminders", sa.Boolean, nullable=False),
    sa.Column("quiet_from", sa.Time, nullable=False),
    sa.Column("quiet_to", sa.Time, nullable=False),
)
sa.Table(
    "contacts",
    TABLES,
    sa.Column("person", sa.String(60), primary_key=True),
    sa.Column("way", sa.String(10), primary_key=True),
    sa.Column("member", sa.String(12), nullable=False, index=True),
    sa.Column("address", sa.Uuid),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("proved_at", INSTANT),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("stopped_at", INSTANT),
    sa.Column("awaited", sa.Text, nullable=False),
    sa.Column("code_hash", sa.Text, nullable=False),
    sa.Column("code_sent_at", INSTANT),
    sa.Column("codes_sent", sa.Integer, nullable=False),
    sa.Column("code_tries", sa.Integer, nullable=False),
)
sa.Table(
    "log_starts",
    TABLES,
    sa.Column("epoch", sa.String(36), primary_key=True),
    sa.Column("started_at", INSTANT, nullable=False),
)
sa.Table(
    "messages",
    TABLES,
    sa.Column("attempt", sa.Uuid, primary_key=True),
    sa.Column("notice", sa.Uuid, nullable=False, index=True),
    sa.Column("member", sa.String(12), nullable=False, index=True),
    sa.Column("way", sa.String(10), nullable=False),
    sa.Column("provider", sa.String(20), nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("reference", sa.String(80), nullable=False),
    sa.Column("handed_at", INSTANT, nullable=False, index=True),
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
    "provider_health",
    TABLES,
    sa.Column("provider", sa.String(20), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("failing_since", INSTANT),
    sa.Column("answered_at", INSTANT),
)


def upgrade() -> None:
    shared_tables.create(TABLES)
    shared_tables.begin_log_0001()
    shared_tables_0002.upgrade_projections_0002()
    shared_tables_0002.upgrade_subscriptions_0002()
    shared_tables_0002.upgrade_log_0002()


def downgrade() -> None:
    raise shared_tables.DowngradeRefused("all tables")
