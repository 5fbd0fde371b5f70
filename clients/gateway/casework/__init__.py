"""Pages of the managers' common work on requests: claim and hand-over, internal notes and the timeline, deputies."""

from clients.gateway.casework import assignments, deputies, timeline

BLUEPRINTS = (assignments.BLUEPRINT, timeline.BLUEPRINT, deputies.BLUEPRINT)
