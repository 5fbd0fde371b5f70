"""Pages of the employment capacity: a year explained line by line, what-if, and a province's overview."""

from clients.gateway.capacity import explanation, overview, what_if

BLUEPRINTS = (explanation.BLUEPRINT, what_if.BLUEPRINT, overview.BLUEPRINT)
