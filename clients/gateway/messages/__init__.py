"""Pages of messages: the inbox, the ways by which a person is told, and for managers what arrived and what did not."""

from clients.gateway.messages import addresses, inbox, undelivered, ways

BLUEPRINTS = (inbox.BLUEPRINT, ways.BLUEPRINT, addresses.BLUEPRINT, undelivered.BLUEPRINT)
