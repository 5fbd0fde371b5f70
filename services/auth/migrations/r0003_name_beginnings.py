"""The table by which members are found by name; its rows follow from the persons, and are completed at the start."""

import sqlalchemy as sa
from alembic import op

from shared.event_store.migrations import shared_tables

revision = "0003_from_0001"
down_revision = "0002_from_0001"

TABLES = sa.MetaData()
sa.Table(
    "name_beginnings",
    TABLES,
    sa.Column("province", sa.String(20), primary_key=True),
    sa.Column(
        "beginning",
        sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql"),
        primary_key=True,
    ),
    sa.Column("member", sa.String(12), primary_key=True, index=True),
    sa.Column("full_name", sa.Text, nullable=False),
)


def upgrade() -> None:
    shared_tables.create(TABLES)


def downgrade() -> None:
    op.drop_table("name_beginnings")
