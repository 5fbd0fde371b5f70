"""The tables of payment: projections of its events, and state beside them, in one schema."""

from services.payment.tables.projections import (
    ATTEMPTS,
    COVERED_YEARS,
    CREDITS,
    DAYS,
    ENTRIES,
    INVOICES,
    PROJECTIONS,
    RECEIPTS,
    REFERENCES,
    TASKS,
)
from services.payment.tables.state import (
    ALERTS,
    DISPUTES,
    EXCHANGES,
    HEALTH,
    INQUIRIES,
    NOTES,
    PROBES,
    REVERSALS,
    STATE,
    STATEMENT_LINES,
    STATEMENTS,
    SWEEPS,
    VISITS,
)

TABLES = (STATE, PROJECTIONS)

__all__ = [
    "ALERTS",
    "ATTEMPTS",
    "COVERED_YEARS",
    "CREDITS",
    "DAYS",
    "DISPUTES",
    "ENTRIES",
    "EXCHANGES",
    "HEALTH",
    "INQUIRIES",
    "INVOICES",
    "NOTES",
    "PROBES",
    "PROJECTIONS",
    "RECEIPTS",
    "REFERENCES",
    "REVERSALS",
    "STATE",
    "STATEMENTS",
    "STATEMENT_LINES",
    "SWEEPS",
    "TABLES",
    "TASKS",
    "VISITS",
]
