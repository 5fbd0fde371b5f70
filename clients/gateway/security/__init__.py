"""Pages of an account's security, for members and officers: the open sessions; for managers, a member's reset."""

from clients.gateway.security import member_reset, sessions

BLUEPRINTS = (sessions.BLUEPRINT, member_reset.BLUEPRINT)
