"""The replay: every event is read again from its source into shadow tables, which are compared and put in the live ones' place."""
