"""Delivery: the next way by which a notice is sent, the worker that sends it once, and the circuit breaker of each provider."""
