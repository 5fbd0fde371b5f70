"""Migrations of a program's log and state with Alembic: which are pending, and how they run. Projections are never migrated."""
