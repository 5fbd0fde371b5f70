"""Accounts: the members and officers who may sign in, as projections, and the personal data of their holders."""
