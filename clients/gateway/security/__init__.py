"""Pages of an account's security, for members and officers: the open sessions."""

from clients.gateway.security import sessions

BLUEPRINTS = (sessions.BLUEPRINT,)
