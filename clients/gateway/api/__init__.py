"""The JSON API: a catalogue of the commands and queries that it offers, the endpoints that serve them, and their description."""

from clients.gateway.api import description, reference
from clients.gateway.api.endpoints import BLUEPRINT, prepare

BLUEPRINTS = (BLUEPRINT, description.BLUEPRINT, reference.BLUEPRINT)

__all__ = ["BLUEPRINT", "BLUEPRINTS", "prepare"]
