"""Sample webhooks, as the notification service answers about them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.contract.notification import webhook_answers
from tests.clients.gateway import samples

WEBHOOK = UUID("0b6c3a52-8d0e-4a8e-9a53-1f2f6f0d7c11")
DELIVERY = UUID("5f1f7f2c-4a57-5e0f-8f3b-6d1f0c9a6e01")
NEW = webhook_answers.NewSecret(webhook=WEBHOOK, secret="whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")


def webhook(state: str = "on", **changes: Any) -> webhook_answers.Webhook:
    content = {
        "webhook": WEBHOOK,
        "url": "https://hesabdari.example.ir/tamdid",
        "events": ("PaymentConfirmed", "RenewalApproved"),
        "provinces": ("isfahan",),
        "state": state,
        "waiting": 0,
        "made_by": "officer:admin",
        "made_at": samples.NOW - timedelta(days=20),
    }
    return webhook_answers.Webhook.model_validate(content | changes)


def delivery(state: str = "delivered", **changes: Any) -> webhook_answers.Delivery:
    content = {
        "delivery": DELIVERY,
        "event_id": UUID("7f2a9a52-3c51-4a3e-9f35-0d6a2a4f1b11"),
        "event": "RenewalApproved",
        "source": "renewal",
        "position": 4_821,
        "province": "isfahan",
        "recorded_at": samples.NOW - timedelta(hours=2),
        "state": state,
        "tries": 1,
        "status": 200,
        "tried_at": samples.NOW - timedelta(hours=2),
    }
    return webhook_answers.Delivery.model_validate(content | changes)
