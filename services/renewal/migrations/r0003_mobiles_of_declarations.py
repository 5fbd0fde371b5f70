"""The mobile number of each declaration in a column of its own, to find who declares the same; filled at the start."""

import sqlalchemy as sa
from alembic import op

revision = "0003_from_0001"
down_revision = "0002_from_0001"


def upgrade() -> None:
    op.add_column("declarations", sa.Column("mobile", sa.String(11)))
    op.create_index("ix_declarations_mobile", "declarations", ["mobile"])


def downgrade() -> None:
    op.drop_index("ix_declarations_mobile", "declarations")
    op.drop_column("declarations", "mobile")
