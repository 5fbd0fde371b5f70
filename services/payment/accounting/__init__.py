"""Accounting: the members' ledger, credit and receipts, the banks' statements, and the daily reconciliation with them."""
