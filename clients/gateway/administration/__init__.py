"""Pages of what is administered: the office calendar and the approval rule by managers, the officers by admins."""

from clients.gateway.administration import approval_rule, index, office_calendar, officers

BLUEPRINTS = (index.BLUEPRINT, office_calendar.BLUEPRINT, approval_rule.BLUEPRINT, officers.BLUEPRINT)
