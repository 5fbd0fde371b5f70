"""What the phone keeps: templates as the providers know them, messages that they took, and what shall go wrong."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

from shared.event_store.command_handler import Records
from shared.event_store.database import Database, Instant
from shared.settings import Settings

STATE = MetaData()

TEMPLATES = Table(
    "phone_templates",
    STATE,
    Column("provider", String(20), primary_key=True),
    Column("name", String(100), primary_key=True),
    Column("text", Text, nullable=False),
)
"""Approved texts with `{token}`, as an operator would have registered them with the provider."""
MESSAGES = Table(
    "phone_messages",
    STATE,
    Column("number", Integer, primary_key=True),
    Column("provider", String(20), nullable=False),
    Column("address", String(254), nullable=False),
    Column("client_reference", String(200), nullable=False),
    Column("template", String(100), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("cost_rials", BigInteger, nullable=False),
    Column("fate", String(20), nullable=False),
    Column("sent_at", Instant, nullable=False),
    Index("phone_messages_of_address", "address", "number"),
    sqlite_autoincrement=True,
)
FAULTS = Table(
    "phone_faults",
    STATE,
    Column("provider", String(20), primary_key=True),
    Column("name", String(30), primary_key=True),
    Column("address", String(254), primary_key=True),
    Column("value", Integer, nullable=False),
)
"""What goes wrong with a provider so many more times; with one address only, or with all where it is empty."""


def open_records(settings: Settings) -> Records:
    """The phone's rows, in a file of its own."""
    settings.var.mkdir(parents=True, exist_ok=True)
    database = Database(f"sqlite:///{settings.var.absolute()}/phone.db")
    database.create_tables(STATE)
    return Records(database, None)
