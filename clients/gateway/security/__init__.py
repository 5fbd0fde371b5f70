"""Pages of an account's security, for members and officers: password, open sessions, second factor, passkeys."""

from clients.gateway.security import own_account, passkeys

BLUEPRINTS = (own_account.BLUEPRINT, passkeys.BLUEPRINT)
