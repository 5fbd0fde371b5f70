"""The rows that payment keeps beside its log."""

from sqlalchemy import (
    BigInteger,
    Boolean,
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

TABLES = MetaData()

INVOICES = Table(
    "invoices",
    TABLES,
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
    Column("refunded_rials", BigInteger, nullable=False, default=0),
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
"""Each reference that was ever counted, and for which attempt; those of slips and refunds under `slip` and `refund`, with their request."""
ENTRIES = Table(
    "ledger_entries",
    TABLES,
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
    TABLES,
    Column("task", Uuid, primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("member", String(12), nullable=False),
    Column("year", Integer, nullable=False),
    Column("province", String(20), nullable=False),
    Column("attempt", Uuid),
    Column("amount_rials", BigInteger, nullable=False),
    Column("cause", String(60), nullable=False),
    Column("asked_by", String(60), nullable=False),
    Column("granted_by", String(60), nullable=False),
    Column("since", Instant, nullable=False),
    Index("money_tasks_of_province", "province", "since"),
)
NOTES = Table("notes", TABLES, Column("note", Uuid, primary_key=True), Column("text", Text, nullable=False))
"""What officers wrote as their reasons: free text may hold a person's data, so it can be erased."""
ALERTS = Table(
    "alerts",
    TABLES,
    Column("kind", String(30), primary_key=True),
    Column("subject", String(40), primary_key=True),
    Column("attempt", Uuid),
    Column("member", String(12), nullable=False),
    Column("year", Integer),
    Column("province", String(20), nullable=False),
    Column("times", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Index("alerts_by_time", "last_at"),
)
"""One row for each kind and attempt, or kind and day where no attempt of ours is meant: nobody can fill the table."""
EVIDENCE = Table(
    "bank_evidence",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("bank", String(20), nullable=False),
    Column("question", String(30), nullable=False),
    Column("authority", String(40), nullable=False, index=True),
    Column("asked", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("is_usable", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
)
"""What was said to banks and what they answered, raw, kept before anything is done about it; our own id there is masked."""
HEALTH = Table(
    "bank_health",
    TABLES,
    Column("bank", String(20), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("answered_at", Instant),
    Column("down_since", Instant),
    Column("next_probe_at", Instant),
    Column("next_sweep_at", Instant),
)
"""How often each bank did not answer in a row; `down_since` while an outage is on record."""
STATEMENTS = Table(
    "statements",
    TABLES,
    Column("statement", String(64), primary_key=True),
    Column("bank", String(20), nullable=False),
    Column("lines", Integer, nullable=False),
    Column("total_rials", BigInteger, nullable=False),
    Column("opened_by", String(60), nullable=False, default=""),
    Column("opened_at", Instant, nullable=False),
    Column("counted_by", String(60), nullable=False, default=""),
    Column("counted_at", Instant),
    Column("is_correction", Boolean, nullable=False, default=False),
    Column("corrects", String(64), nullable=False, default=""),
    Column("corrected_by", String(64), nullable=False, default=""),
)
"""Files of banks; one that was corrected counts no more."""
STATEMENT_LINES = Table(
    "statement_lines",
    TABLES,
    Column("statement", String(64), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("bank", String(20), nullable=False),
    Column("authority", String(40), nullable=False),
    Column("amount_rials", BigInteger, nullable=False),
    Column("fee_rials", BigInteger, nullable=False),
    Column("bank_reference", String(100), nullable=False),
    Column("status", String(10), nullable=False),
    Column("paid_at", Instant, nullable=False),
    Column("settlement", String(60), nullable=False),
    Index("statement_lines_of_day", "bank", "paid_at"),
    Index("statement_lines_of_session", "authority"),
)
"""The bank's own lines; they count once their statement does."""
DISPUTES = Table(
    "statement_disputes",
    TABLES,
    Column("statement", String(64), primary_key=True),
    Column("authority", String(40), primary_key=True),
)
"""Lines whose payer wants the money back, as the bank says; it is not decided."""
DAYS = Table(
    "closed_days",
    TABLES,
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
    TABLES,
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
    TABLES,
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
REVERSALS = Table(
    "reversals",
    TABLES,
    Column("attempt", Uuid, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Instant, nullable=False, index=True),
)
"""Surplus payments that the bank is still to be asked to give back."""
WATCHES = Table(
    "watches",
    TABLES,
    Column("attempt", Uuid, primary_key=True),
    Column("marked", Boolean, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("next_look_at", Instant, nullable=False, index=True),
)
"""Attempts that the bank is still to be asked about; `marked` ones are believed to have changed there."""
