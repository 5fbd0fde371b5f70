"""Outgoing webhooks in both documents: the message, its headers, and what its receiver answers."""

from datetime import UTC, datetime
from uuid import UUID

from deploy.reference.asyncapi_parts import Json, channel, channel_message, message, summary
from shared.contract.notification.webhook_events import WebhookData, WebhookMessage

NAME = WebhookMessage.__name__
CHANNEL = "webhooks"
ABOUT = (
    f"{summary(WebhookMessage)} At least once, in no promised order; only a status from 200 to 299 within 10 seconds counts, "
    "and anything else is tried again for days."
)
HEADERS: Json = {
    "webhook-id": "The event's id: the same at each try.",
    "webhook-timestamp": "When it is sent, in seconds since 1970: refuse what is minutes old.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 of id, timestamp and body under the webhook's secret, in base64; two with a blank between them while a secret is replaced.",
}
EXAMPLE: Json = WebhookMessage(
    type="RenewalApproved",
    timestamp=datetime(2026, 11, 29, 8, 30, tzinfo=UTC),
    data=WebhookData(
        id=UUID("7f6c4b1e-4f0e-4f0a-9a53-6a5f3d7b2c10"),
        source="renewal",
        sequence=4,
        province="isfahan",
        tracking_code="7K3MX09QTB",
    ),
).model_dump(mode="json")
TEXT: Json = {"type": "string"}


def of_openapi(schema: Json) -> Json:
    """The part `webhooks` of the OpenAPI document."""
    named = [
        {"name": name, "in": "header", "required": True, "description": about, "schema": TEXT}
        for name, about in HEADERS.items()
    ]
    operation = {
        "operationId": "webhook",
        "summary": summary(WebhookMessage),
        "description": ABOUT,
        "security": [],
        "parameters": named,
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": EXAMPLE}}},
        "responses": {"2XX": {"description": "It is taken."}},
    }
    return {NAME: {"post": operation}}


def server() -> Json:
    return {
        "host": "{receiver}",
        "protocol": "https",
        "description": "A webhook's own address, which an admin has given.",
        "variables": {"receiver": {"description": "Host and port of the address."}},
    }


def channels() -> Json:
    """The channel of the AsyncAPI document, whose address is each webhook's own."""
    about = "The address of a webhook."
    return {
        CHANNEL: {
            "address": None,
            "description": about,
            "messages": {NAME: message(NAME)},
            "servers": [{"$ref": "#/servers/receiver"}],
        }
    }


def operations() -> Json:
    binding = {"http": {"method": "POST", "bindingVersion": "0.3.0"}}
    operation = {
        "action": "send",
        "channel": channel(CHANNEL),
        "summary": ABOUT,
        "messages": [channel_message(CHANNEL, NAME)],
        "bindings": binding,
    }
    return {"notification.sends.webhooks": operation}


def messages(payload: Json) -> Json:
    headers = {
        "type": "object",
        "required": list(HEADERS),
        "properties": {name: {**TEXT, "description": about} for name, about in HEADERS.items()},
    }
    described = {
        "name": NAME,
        "summary": summary(WebhookMessage),
        "contentType": "application/json",
        "headers": headers,
        "payload": payload,
    }
    return {NAME: described}
