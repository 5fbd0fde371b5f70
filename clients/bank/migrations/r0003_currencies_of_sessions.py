"""The currency of a payment session at the sandbox bank, in which its shop names amounts."""

import sqlalchemy as sa
from alembic import op

revision = "0003_from_0001"
down_revision = "0002_from_0001"


def upgrade() -> None:
    op.add_column("sandbox_sessions", sa.Column("currency", sa.String(3), nullable=False, server_default="IRR"))


def downgrade() -> None:
    op.drop_column("sandbox_sessions", "currency")
