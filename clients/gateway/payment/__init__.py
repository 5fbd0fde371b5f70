"""Pages of paying an invoice at the bank, and of receipts."""

from clients.gateway.payment import pay, receipts

BLUEPRINTS = (pay.BLUEPRINT, receipts.BLUEPRINT)
