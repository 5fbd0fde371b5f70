"""Projects payment's own events into its rows, in the transaction that appends them."""

from sqlalchemy import Connection

from services.payment.accounting import bank_statements, credit_entries, daily_reconciliation, ledger, receipts
from services.payment.attempts import alerts, polling
from services.payment.banks import circuit_breaker
from services.payment.invoices import projection as invoices
from services.payment.refunds import finance_tasks, queue
from shared.contract.envelope import Recorded
from shared.contract.payment import finance_events


def project(connection: Connection, recorded: Recorded) -> None:
    """Write what an event means for the rows; `ReferenceTaken` refuses the event itself."""
    event = recorded.event
    invoices.project(connection, event)
    polling.project(connection, event)
    ledger.project(connection, recorded)
    receipts.project(connection, event)
    finance_tasks.project(connection, event)
    queue.project(connection, event)
    credit_entries.project(connection, recorded)
    circuit_breaker.project(connection, event)
    bank_statements.project(connection, event)
    daily_reconciliation.project(connection, event)
    alerts.project(connection, event)
    if isinstance(event, finance_events.StatementCounted):
        follow_statement(connection, event)


def follow_statement(connection: Connection, event: finance_events.StatementCounted) -> None:
    """Where a counted statement and our records differ, we inquire at the bank: a line itself settles nothing."""
    for authority in bank_statements.differing(connection, event.bank, event.statement, event.corrects):
        polling.poll_now(connection, authority, event.counted_at)
    for attempt in bank_statements.disputed(connection, event.statement):
        alerts.record(connection, "disputed", event.counted_at, attempt)
