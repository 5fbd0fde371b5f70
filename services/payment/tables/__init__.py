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
    EXCHANGES,
    HEALTH,
    NOTES,
    POLLED_ATTEMPTS,
    REVERSALS,
    STATEMENT_LINES,
    STATEMENTS,
)

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
    "INVOICES",
    "NOTES",
    "POLLED_ATTEMPTS",
    "RECEIPTS",
    "REFERENCES",
    "REVERSALS",
    "STATEMENTS",
    "STATEMENT_LINES",
    "TABLES",
    "TASKS",
]
