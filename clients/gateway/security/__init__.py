"""Pages of an account's security, for members and officers: password, open sessions, second factor."""

from clients.gateway.security import own_account

BLUEPRINTS = (own_account.BLUEPRINT,)
