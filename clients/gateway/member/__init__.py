"""Pages about a member: the home page, the account, who has read the file, the own data, the membership card and its check by strangers."""

from clients.gateway.member import account, card, home, personal_data, reads

BLUEPRINTS = (home.BLUEPRINT, account.BLUEPRINT, card.BLUEPRINT, reads.BLUEPRINT, personal_data.BLUEPRINT)
