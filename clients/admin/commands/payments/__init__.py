"""Commands about money: invoices, finance tasks, four-eyes requests, bank statements, a day's reconciliation."""
