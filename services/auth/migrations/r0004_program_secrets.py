"""The secrets of program accounts."""

import sqlalchemy as sa
from alembic import op

from shared.event_store.migrations import shared_tables
from shared.event_store.migrations.shared_tables import INSTANT

revision = "0004_from_0001"
down_revision = "0003_from_0001"

TABLES = sa.MetaData()
sa.Table(
    "program_secrets",
    TABLES,
    sa.Column("request", sa.Uuid, primary_key=True),
    sa.Column("program", sa.String(40), nullable=False, index=True),
    sa.Column("secret_hash", sa.String(64), nullable=False),
    sa.Column("issued_to", sa.String(60), nullable=False),
    sa.Column("issued_at", INSTANT, nullable=False),
    sa.Column("used_at", INSTANT),
)


def upgrade() -> None:
    shared_tables.create(TABLES)


def downgrade() -> None:
    op.drop_table("program_secrets")
