"""The JSON API: a catalogue of the commands and queries that it offers, the endpoints that serve them, and their description."""

from clients.gateway.api import access_tokens, description, reference
from clients.gateway.api.endpoints import BLUEPRINT, prepare

BLUEPRINTS = (BLUEPRINT, access_tokens.BLUEPRINT, description.BLUEPRINT, reference.BLUEPRINT)

WITHOUT_FORMS = (BLUEPRINT, access_tokens.BLUEPRINT)
"""What no page's form is sent to."""

__all__ = ["BLUEPRINTS", "WITHOUT_FORMS", "prepare"]
