"""Refunds: surplus payments that the bank is asked to reverse (`queue`, `worker`), and what waits for finance (`finance_tasks`)."""
