"""Tables that follow from payment's own events alone: a replay of the log writes them again."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from shared.event_store.database import Instant

PROJECTIONS = MetaData(info={"version": 2})

INVOICES = Table(
    "invoices",
    PROJECTIONS,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("province", String(20), nullable=False),
    Column("lines", Text, nullable=False),
    Column("entrance_rials", BigInteger, nullable=False),
    Column("waivers", Text, nullable=False),
    Column("waived_by", String(60), nullable=False),
    Column("amount_rials", BigInteger, nullable=False),
    Column("status", String(10), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("payable_until", Instant, nullable=False),
    Column("replaced_by_year", Integer),
    Column("reversed_at", Instant),
    Column("cancelled_at", Instant),
    Column("received_rials", BigInteger, nullable=False, default=0),
    Column("written_off_rials", BigInteger, nullable=False, default=0),
    Column("settled_at", Instant),
    Column("confirmed_at", Instant),
    Column("bank_reference", String(100), nullable=False, default=""),
    Column("card_mask", String(100), nullable=False, default=""),
    Index("invoices_of_province", "province", "status", "settled_at"),
)
ATTEMPTS = Table(
    "attempts",
    PROJECTIONS,
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
    Column("refunded_rials", BigInteger, nullable=False, default=0),
    UniqueConstraint("bank", "authority", name="one_authority_once"),
    Index("attempts_of_invoice", "member", "year"),
)
ENTRIES = Table(
    "ledger_entries",
    PROJECTIONS,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("member", String(12), nullable=False),
    Column("year", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("amount_rials", BigInteger, nullable=False),
    Column("bank", String(20), nullable=False),
    Column("reference", String(100), nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ledger_of_member", "member", "position"),
)
"""Entries are only ever added: a member's balance is their sum."""
TASKS = Table(
    "money_tasks",
    PROJECTIONS,
    Column("task", Uuid, primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("member", String(12), nullable=False),
    Column("year", Integer, nullable=False),
    Column("province", String(20), nullable=False),
    Column("attempt", Uuid),
    Column("amount_rials", BigInteger, nullable=False),
    Column("cause", String(60), nullable=False),
    Column("requested_by", String(60), nullable=False),
    Column("granted_by", String(60), nullable=False),
    Column("since", Instant, nullable=False),
    Index("money_tasks_of_province", "province", "since"),
)
DAYS = Table(
    "closed_days",
    PROJECTIONS,
    Column("bank", String(20), primary_key=True),
    Column("on", Date, primary_key=True),
    Column("closed_by", String(60), nullable=False),
    Column("closed_at", Instant, nullable=False),
    Column("reopened_by", String(60), nullable=False, default=""),
    Column("reopened_at", Instant),
)
"""Days that were closed; one that a correction has opened again has `reopened_at` until it is closed anew."""
CREDITS = Table(
    "credits",
    PROJECTIONS,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("member", String(12), nullable=False),
    Column("from_year", Integer, nullable=False),
    Column("to_year", Integer, nullable=False),
    Column("attempt", Uuid),
    Column("amount_rials", BigInteger, nullable=False),
    Index("credits_of_member", "member", "to_year"),
)
"""Surplus money that counts for a later invoice, and the surplus payment that it was taken from, if it was one."""
RECEIPTS = Table(
    "receipts",
    PROJECTIONS,
    Column("token", Uuid, primary_key=True),
    Column("province", String(20), nullable=False),
    Column("series_year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("member", String(12), nullable=False),
    Column("invoice_year", Integer, nullable=False),
    Column("amount_rials", BigInteger, nullable=False),
    Column("bank_reference", String(100), nullable=False),
    Column("paid_at", Instant, nullable=False),
    Column("reversed_at", Instant),
    Column("refunded_rials", BigInteger, nullable=False, default=0),
    UniqueConstraint("province", "series_year", "number", name="one_number_once"),
    Index("receipts_of_invoice", "member", "invoice_year"),
)
"""One for each payment and slip that counts; numbered in the transaction that counts it, so that no number is missing."""
SLIPS = Table(
    "slips",
    PROJECTIONS,
    Column("request", Uuid, primary_key=True),
    Column("member", String(12), nullable=False),
    Column("year", Integer, nullable=False),
    Column("slip", String(100), nullable=False),
    Column("amount_rials", BigInteger, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("reversal_request", Uuid),
    Column("reversed_at", Instant),
    Index("slips_of_invoice", "member", "year"),
)
"""Deposit slips that were granted, with the request that waits to take one back, or when it was."""
COVERED_YEARS = Table(
    "covered_years",
    PROJECTIONS,
    Column("member", String(12), primary_key=True),
    Column("for_year", Integer, primary_key=True, autoincrement=False),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("by", String(10), nullable=False),
    Column("invoice_year", Integer),
)
"""The years that an invoice did not charge when it was issued, each with what covered it."""
