"""Projects payment's own events into its rows, in the transaction that appends them: a pure function of the log."""

from sqlalchemy import Connection

from services.payment.accounting import credit_entries, daily_reconciliation, ledger, receipts
from services.payment.invoices import projection as invoices
from services.payment.refunds import finance_tasks
from shared.contract.envelope import Recorded


def project(connection: Connection, recorded: Recorded) -> None:
    """Write what an event means for the rows; what else follows from it, `process` does."""
    event = recorded.event
    invoices.project(connection, event)
    ledger.project(connection, recorded)
    receipts.project(connection, event)
    finance_tasks.project(connection, event)
    credit_entries.project(connection, recorded)
    daily_reconciliation.project(connection, event)
