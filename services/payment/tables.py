"""The rows that payment keeps beside its log."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from shared.database import Instant

TABLES = MetaData()

INVOICES = Table(
    "invoices",
    TABLES,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("province", String(20), nullable=False),
    Column("lines", Text, nullable=False),
    Column("amount_rials", BigInteger, nullable=False),
    Column("status", String(10), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("payable_until", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("confirmed_at", Instant),
    Column("bank_reference", String(100), nullable=False, default=""),
    Column("card_mask", String(100), nullable=False, default=""),
    Index("invoices_of_province", "province", "status", "settled_at"),
)
ATTEMPTS = Table(
    "attempts",
    TABLES,
    Column("attempt", Uuid, primary_key=True),
    Column("member", String(12), nullable=False),
    Column("year", Integer, nullable=False),
    Column("bank", String(20), nullable=False),
    Column("authority", String(40), nullable=False),
    Column("amount_rials", BigInteger, nullable=False),
    Column("status", String(10), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("bank_reference", String(100), nullable=False, default=""),
    Column("card_mask", String(100), nullable=False, default=""),
    Column("cause", String(60), nullable=False, default=""),
    UniqueConstraint("bank", "authority", name="one_authority_once"),
    Index("attempts_of_invoice", "member", "year"),
)
REFERENCES = Table(
    "bank_references",
    TABLES,
    Column("bank", String(20), primary_key=True),
    Column("reference", String(100), primary_key=True),
    Column("attempt", Uuid, nullable=False),
)
"""Each reference that was ever counted, and for which attempt."""
WATCHES = Table(
    "watches",
    TABLES,
    Column("attempt", Uuid, primary_key=True),
    Column("marked", Boolean, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("next_look_at", Instant, nullable=False, index=True),
)
"""Attempts that the bank is still to be asked about; `marked` ones are believed to have changed there."""
