"""Pages on which a member requests a renewal and fills the self-declaration, and the page that follows one by its tracking code."""

from clients.gateway.renewal import declare, follow, request, sending, sent_pdf

BLUEPRINTS = (request.BLUEPRINT, declare.BLUEPRINT, sending.BLUEPRINT, sent_pdf.BLUEPRINT, follow.BLUEPRINT)
