"""Pages of the manager's desk: the list of renewals, and the review of one with its decision."""

from clients.gateway.review import bulk, decisions, desk, keyboard

BLUEPRINTS = (desk.BLUEPRINT, decisions.BLUEPRINT, bulk.BLUEPRINT, keyboard.BLUEPRINT)
