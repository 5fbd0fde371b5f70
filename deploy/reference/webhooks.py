"""What is sent over HTTP, in both documents: the message of outgoing webhooks; and in AsyncAPI also what banks send us."""

from datetime import UTC, datetime
from uuid import UUID

from clients.bank.notices import receiver
from deploy.reference.asyncapi_parts import Json, channel, channel_message, message, summary
from shared.contract.bank.notices import BankCallback, BankNotice
from shared.contract.notification.webhook_events import WebhookData, WebhookMessage

NAME = WebhookMessage.__name__
CHANNEL, NOTICES, CALLBACKS = "webhooks", "notices", "callbacks"
POST: Json = {"method": "POST"}
ABOUT = (
    f"{summary(WebhookMessage)} At least once, in no promised order; only a status from 200 to 299 within 10 seconds counts, "
    "and anything else is tried again for days."
)
HEADERS: Json = {
    "webhook-id": "The message's id, for a webhook that of the event: the same at each try.",
    "webhook-timestamp": "When it is sent, in seconds since 1970: refuse what is minutes old.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 of id, timestamp and body under the secret, in base64; two with a blank between them while a secret is replaced.",
}
AUTHORITY = "S0000000000000000000000000000001k2m3"
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
BANK_EXAMPLES: Json = {
    BankNotice.__name__: BankNotice(authority=AUTHORITY).model_dump(mode="json"),
    BankCallback.__name__: BankCallback(
        Authority=AUTHORITY, Status="OK", attempt=UUID("0b6f8c1e-4f0e-4f0a-9a53-6a5f3d7b2c10")
    ).model_dump(mode="json"),
}
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


def servers() -> Json:
    """Of the AsyncAPI document, beside the broker."""
    hosts = {
        "receiver": "A webhook's own address, which an admin has given.",
        "portal": "The portal.",
        "bank": "The bank program, as banks reach it (`TAMDID_BANK_PUBLIC_URL`).",
    }
    return {
        name: {
            "host": f"{{{name}}}",
            "protocol": "https",
            "description": about,
            "variables": {name: {"description": "Host and port of the address."}},
        }
        for name, about in hosts.items()
    }


def channels() -> Json:
    """Channels of the AsyncAPI document; the address of outgoing webhooks is each webhook's own."""
    return {
        CHANNEL: http_channel(None, "receiver", NAME, "The address of a webhook."),
        NOTICES: http_channel(receiver.PATH, "bank", BankNotice.__name__, "Where banks send notices."),
        CALLBACKS: http_channel("/payment/return", "portal", BankCallback.__name__, "Where banks send browsers back."),
    }


def http_channel(address: str | None, server: str, name: str, about: str) -> Json:
    return {
        "address": address,
        "description": about,
        "messages": {name: message(name)},
        "servers": [{"$ref": f"#/servers/{server}"}],
    }


def operations(callback: Json) -> Json:
    """With the schema of a callback, which is all in the address."""
    answers = " ".join(f"{status}: {about}" for status, about in receiver.ANSWERS.items())
    return {
        "notification.sends.webhooks": operation("send", CHANNEL, NAME, ABOUT),
        "bank.receives.notices": operation(
            "receive", NOTICES, BankNotice.__name__, f"{summary(BankNotice)} At least once, in no order. {answers}"
        ),
        "gateway.receives.callbacks": operation(
            "receive", CALLBACKS, BankCallback.__name__, summary(BankCallback), {"method": "GET", "query": callback}
        ),
    }


def operation(action: str, on: str, name: str, about: str, http: Json = POST) -> Json:
    return {
        "action": action,
        "channel": channel(on),
        "summary": about,
        "messages": [channel_message(on, name)],
        "bindings": {"http": {**http, "bindingVersion": "0.3.0"}},
    }


def messages(webhook: Json, notice: Json, callback: Json) -> Json:
    """By their payloads; what comes in the address is shown as if it were one."""
    return {
        NAME: signed_message(NAME, summary(WebhookMessage), webhook),
        BankNotice.__name__: signed_message(BankNotice.__name__, summary(BankNotice), notice),
        BankCallback.__name__: {
            "name": BankCallback.__name__,
            "summary": summary(BankCallback),
            "payload": callback,
        },
    }


def signed_message(name: str, about: str, payload: Json) -> Json:
    """Of Standard Webhooks."""
    headers = {
        "type": "object",
        "required": list(HEADERS),
        "properties": {header: {**TEXT, "description": of} for header, of in HEADERS.items()},
    }
    return {
        "name": name,
        "summary": about,
        "contentType": "application/json",
        "headers": headers,
        "payload": payload,
    }
