"""What the sandbox bank keeps in the bank program's database, so that it survives a crash as a bank would."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text

from shared.event_store.database import Instant
from shared.subscriptions.timers import TIMERS, Timers

STATE = MetaData()

SESSIONS = Table(
    "sandbox_sessions",
    STATE,
    Column("number", Integer, primary_key=True),
    Column("authority", String(36), nullable=False, unique=True),
    Column("merchant_id", String(36), nullable=False),
    Column("amount_rials", BigInteger, nullable=False),
    Column("description", Text, nullable=False),
    Column("callback_url", Text, nullable=False),
    Column("status", String(10), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("paid_at", Instant),
    Column("currency", String(3), nullable=False, server_default="IRR"),
)
TIMERS.to_metadata(STATE)
OUTBOX = Timers("notice")
"""Notices to be sent, each with its body as the payload, until it is delivered or dropped after the last try."""
SESSION_FAULTS = Table(
    "sandbox_session_faults",
    STATE,
    Column("authority", String(36), primary_key=True),
    Column("name", String(30), primary_key=True),
    Column("value", Integer, nullable=False),
)
"""What goes wrong with one session only, so many more times."""
FAULTS = Table(
    "sandbox_faults",
    STATE,
    Column("name", String(30), primary_key=True),
    Column("value", Integer, nullable=False),
)
