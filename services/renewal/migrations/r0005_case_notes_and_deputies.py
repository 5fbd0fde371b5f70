"""Internal notes about cases, and the deputies of officers."""

import sqlalchemy as sa

from shared.event_store.migrations import shared_tables
from shared.event_store.migrations.shared_tables import INSTANT

revision = "0005_from_0001"
down_revision = "0004_from_0001"

TABLES = sa.MetaData()
sa.Table(
    "case_notes",
    TABLES,
    sa.Column("note", sa.Uuid, primary_key=True),
    sa.Column("member", sa.String(12), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("written_by", sa.String(60), nullable=False),
    sa.Column("written_at", INSTANT, nullable=False, index=True),
    sa.Index("case_notes_of_renewal", "member", "year"),
)
sa.Table(
    "deputies",
    TABLES,
    sa.Column("officer", sa.String(40), primary_key=True),
    sa.Column("deputy", sa.String(40), nullable=False),
    sa.Column("from_on", sa.Date, nullable=False),
    sa.Column("to_on", sa.Date, nullable=False),
    sa.Column("set_by", sa.String(60), nullable=False),
    sa.Column("set_at", INSTANT, nullable=False),
    sa.Index("deputies_of_deputy", "deputy"),
)


def upgrade() -> None:
    shared_tables.create(TABLES)


def downgrade() -> None:
    for table in ("case_notes", "deputies"):
        shared_tables.drop_empty(table)
