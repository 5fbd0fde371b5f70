"""The addresses that messages have left, until each is told so."""

import sqlalchemy as sa

from shared.event_store.migrations import shared_tables
from shared.event_store.migrations.shared_tables import INSTANT

revision = "0004_from_0002"
down_revision = "0003_from_0002"

TABLES = sa.MetaData()
sa.Table(
    "left_addresses",
    TABLES,
    sa.Column("notice", sa.Uuid, primary_key=True),
    sa.Column("member", sa.String(12), nullable=False, index=True),
    sa.Column("way", sa.String(10), nullable=False),
    sa.Column("address", sa.Uuid, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("left_at", INSTANT, nullable=False, index=True),
)


def upgrade() -> None:
    shared_tables.create(TABLES)


def downgrade() -> None:
    shared_tables.drop_empty("left_addresses")
