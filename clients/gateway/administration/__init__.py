"""Pages of what is administered: the office calendar and the approval rule by managers, officers, programs of others, register, webhooks and health by admins."""

from clients.gateway.administration import (
    approval_rule,
    fees_and_policies,
    health,
    index,
    office_calendar,
    officers,
    programs,
    register_import,
    webhooks,
)

BLUEPRINTS = (
    index.BLUEPRINT,
    office_calendar.BLUEPRINT,
    approval_rule.BLUEPRINT,
    officers.BLUEPRINT,
    programs.BLUEPRINT,
    register_import.BLUEPRINT,
    health.BLUEPRINT,
    fees_and_policies.BLUEPRINT,
    webhooks.BLUEPRINT,
)
