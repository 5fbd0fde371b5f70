"""Pages about a member: the home page, the account, who has read the file, the membership card and its check by strangers."""

from clients.gateway.member import account, card, home, reads

BLUEPRINTS = (home.BLUEPRINT, account.BLUEPRINT, card.BLUEPRINT, reads.BLUEPRINT)
