"""Pages on which a member requests a renewal and fills the self-declaration, and the page that follows one by its tracking code."""

from clients.gateway.renewal import declare, follow, recall, request, sending, sent_pdf

BLUEPRINTS = tuple(module.BLUEPRINT for module in (request, declare, sending, sent_pdf, recall, follow))
