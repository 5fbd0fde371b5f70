"""Pages of the manager's desk: the list of renewals, and the review of one with its decision."""

from clients.gateway.review import bulk, decisions, desk

BLUEPRINTS = (desk.BLUEPRINT, decisions.BLUEPRINT, bulk.BLUEPRINT)
