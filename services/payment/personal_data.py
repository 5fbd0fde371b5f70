"""Which rows of payment are about members: officers' texts can be erased, money stays explained by the member's number."""

from sqlalchemy import ColumnElement, select

from services.payment.tables import (
    ALERTS,
    ATTEMPTS,
    COVERED_YEARS,
    CREDITS,
    DAYS,
    DISPUTES,
    ENTRIES,
    EXCHANGES,
    HEALTH,
    INVOICES,
    NOTES,
    RECEIPTS,
    REFERENCES,
    SLIPS,
    STATE,
    STATEMENT_LINES,
    STATEMENTS,
    TASKS,
)
from shared import recorded_reads
from shared.personal_data import Declaration, Kind, by_member
from shared.subscriptions.replay.jobs import REBUILDS
from shared.subscriptions.timers import TIMERS


def exchanges_of(member: str) -> ColumnElement[bool]:
    """Exchanges name an attempt's key at its bank, and the attempt its member."""
    return EXCHANGES.c.authority.in_(select(ATTEMPTS.c.authority).where(ATTEMPTS.c.member == member))


PERSONAL_DATA = Declaration(
    kinds=(
        recorded_reads.KIND,
        Kind("money_notes", NOTES, by_member(NOTES), age=NOTES.c.written_at),
        Kind("bank_exchanges", EXCHANGES, exchanges_of, kept="evidence", age=EXCHANGES.c.at),
        Kind("alerts", ALERTS, by_member(ALERTS), kept="evidence", age=ALERTS.c.last_at),
        Kind("invoices", INVOICES, by_member(INVOICES), kept="accounts"),
        Kind("payment_attempts", ATTEMPTS, by_member(ATTEMPTS), kept="accounts"),
        Kind("ledger_entries", ENTRIES, by_member(ENTRIES), kept="accounts"),
        Kind("money_tasks", TASKS, by_member(TASKS), kept="accounts"),
        Kind("credits", CREDITS, by_member(CREDITS), kept="accounts"),
        Kind("receipts", RECEIPTS, by_member(RECEIPTS), kept="accounts"),
        Kind("slips", SLIPS, by_member(SLIPS), kept="accounts"),
        Kind("covered_years", COVERED_YEARS, by_member(COVERED_YEARS), kept="accounts"),
    ),
    without_members=(
        REFERENCES,
        DAYS,
        HEALTH,
        STATEMENTS,
        STATEMENT_LINES,
        DISPUTES,
        STATE.tables[TIMERS.name],
        REBUILDS,
    ),
)
