"""Pages about a member: the home page, the account, who has read the file, the own data, the membership card and its check by strangers."""

from clients.gateway.member import account, card, case_timeline, home, personal_data, reads

BLUEPRINTS = (
    *(home.BLUEPRINT, account.BLUEPRINT, card.BLUEPRINT),
    *(reads.BLUEPRINT, case_timeline.BLUEPRINT, personal_data.BLUEPRINT),
)
