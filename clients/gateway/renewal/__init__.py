"""Pages on which a member requests a renewal and fills the self-declaration."""

from clients.gateway.renewal import declare, request

BLUEPRINTS = (request.BLUEPRINT, declare.BLUEPRINT)
