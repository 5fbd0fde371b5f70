"""State that no event can restore: exchanges with banks, officers' texts, and due inquiries; migrated and backed up."""

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
    Uuid,
)

from shared import personal_data
from shared.event_store.database import Instant
from shared.recorded_reads import READS
from shared.subscriptions.replay.jobs import REBUILDS
from shared.subscriptions.timers import TIMERS, Timers

STATE = MetaData()

NOTES = Table(
    "notes",
    STATE,
    Column("note", Uuid, primary_key=True),
    Column("member", String(12), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("written_at", Instant, nullable=False, index=True),
)
"""What officers wrote as their reasons: free text may hold a person's data, so it can be erased."""
REFERENCES = Table(
    "bank_references",
    STATE,
    Column("bank", String(20), primary_key=True),
    Column("reference", String(100), primary_key=True),
    Column("attempt", Uuid, nullable=False),
)
"""Each reference that was ever counted, and for which attempt; those of slips and refunds under `slip` and `refund`, with their request.

Reserved with the append that counts it, which is refused where the reference is another's. That of a slip that was taken back is not there.
"""
ALERTS = Table(
    "alerts",
    STATE,
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
"""One row for each kind and attempt, kind and invoice, or kind and day where no attempt of ours is meant: nobody can fill the table."""
EXCHANGES = Table(
    "bank_exchanges",
    STATE,
    Column("number", Integer, primary_key=True),
    Column("bank", String(20), nullable=False),
    Column("query", String(30), nullable=False),
    Column("authority", String(40), nullable=False, index=True),
    Column("request", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("is_usable", Boolean, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)
"""Requests to banks and their answers, raw, stored before they take effect; our own id is masked."""
HEALTH = Table(
    "bank_health",
    STATE,
    Column("bank", String(20), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("answered_at", Instant),
    Column("down_since", Instant),
)
"""How often each bank did not answer in a row; `down_since` while an outage is on record."""
STATEMENTS = Table(
    "statements",
    STATE,
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
    STATE,
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
    STATE,
    Column("statement", String(64), primary_key=True),
    Column("authority", String(40), primary_key=True),
)
"""Lines whose payer has claimed the money back at the bank, which is not decided."""
TIMERS.to_metadata(STATE)
personal_data.attach_tables(STATE)
READS.to_metadata(STATE)
REBUILDS.to_metadata(STATE)
REVERSALS = Timers("reversal")
"""Surplus payments whose reversal at the bank is due, by attempt."""
UNKNOWN = "unknown"
"""Payload of the reversal of a surplus payment of which nobody knows whether the bank has given it back."""
INQUIRIES = Timers("inquiry")
"""Attempts with a due inquiry at the bank, by attempt."""
VISITS = Timers("visit")
"""When a browser's next callback or reload may cause an inquiry, by attempt."""
RESTORES = Timers("restore")
"""The epochs of the log in which the bank was asked again."""
PROBES, SWEEPS = Timers("probe"), Timers("sweep")
"""When a bank that is down is probed, and when the unverified payments of another are listed; by bank."""
