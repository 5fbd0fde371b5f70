"""Pages of finance: payments and their confirmation, tasks, four-eyes requests, bank statements, daily reconciliation."""

from clients.gateway.finance import (
    bank_statements,
    confirmations,
    daily_reconciliation,
    four_eyes_requests,
    payments,
    tasks,
)

BLUEPRINTS = (
    *(payments.BLUEPRINT, confirmations.BLUEPRINT, tasks.BLUEPRINT, four_eyes_requests.BLUEPRINT),
    *(bank_statements.BLUEPRINT, daily_reconciliation.BLUEPRINT),
)
