"""Refunds: reversals of surplus payments at the bank (`queue`, `worker`), and what waits for finance (`finance_tasks`)."""
