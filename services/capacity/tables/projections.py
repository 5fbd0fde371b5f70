"""The projection's tables: the facts that were received, the ledger's lines, and a summary a member and year."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, MetaData, String, Table, Text

from services.capacity.ledger.domain import EVERY_YEAR
from shared.event_store.database import Instant
from shared.event_store.sql.privileges import REPLACED

PROJECTIONS = MetaData()

FACTS = Table(
    "capacity_facts",
    PROJECTIONS,
    Column("source", String(20), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("member", String(12), nullable=False),
    Column("year", Integer, nullable=False, comment=f"{EVERY_YEAR}: every year"),
    Column("province", String(20), nullable=False),
    Column("type", String(60), nullable=False),
    Column("data", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("capacity_facts_of_member", "member", "year"),
    info=REPLACED,
)
LINES = Table(
    "capacity_lines",
    PROJECTIONS,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("units", Integer, nullable=False),
    Column("rule", String(80), nullable=False),
    Column("field", String(20)),
    Column("job", Text),
    Column("months", Integer),
    Column("source", String(20), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("effective_at", Instant, nullable=False),
    info=REPLACED,
)
SUMMARIES = Table(
    "capacity_summary",
    PROJECTIONS,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("province", String(20), nullable=False),
    Column("ceiling_units", Integer, nullable=False),
    Column("used_units", Integer, nullable=False),
    Column("fields", Text, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("warnings", Text, nullable=False),
    Column("policy", String(30), nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("capacity_summary_of_province", "province", "year"),
    info=REPLACED,
)
