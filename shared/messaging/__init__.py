"""Messaging over AMQP: the topology, the outbox relay with publisher confirms, and an in-memory broker for one process."""
