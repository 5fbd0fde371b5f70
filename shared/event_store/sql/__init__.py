"""What the event store does in SQL: connections, group commit, PostgreSQL's particulars, privileges and upserts."""
