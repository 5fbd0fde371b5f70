"""Standard Webhooks signatures with several secrets at once: the sender signs with the first, the receiver takes any."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pydantic import SecretStr
from standardwebhooks import Webhook, WebhookVerificationError

PREFIX = "whsec_"
SECRET_BYTES_MIN = 24
"""The least that the Standard Webhooks specification allows."""


class Signatures:
    """Signs and checks over id, timestamp and raw body; a secret that is no Base64 fails when the program starts."""

    def __init__(self, secrets: Sequence[SecretStr]) -> None:
        self._webhooks = [Webhook(secret.get_secret_value()) for secret in secrets]

    @property
    def can_sign(self) -> bool:
        """Whether there is any secret."""
        return bool(self._webhooks)

    def are_good(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of the secrets signed this body within five minutes of now."""
        return any(is_signed(webhook, headers, body) for webhook in self._webhooks)

    def headers(self, notice_id: str, body: str, at: datetime) -> dict[str, str]:
        """The headers of a notice sent at a moment."""
        utc = at.astimezone(UTC)
        return {
            "webhook-id": notice_id,
            "webhook-timestamp": str(int(utc.timestamp())),
            "webhook-signature": self._webhooks[0].sign(notice_id, utc, body),
        }


def is_signed(webhook: Webhook, headers: Mapping[str, str], body: bytes) -> bool:
    try:
        webhook.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # ValueError: a signature or body that cannot even be decoded
        return False
    return True


def problem_of(secret: SecretStr) -> str:
    """Why a secret must not sign notices, without its text; nothing where it may."""
    try:
        decoded = base64.b64decode(secret.get_secret_value().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return "is no Base64"
    if len(decoded) < SECRET_BYTES_MIN:
        return f"has {len(decoded)} bytes, fewer than {SECRET_BYTES_MIN}: it could be guessed"
    return ""
