"""Pages of what is administered: the office calendar by managers, the officers by admins."""

from clients.gateway.administration import office_calendar, officers

BLUEPRINTS = (office_calendar.BLUEPRINT, officers.BLUEPRINT)
