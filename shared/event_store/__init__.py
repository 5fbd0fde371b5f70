"""The event store: an append-only log on SQLite or PostgreSQL, group commit, deciders, and commands handled once by idempotency keys."""
