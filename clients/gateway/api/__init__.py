"""The JSON API: a catalogue of the commands and queries that it offers, and the endpoints that serve them."""

from clients.gateway.api.endpoints import BLUEPRINT, prepare

__all__ = ["BLUEPRINT", "prepare"]
