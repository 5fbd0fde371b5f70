"""Outgoing webhooks: who wants which events, and each event that was or is to be sent to them."""

import sqlalchemy as sa

from shared.event_store.migrations import shared_tables
from shared.event_store.migrations.shared_tables import INSTANT

revision = "0003_from_0002"
down_revision = "0002"

TABLES = sa.MetaData()
sa.Table(
    "webhooks",
    TABLES,
    sa.Column("webhook", sa.Uuid, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("events", sa.Text, nullable=False),
    sa.Column("provinces", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("former_secret", sa.Text, nullable=False),
    sa.Column("former_until", INSTANT),
    sa.Column("made_by", sa.String(60), nullable=False),
    sa.Column("made_at", INSTANT, nullable=False),
    sa.Column("failing_since", INSTANT),
    sa.Column("disabled_at", INSTANT),
    sa.Column("ended_by", sa.String(60), nullable=False),
    sa.Column("ended_at", INSTANT),
)
sa.Table(
    "webhook_deliveries",
    TABLES,
    sa.Column("delivery", sa.Uuid, primary_key=True),
    sa.Column("webhook", sa.Uuid, nullable=False),
    sa.Column("event_id", sa.Uuid, nullable=False),
    sa.Column("event", sa.String(60), nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("member", sa.String(12), nullable=False, index=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("province", sa.String(20), nullable=False),
    sa.Column("recorded_at", INSTANT, nullable=False, index=True),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("cause", sa.String(20), nullable=False),
    sa.Column("tried_at", INSTANT),
    sa.Index("webhook_deliveries_of_webhook", "webhook", "state", "recorded_at"),
)


def upgrade() -> None:
    shared_tables.create(TABLES)


def downgrade() -> None:
    for table in ("webhook_deliveries", "webhooks"):
        shared_tables.drop_empty(table)
