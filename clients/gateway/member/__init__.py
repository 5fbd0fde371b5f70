"""Pages about a member: the home page, the account, the membership card and its check by strangers."""

from clients.gateway.member import account, card, home

BLUEPRINTS = (home.BLUEPRINT, account.BLUEPRINT, card.BLUEPRINT)
