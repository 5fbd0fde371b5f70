"""The tables of payment: projections of its events, and state beside them, in one schema."""

from services.payment.tables.projections import (
    ATTEMPTS,
    COVERED_YEARS,
    CREDITS,
    DAYS,
    ENTRIES,
    INVOICES,
    RECEIPTS,
    REFERENCES,
    TABLES,
    TASKS,
)
from services.payment.tables.state import (
    ALERTS,
    DISPUTES,
    EVIDENCE,
    HEALTH,
    NOTES,
    REVERSALS,
    STATEMENT_LINES,
    STATEMENTS,
    WATCHES,
)

__all__ = [
    "ALERTS",
    "ATTEMPTS",
    "COVERED_YEARS",
    "CREDITS",
    "DAYS",
    "DISPUTES",
    "ENTRIES",
    "EVIDENCE",
    "HEALTH",
    "INVOICES",
    "NOTES",
    "RECEIPTS",
    "REFERENCES",
    "REVERSALS",
    "STATEMENTS",
    "STATEMENT_LINES",
    "TABLES",
    "TASKS",
    "WATCHES",
]
