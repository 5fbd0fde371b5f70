"""Commands of the manager's desk (کارتابل): renewals, decisions on them, contested mines, the office calendar."""
