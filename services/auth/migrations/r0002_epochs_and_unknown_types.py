"""Epochs of logs and checkpoints, the registers of event types and of events that only a later version knows, and rebuilds."""

from shared.event_store.migrations import shared_tables_0002

revision = "0002_from_0001"
down_revision = "0001"


def upgrade() -> None:
    shared_tables_0002.upgrade_projections_0002()
    shared_tables_0002.upgrade_subscriptions_0002()
    shared_tables_0002.upgrade_log_0002()


def downgrade() -> None:
    shared_tables_0002.downgrade_projections_0002()
    shared_tables_0002.downgrade_log_0002()
    shared_tables_0002.downgrade_subscriptions_0002()
