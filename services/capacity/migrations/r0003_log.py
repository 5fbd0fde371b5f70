"""The log in which capacity says what a member's year has come to."""

import sqlalchemy as sa
from alembic import op

from shared.event_store.migrations import shared_tables, shared_tables_0002

revision = "0003_from_0001"
down_revision = "0002_from_0001"

TABLES = sa.MetaData()
shared_tables.log_0001(TABLES)


def upgrade() -> None:
    shared_tables.create(TABLES)
    shared_tables.begin_log_0001()
    shared_tables_0002.upgrade_log_0002()


def downgrade() -> None:
    shared_tables_0002.downgrade_log_0002()
    for table in TABLES.tables:
        op.drop_table(table)
    shared_tables.on_dialect("postgresql", "DROP FUNCTION facts_stay")
