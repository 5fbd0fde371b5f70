"""Commands for operators: event logs, subscriptions, parked events, the topology of the broker."""
