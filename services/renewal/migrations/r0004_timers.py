"""Timers: the deadlines of corrections."""

import sqlalchemy as sa
from alembic import op

from shared.event_store.migrations import shared_tables

revision = "0004_from_0001"
down_revision = "0003_from_0001"

TABLES = sa.MetaData()
shared_tables.timers_0001(TABLES)


def upgrade() -> None:
    shared_tables.create(TABLES)


def downgrade() -> None:
    op.drop_table("timers")
