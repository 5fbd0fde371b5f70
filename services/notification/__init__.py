"""The notification service: what is told to whom about the facts of the other services, by which way, and whether it arrived."""
