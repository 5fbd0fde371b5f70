"""The table of program accounts' secrets, copied into the state of auth."""

from sqlalchemy import Column, MetaData, String, Table, Uuid

from shared.event_store.database import Instant

PROGRAM_SECRETS = Table(
    "program_secrets",
    MetaData(),
    Column("request", Uuid, primary_key=True),
    Column("program", String(40), nullable=False, index=True),
    Column("secret_hash", String(64), nullable=False),
    Column("issued_to", String(60), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("used_at", Instant),
)
"""By the request that each was granted with; `used_at` is when it last got an access token."""
