"""How far a member's renewal and its payment have come, and the next action; pure, no page of its own."""

from clients.gateway.progress import next_action, renewal_progress
from clients.gateway.progress.payment_progress import PaymentProgress

__all__ = ["PaymentProgress", "next_action", "renewal_progress"]
