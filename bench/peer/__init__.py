"""What a team would use instead: the `eventsourcing` library, in an environment of its own."""
