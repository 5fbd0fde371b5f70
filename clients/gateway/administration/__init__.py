"""Pages of what a manager administers: the office calendar."""

from clients.gateway.administration import office_calendar

BLUEPRINTS = (office_calendar.BLUEPRINT,)
