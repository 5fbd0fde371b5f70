"""The codes of a day by address, the address of each message, and one message at most for a provider's reference."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.event_store.migrations import shared_tables
from shared.event_store.migrations.shared_tables import INSTANT

revision = "0002"
down_revision = "0001"

TABLES = sa.MetaData()
sa.Table(
    "sent_codes",
    TABLES,
    sa.Column("person", sa.String(60), primary_key=True),
    sa.Column("way", sa.String(10), primary_key=True),
    sa.Column("sent_at", INSTANT, primary_key=True),
    sa.Column("member", sa.String(12), nullable=False, index=True),
    sa.Column("address_digest", sa.String(64), nullable=False),
    sa.Index("sent_codes_to_address", "address_digest", "sent_at"),
    sa.Index("sent_codes_by_time", "sent_at"),
)
WITH_REFERENCE: dict[str, Any] = {
    "postgresql_where": sa.text("reference <> ''"),
    "sqlite_where": sa.text("reference <> ''"),
}
FORGET_SECOND_REFERENCES = """
UPDATE messages SET reference = '' WHERE reference <> '' AND EXISTS (
    SELECT 1 FROM messages AS other
    WHERE other.provider = messages.provider AND other.reference = messages.reference AND other.attempt < messages.attempt
)
"""


def upgrade() -> None:
    shared_tables.create(TABLES)
    op.add_column("messages", sa.Column("address_id", sa.Uuid))
    op.execute(FORGET_SECOND_REFERENCES)
    op.create_index("messages_by_reference", "messages", ["provider", "reference"], unique=True, **WITH_REFERENCE)


def downgrade() -> None:
    op.drop_index("messages_by_reference", "messages")
    op.drop_column("messages", "address_id")
    shared_tables.drop_empty("sent_codes")
